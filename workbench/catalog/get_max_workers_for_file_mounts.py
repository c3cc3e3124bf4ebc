"""get_max_workers_for_file_mounts: how many copies may run at once."""

from __future__ import annotations

import os
from collections import OrderedDict, UserDict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.catalog._surroundings import open_files_limit, provide_bytes, provide_entries
from workbench.catalog.model import Call, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


class _Values:
    def values(self) -> list[str]:
        return ["/tmp"]


def _folder(directory: Path, entries: int) -> str:
    return str(
        provide_entries(directory / f"entries-{entries}", (f"{i:04}" for i in range(entries)))
    )


def _corners(directory: Path) -> Iterator[Call]:
    empty, few, many = (_folder(directory, entries) for entries in (0, 7, 300))
    file = str(provide_bytes(directory, b"content"))
    link = directory / "link-to-folder"
    if not link.is_symlink():
        link.symlink_to(many)
    mounts: tuple[Any, ...] = (
        *(
            {},
            {"/a": empty},
            {"/a": few},
            {"/a": many},
            {"/a": file},
            {"/a": "no/such"},
            {"/a": str(link)},
        ),
        *({"/a": many, "/b": few}, {"/a": few, "/b": many}, {"": many}, {1: many}, {"/a": ""}),
        *({"/a": "s3://bucket/path"}, {"/a": "~"}, {"/a": "."}, {"/a": "a\0b"}, {"/a": "\ud800"}),
        *(
            {"/a": Path(many)},
            {"/a": os.fsencode(many)},
            {"/a": None},
            {"/a": 1.5},
            {"/a": []},
            {"/a": 10**6},
        ),
        *(OrderedDict({"/a": many}), UserDict({"/a": many}), _Values(), [], [many], None, many, 5),
        {f"/{i}": few for i in range(50)},
    )
    for mount in mounts:
        yield Call((mount,))
        yield Call((mount, "Kubernetes"))
        yield _limited((mount,), 2000)
    for limit in (80, 99, 100, 105, 120, 150, 256, 1023, 1024, 1600, 10**6):
        yield _limited(({},), limit)
        yield _limited(({"/a": few}, "kubernetes"), limit)
    clouds: tuple[Any, ...] = ("aws", "", None, 0, 5, b"kubernetes", "\u212aubernetes", [])
    for cloud in clouds:
        yield Call(({}, cloud))
    yield Call(kwargs={"common_file_mounts": {"/a": few}, "cloud_str": "aws"})
    yield Call()
    yield Call(({}, "aws", 1))
    yield Call(({},), {"cloud": "aws"})


def _limited(args: tuple[Any, ...], limit: int) -> Call:
    return Call(args, surroundings=open_files_limit(limit), note=f"at most {limit} open files")


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    source = st.one_of(st.integers(0, 40).map(lambda n: _folder(directory, n)), st.text(max_size=5))
    mounts = st.dictionaries(st.text(max_size=4), source, max_size=4)
    cloud = st.sampled_from((None, "kubernetes", "aws"))
    limits = st.integers(80, 4000)
    return st.builds(
        lambda mount, name, limit: _limited((mount, name), limit), mounts, cloud, limits
    )


UTILITY = Utility(
    name="get_max_workers_for_file_mounts",
    summary="how many copies may run at once",
    replaces=("sky.utils.subprocess_utils.get_max_workers_for_file_mounts",),
    announced_speedup=5.0,
    workloads=(
        Workload("no directories", lambda _: Call(({},))),
        Workload(
            "one directory of 1,000 entries",
            lambda directory: Call(({"/remote": _folder(directory, 1000)},)),
        ),
    ),
    corners=_corners,
    strategy=_strategy,
)
