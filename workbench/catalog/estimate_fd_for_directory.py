"""estimate_fd_for_directory: the file descriptors needed to copy a directory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.catalog._files import (
    path_calls,
    provide_bytes,
    provide_entries,
    provide_folder,
    provide_link,
    silent_fifo,
)
from workbench.catalog._surroundings import as_nobody, open_files_limit
from workbench.catalog._values import Text, texts
from workbench.catalog.model import Call, Curve, Floor, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_ODD_NAMES = (".hidden", "..two", "...", "näme 日本", "new\nline", " ", "-", "~", "x" * 255)


def _corners(directory: Path) -> Iterator[Call]:
    for entries in (0, 1, 2, 3, 1000, 3000):
        yield Call((provide_folder(directory, entries),))
    odd = provide_entries(directory / "odd", _ODD_NAMES)
    with open(os.fsencode(odd) + b"/\xff\xfe", "wb"):
        pass
    (odd / "below" / "deeper").mkdir(parents=True, exist_ok=True)
    links = [
        provide_link(odd, *link) for link in (("link", "below"), ("broken", "no"), ("up", ".."))
    ]
    file = provide_bytes(directory, b"content")
    for path in (odd, str(odd), os.fsencode(odd), Text(odd), f"{odd}/", f"{odd}//.", *links):
        yield Call((path,))
    for path in (*map(str, links), silent_fifo(directory), f"{file}/below"):
        yield Call((path,))
    yield from path_calls(directory, b"content")
    yield from _unlisted(odd)
    yield Call((True,))
    yield Call(kwargs={"path": str(odd)})
    yield Call()
    yield Call(("/", True))
    yield Call(kwargs={"directory": "/"})


def _unlisted(odd: Path) -> Iterator[Call]:
    """Yield calls with directories that are accessed by descriptor or cannot be opened."""
    descriptor = os.open(odd, os.O_RDONLY)
    try:
        yield Call((descriptor,), note="a descriptor of a directory")
        yield Call((f"/dev/fd/{descriptor}",), note="a descriptor's name")
    finally:
        os.close(descriptor)
    yield Call((str(odd),), surroundings=as_nobody, note="no privileges")
    yield Call((str(odd),), surroundings=open_files_limit(3), note="no free file descriptor")


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    folders = st.integers(0, 60).map(lambda entries: provide_folder(directory, entries))
    names = texts(6).map(lambda text: f"{directory}/{text}")
    kinds = st.sampled_from((str, Path, os.fsencode, Text))
    odd_folders = st.builds(lambda kind, folder: kind(folder), kinds, folders)
    return st.one_of(folders, odd_folders, names, texts(3)).map(lambda path: Call((path,)))


# There is no published function, so there are no bodies to find copies of.
UTILITY = Utility(
    name="estimate_fd_for_directory",
    summary="the file descriptors needed to copy a directory",
    replaces=(),
    announced_speedup=2.7,
    workloads=(
        Workload(
            "1,000 entries",
            lambda directory: Call((provide_folder(directory, 1000),)),
            lambda call: Floor("open, getdents64, close", "entries", call.args[0]),
        ),
    ),
    curves=(
        Curve(
            "one directory",
            "entries",
            (1, 10, 100, 1_000, 10_000),
            lambda directory, size: Call((provide_folder(directory, size),)),
        ),
    ),
    corners=_corners,
    strategy=_strategy,
)
