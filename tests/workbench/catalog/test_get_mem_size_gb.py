from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.workbench.catalog.entries import SIDES, drawn, result, results
from workbench.catalog import Call
from workbench.catalog.get_mem_size_gb import UTILITY

GIB = "SKYPILOT_POD_MEMORY_GB_LIMIT"
BYTES = "SKYPILOT_POD_MEMORY_BYTES_LIMIT"

# The limits in GiB and in bytes, and the result or the type of the exception.
CONTRACT: list[tuple[str | None, str | None, object]] = [
    ("4", None, 4.0),
    ("2.7", None, 2.7),
    ("-1", None, -1.0),
    ("\u0663", None, 3.0),
    ("inf", None, math.inf),
    (None, "17179869184", 16.0),
    (None, "0", 0.0),
    (None, "5e-324", 0.0),
    ("4", "1073741824", 4.0),
    ("1.5", "abc", 1.5),
    ("abc", "1073741824", ValueError),
    ("", None, ValueError),
    ("4Gi", None, ValueError),
    (None, "abc", ValueError),
    (None, "0x4", ValueError),
]


def corner(directory: Path, gib: str | None, size: str | None) -> Call:
    """Return the corner case of the catalog with these limits."""
    note = f"{GIB}={gib!r}, {BYTES}={size!r}"
    return next(call for call in UTILITY.corners(directory) if call.note == note)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("gib", "size", "expected"), CONTRACT)
def test_the_environment_wins_in_the_corners(
    side: str, gib: str | None, size: str | None, expected: object, tmp_path: Path
) -> None:
    found = result(UTILITY, side, corner(tmp_path, gib, size))
    assert found == expected
    assert isinstance(found, float | type)


@pytest.mark.parametrize("side", SIDES)
def test_without_limits_the_machine_decides(side: str, tmp_path: Path) -> None:
    unset = corner(tmp_path, None, None)
    found = result(UTILITY, side, unset)
    assert isinstance(found, float)
    assert 0 < found <= psutil.virtual_memory().total / 2**30
    assert result(UTILITY, side, corner(tmp_path, "4", None)) == 4.0
    assert result(UTILITY, side, unset) == found


@pytest.mark.parametrize("side", SIDES)
def test_arguments_are_refused(side: str, tmp_path: Path) -> None:
    odd = [call for call in UTILITY.corners(tmp_path) if call.args or call.kwargs]
    assert {result(UTILITY, side, call) for call in odd} == {TypeError}


@pytest.mark.parametrize(
    "condition",
    [
        lambda call: result(UTILITY, "python", call) is ValueError,
        lambda call: f"{GIB}=None" in call.note and f"{BYTES}=None" not in call.note,
        lambda call: "None" not in call.note and type(result(UTILITY, "python", call)) is float,
    ],
    ids=["refused", "only bytes", "both"],
)
def test_random_inputs_reach_the_corners(condition: Callable[[Call], bool], tmp_path: Path) -> None:
    python, native = results(UTILITY, drawn(UTILITY, tmp_path, condition))
    assert repr(python) == repr(native)


def test_the_workload_is_a_plain_call_with_a_floor(tmp_path: Path) -> None:
    (workload,) = UTILITY.workloads
    call = workload.prepare(tmp_path)
    assert (call.args, dict(call.kwargs)) == ((), {})
    python, native = results(UTILITY, call)
    assert python == native
    assert workload.floor is not None
    assert workload.floor(call).system == "memory"
