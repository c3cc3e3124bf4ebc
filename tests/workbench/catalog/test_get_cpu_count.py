from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workbench.catalog.entries import SIDES, drawn, result, results
from workbench.catalog import Call
from workbench.catalog.get_cpu_count import UTILITY
from workbench.verify import exact

LIMIT = "SKYPILOT_POD_CPU_CORE_LIMIT"

# The limit in the environment, and the result or the type of the exception.
CONTRACT: list[tuple[str, object]] = [
    ("4", 4),
    ("2.7", 2),
    ("0", 0),
    ("-2.9", -2),
    ("1e3", 1000),
    ("1_000", 1000),
    ("\u0663", 3),
    ("\t3\n", 3),
    ("9007199254740993", 2**53),
    ("inf", OverflowError),
    ("1e400", OverflowError),
    ("nan", ValueError),
    ("", ValueError),
    ("4 cores", ValueError),
    ("500m", ValueError),
    ("0x4", ValueError),
    ("1__0", ValueError),
]


def corner(directory: Path, note: str) -> Call:
    """Return the corner case of the catalog with these surroundings."""
    return next(call for call in UTILITY.corners(directory) if call.note == note)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("value", "expected"), CONTRACT)
def test_the_environment_wins_in_the_corners(
    side: str, value: str, expected: object, tmp_path: Path
) -> None:
    found = result(UTILITY, side, corner(tmp_path, f"{LIMIT}={value!r}"))
    assert exact(found) == exact(expected)


@pytest.mark.parametrize("side", SIDES)
def test_each_call_looks_again(side: str, tmp_path: Path) -> None:
    unset = corner(tmp_path, f"{LIMIT} unset")
    count = result(UTILITY, side, unset)
    assert isinstance(count, int)
    assert 0 <= count <= (os.cpu_count() or 1)
    assert result(UTILITY, side, corner(tmp_path, f"{LIMIT}='4'")) == 4
    assert result(UTILITY, side, unset) == count


@pytest.mark.skipif(sys.platform != "linux", reason="needs a CPU affinity")
@pytest.mark.parametrize("side", SIDES)
def test_the_corners_include_an_affinity(
    side: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(LIMIT, raising=False)
    count = result(UTILITY, side, Call())
    assert isinstance(count, int)
    assert result(UTILITY, side, corner(tmp_path, "affinity of 1 CPUs")) == min(count, 1)


@pytest.mark.parametrize("side", SIDES)
def test_arguments_are_refused(side: str, tmp_path: Path) -> None:
    odd = [call for call in UTILITY.corners(tmp_path) if call.args or call.kwargs]
    assert {result(UTILITY, side, call) for call in odd} == {TypeError}


@pytest.mark.parametrize(
    "condition",
    [
        lambda call: type(result(UTILITY, "python", call)) is int,
        lambda call: result(UTILITY, "python", call) is ValueError,
    ],
    ids=["count", "refused"],
)
def test_random_inputs_reach_the_corners(condition: Callable[[Call], bool], tmp_path: Path) -> None:
    python, native = results(UTILITY, drawn(UTILITY, tmp_path, condition))
    assert python == native


def test_the_workload_is_a_plain_call_with_a_floor(tmp_path: Path) -> None:
    (workload,) = UTILITY.workloads
    call = workload.prepare(tmp_path)
    assert (call.args, dict(call.kwargs)) == ((), {})
    python, native = results(UTILITY, call)
    assert python == native
    assert workload.floor is not None
    assert workload.floor(call).system == "cpus"
