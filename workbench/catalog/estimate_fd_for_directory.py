"""estimate_fd_for_directory: the file descriptors that copying a directory takes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.catalog._surroundings import provide_bytes, provide_entries
from workbench.catalog.model import Call, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


class _Text(str):
    __slots__ = ()


def _folder(directory: Path, entries: int) -> str:
    return str(
        provide_entries(directory / f"entries-{entries}", (f"{i:04}" for i in range(entries)))
    )


def _corners(directory: Path) -> Iterator[Call]:
    for entries in (0, 1, 2, 3, 1000):
        yield Call((_folder(directory, entries),))
    odd = provide_entries(
        directory / "odd", (".hidden", "..two", "näme 日本", "new\nline", " ", "-", "~")
    )
    with open(os.fsencode(odd) + b"/\xff\xfe", "wb"):
        pass
    (odd / "below" / "deeper").mkdir(parents=True, exist_ok=True)
    for name, target in (("link", "below"), ("broken", "nowhere"), ("up", "..")):
        if not (odd / name).is_symlink():
            (odd / name).symlink_to(target)
    file = provide_bytes(directory, b"content")
    listed = (
        odd,
        str(odd),
        os.fsencode(odd),
        _Text(odd),
        f"{odd}/",
        odd / "link",
        odd / "up",
        ".",
        "/",
    )
    refused = (
        file,
        f"{file}/",
        f"{file}/below",
        "",
        b"",
        "no/such",
        odd / "broken",
        "a\0b",
        b"a\0b",
        "x" * 5000,
    )
    wrong: tuple[Any, ...] = (
        "\ud800",
        10**6,
        -1,
        2**70,
        1.5,
        True,
        [],
        {},
        object(),
        bytearray(b"."),
    )
    for path in (*listed, *refused, *wrong):
        yield Call((path,))
    yield Call(kwargs={"path": str(odd)})
    yield Call()
    yield Call(("/", True))
    yield Call(kwargs={"directory": "/"})


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    folders = st.integers(0, 60).map(lambda entries: _folder(directory, entries))
    paths = st.text(max_size=6).map(
        lambda text: str(directory / text) if "\0" not in text else text
    )
    return st.one_of(folders, paths).map(lambda path: Call((path,)))


UTILITY = Utility(
    name="estimate_fd_for_directory",
    summary="the file descriptors that copying a directory takes",
    replaces=(),
    announced_speedup=2.7,
    workloads=(Workload("1,000 entries", lambda directory: Call((_folder(directory, 1000),))),),
    corners=_corners,
    strategy=_strategy,
)
