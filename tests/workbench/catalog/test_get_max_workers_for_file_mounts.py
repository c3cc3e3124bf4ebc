from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.workbench.catalog.entries import SIDES, drawn, result, results
from workbench.catalog import Call
from workbench.catalog._files import provide_folder
from workbench.catalog._surroundings import open_files_limit
from workbench.catalog.get_max_workers_for_file_mounts import UTILITY

THREADS = max(4, (os.cpu_count() or 1) - 1)

Case = tuple[int, tuple[int, ...], str | None, int]
"""The soft limit of open files, the entries of the directories, the cloud, and the result."""
CONTRACT: list[Case] = [
    (1_024, (), None, THREADS),
    (1_024, (), "Kubernetes", 4 * THREADS),
    (115, (), None, 3),
    (114, (), None, 2),
    (105, (), None, 1),
    (80, (), None, 1),
    (150, (0,), None, min(10, THREADS)),
    (150, (7,), None, 1),
    (170, (7,), None, 2),
    (170, (7, 3), None, 2),
    (170, (3, 7, 0), None, 2),
    (1_000, (90,), None, 2),
]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("case", CONTRACT, ids=str)
def test_the_largest_directory_and_the_limit_decide(side: str, case: Case, tmp_path: Path) -> None:
    limit, entries, cloud, expected = case
    mounts = {f"/{n}": provide_folder(tmp_path, n) for n in entries}
    others = {"/file": __file__, "/bucket": "s3://bucket", "/missing": "no/such/directory"}
    for mount in (mounts, {**others, **mounts}):
        call = Call((mount, cloud), surroundings=open_files_limit(limit))
        assert result(UTILITY, side, call) == expected


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("args", "error"),
    [
        ((None,), AttributeError),
        (([],), AttributeError),
        (({"/a": None},), TypeError),
        (({}, 5), AttributeError),
    ],
)
def test_other_types_are_refused(
    side: str, args: tuple[object, ...], error: type[Exception]
) -> None:
    assert result(UTILITY, side, Call(args)) is error


def test_the_corners_include_the_contract(tmp_path: Path) -> None:
    notes: dict[str, list[Any]] = {}
    for call in UTILITY.corners(tmp_path):
        notes.setdefault(call.note, []).append(call.args[0] if call.args else None)
    limited = {note for note, mounts in notes.items() if {} in mounts}
    assert {f"at most {limit} open files" for limit in (80, 100, 1023, 1024, 1025)} <= limited
    plain = [mount for mount in notes[""] if isinstance(mount, dict)]
    assert {} in plain
    assert {"/a": "s3://bucket/path"} in plain
    sizes = {
        tuple(len(os.listdir(source)) for source in mount.values())
        for mount in plain
        if all(type(source) is str and os.path.isdir(source) for source in mount.values())
    }
    assert {(), (7,), (300,), (7, 300), (300, 7)} <= sizes
    assert all(wrong in notes[""] for wrong in (None, [], {"/a": few_and_none(plain), "/b": None}))


def few_and_none(mounts: list[dict[str, Any]]) -> str:
    """Return the directory beside which a mount has None."""
    return next(str(m["/a"]) for m in mounts if m.get("/b", "") is None and m["/a"])


def source(call: Call) -> Any:
    """Return the only source of a call's mounts, if there is one."""
    (mounts, *_) = call.args
    return next(iter(mounts.values())) if len(mounts) == 1 else None


@pytest.mark.parametrize(
    "condition",
    [
        lambda call: call.args[0] == {},
        lambda call: None in call.args[0].values(),
        lambda call: str(call.args[1]).lower() == "kubernetes" and len(call.args[0]) > 1,
    ],
    ids=["no mounts", "none", "kubernetes"],
)
def test_random_inputs_reach_the_corners(condition: Callable[[Call], bool], tmp_path: Path) -> None:
    python, native = results(UTILITY, drawn(UTILITY, tmp_path, condition))
    assert python == native


def test_workloads_have_the_directories_of_their_names(tmp_path: Path) -> None:
    without, with_one = UTILITY.workloads
    assert without.name == "no directories"
    assert without.prepare(tmp_path).args == ({},)
    call = with_one.prepare(tmp_path)
    ((path,),) = (mount.values() for mount in call.args)
    assert with_one.name == f"one directory of {len(os.listdir(path)):,} entries"
    for workload, target in ((without, ""), (with_one, path)):
        prepared = workload.prepare(tmp_path)
        python, native = results(UTILITY, prepared)
        assert python == native
        assert workload.floor is not None
        floor = workload.floor(prepared)
        assert (floor.system, floor.target) == ("workers", target)


def test_the_curve_has_directories_of_each_size(tmp_path: Path) -> None:
    (curve,) = UTILITY.curves
    # The largest takes long to make.
    for size, workload in list(curve.workloads())[:-1]:
        call = workload.prepare(tmp_path)
        assert len(os.listdir(source(call))) == size
        python, native = results(UTILITY, call)
        assert python == native
