from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workbench.catalog.entries import SIDES, drawn, result, results
from workbench.catalog import Call
from workbench.catalog.is_process_alive import UTILITY
from workbench.verify import describe, exact

# The process id, and the result or the type of the exception.
CONTRACT: list[tuple[object, object]] = [
    (os.getpid(), True),
    (os.getppid(), True),
    (1, True),
    (None, True),
    (2**22 + 1, False),
    (2**31 - 1, False),
    (2**31, False),
    (2**63, False),
    (2**70, False),
    (-1, ValueError),
    (-(2**70), ValueError),
    (1.0, TypeError),
    (1.5, TypeError),
    ("1", TypeError),
    ("self", TypeError),
    (b"1", TypeError),
]

CHILDREN = {"a process that has ended": False, "a child that runs": True, "a zombie": True}


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("pid", "expected"), CONTRACT, ids=range(len(CONTRACT)))
def test_the_contract_holds_on_both_sides(side: str, pid: object, expected: object) -> None:
    found = result(UTILITY, side, Call((pid,)))
    assert exact(found) == exact(expected)


@pytest.mark.skipif(sys.platform != "linux", reason="process 0 is visible elsewhere")
@pytest.mark.parametrize("side", SIDES)
def test_process_0_is_not_alive(side: str) -> None:
    assert result(UTILITY, side, Call((0,))) is False


def test_the_corners_include_the_contract_and_children(tmp_path: Path) -> None:
    wanted = {describe(UTILITY.name, Call((pid,))) for pid in (0, *(pid for pid, _ in CONTRACT))}
    seen, children = set(), {}
    # A child is what its note says only until the next corner case is made.
    for call in UTILITY.corners(tmp_path):
        seen.add(describe(UTILITY.name, call))
        if call.note in CHILDREN:
            children[call.note] = results(UTILITY, call)
    assert wanted - seen == set()
    assert children == {note: [alive, alive] for note, alive in CHILDREN.items()}


@pytest.mark.parametrize(
    "condition",
    [
        lambda call: type(call.args[0]) is int and call.args[0] < 0,
        lambda call: type(call.args[0]) is int and call.args[0] >= 2**31,
        lambda call: type(call.args[0]) is not int and isinstance(call.args[0], int),
        lambda call: isinstance(call.args[0], float),
        lambda call: isinstance(call.args[0], str),
    ],
    ids=["negative", "beyond the range", "subclass", "float", "text"],
)
def test_random_inputs_reach_the_corners(condition: Callable[[Call], bool], tmp_path: Path) -> None:
    python, native = results(UTILITY, drawn(UTILITY, tmp_path, condition))
    assert python == native


def test_the_workload_is_the_own_process_with_a_floor(tmp_path: Path) -> None:
    (workload,) = UTILITY.workloads
    call = workload.prepare(tmp_path)
    assert call.args == (os.getpid(),)
    assert results(UTILITY, call) == [True, True]
    assert workload.floor is not None
    assert workload.floor(call).system == "process"
