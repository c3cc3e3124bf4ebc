"""get_max_workers_for_file_mounts: the number of parallel file copies."""

from __future__ import annotations

import os
from collections import OrderedDict, UserDict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.catalog._files import (
    path_calls,
    provide_bytes,
    provide_folder,
    provide_link,
    silent_fifo,
)
from workbench.catalog._surroundings import as_nobody, open_files_limit
from workbench.catalog._values import Text, texts, wrong_types
from workbench.catalog.model import Body, Call, Curve, Floor, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


class _Values:
    def values(self) -> list[str]:
        return ["/tmp"]


class _Dict(dict[str, str]):
    pass


_LIMITS = (0, 3, 80, 99, 100, 105, 120, 150, 256, 1023, 1024, 1025, 1600, 10**6)
_CLOUDS: tuple[Any, ...] = ("aws", "", 0, 5, "\u212aubernetes", "\ud800", Text("kubernetes"))


def _corners(directory: Path) -> Iterator[Call]:
    empty, few, many = (provide_folder(directory, entries) for entries in (0, 7, 300))
    for mount in (*_mappings(directory, few, many), *wrong_types(), 5, [many], many):
        yield Call((mount,))
        yield Call((mount, "Kubernetes"))
        yield _limited((mount,), 2000)
    for call in path_calls(directory, b"content"):
        mount = {"/a": empty, "/b": call.args[0], "/c": few}
        yield Call((mount,), surroundings=call.surroundings, note=call.note)
    for limit in _LIMITS:
        yield _limited(({},), limit)
        yield _limited(({"/a": few}, "kubernetes"), limit)
    for cloud in (*_CLOUDS, *wrong_types()):
        yield Call(({}, cloud))
        yield Call(({"/a": many}, cloud))
    yield Call(({"/a": many},), surroundings=as_nobody, note="no privileges")
    yield Call(kwargs={"common_file_mounts": {"/a": few}, "cloud_str": "aws"})
    yield Call()
    yield Call(({}, "aws", 1))
    yield Call(({},), {"cloud": "aws"})


def _mappings(directory: Path, few: str, many: str) -> Iterator[Any]:
    link = str(provide_link(directory, "link-to-folder", many))
    yield {}
    for source in (few, many, link, f"{link}/", silent_fifo(directory), "s3://bucket/path", "~"):
        yield {"/a": source}
    for other in (Path(many), os.fsencode(many), Text(many), provide_bytes(directory, b"x")):
        yield {"/a": other}
    yield from ({"/a": many, "/b": few}, {"/a": few, "/b": many}, {"": many}, {1: many})
    yield from (
        {"/a": few, "/b": None},
        {"/a": None, "/b": many},
        {f"/{i}": few for i in range(50)},
    )
    yield from (OrderedDict({"/a": many}), UserDict({"/a": many}), _Dict({"/a": many}), _Values())


def _limited(args: tuple[Any, ...], limit: int) -> Call:
    return Call(args, surroundings=open_files_limit(limit), note=f"at most {limit} open files")


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    folders = st.integers(0, 40).map(lambda entries: provide_folder(directory, entries))
    kinds = st.sampled_from((Path, os.fsencode, Text))
    odd_folders = st.builds(lambda kind, folder: kind(folder), kinds, folders)
    source = st.one_of(folders, folders, odd_folders, texts(5), st.none())
    mounts = st.dictionaries(texts(4), source, max_size=4)
    cloud = st.one_of(st.sampled_from((None, "kubernetes", "aws", "KUBERNETES")), texts(5))
    limits = st.one_of(st.integers(1000, 4000), st.integers(80, 1100))
    return st.builds(
        lambda mount, name, limit: _limited((mount, name), limit), mounts, cloud, limits
    )


def _floor(call: Call) -> Floor:
    calls = "getrlimit, pread of the online CPUs (file open)"
    for source in call.args[0].values():
        return Floor(f"{calls}; open, getdents64, close", "workers", source)
    return Floor(calls, "workers")


_BODIES = (
    Body(
        "7bd0c5c97e8bfe8c1e70c20671cea50c",
        ("_fd_limit_warning_shown", "RLIMIT_NOFILE"),
        "skypilot 0.8.0 to 0.14.1",
    ),
)

UTILITY = Utility(
    name="get_max_workers_for_file_mounts",
    summary="the number of parallel file copies",
    replaces=("sky.utils.subprocess_utils.get_max_workers_for_file_mounts",),
    announced_speedup=5.0,
    workloads=(
        Workload("no directories", lambda _: Call(({},)), _floor),
        Workload(
            "one directory of 1,000 entries",
            lambda directory: Call(({"/remote": provide_folder(directory, 1000)},)),
            _floor,
        ),
    ),
    curves=(
        Curve(
            "one directory",
            "entries",
            (1, 10, 100, 1_000, 10_000),
            lambda directory, size: Call(({"/remote": provide_folder(directory, size)},)),
        ),
    ),
    corners=_corners,
    strategy=_strategy,
    bodies=_BODIES,
)
