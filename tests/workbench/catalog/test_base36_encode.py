from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workbench.catalog.entries import SIDES, corners, drawn, result, results
from workbench.catalog import Call
from workbench.catalog.base36_encode import UTILITY
from workbench.verify import describe

# The argument, and the result or the type of the exception.
CONTRACT: list[tuple[object, object]] = [
    ("0", "0"),
    ("ff", "73"),
    ("DeadBeef", "1ps9wxb"),
    ("0xff", "73"),
    ("0x_ff", "73"),
    ("+0xff", "73"),
    ("ff\n", "73"),
    ("\u2003ff\u3000", "73"),
    ("f_f", "73"),
    ("\u0663\u0664", "1g"),
    ("\uff11\uff12", "i"),
    (b" 0xff ", "73"),
    (f"{36**50:x}", "1" + "0" * 50),
    ("-0", "0"),
    ("-1", ValueError),
    ("-0x1", ValueError),
    ("1__2", ValueError),
    ("", ValueError),
    ("g", ValueError),
    ("\ud800", ValueError),
    (255, TypeError),
    (None, TypeError),
]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("argument", "expected"), CONTRACT)
def test_the_contract_holds_on_both_sides(side: str, argument: object, expected: object) -> None:
    assert result(UTILITY, side, Call((argument,))) == expected


def test_the_corners_include_the_contract(tmp_path: Path) -> None:
    wanted = {describe(UTILITY.name, Call((argument,))) for argument, _ in CONTRACT}
    assert wanted - corners(UTILITY, tmp_path) == set()


@pytest.mark.parametrize(
    "condition",
    [
        lambda call: call.args[0] == "",
        lambda call: isinstance(call.args[0], bytes),
        lambda call: result(UTILITY, "python", call) is ValueError,
    ],
    ids=["empty", "bytes", "refused"],
)
def test_random_inputs_reach_the_corners(condition: Callable[[Call], bool], tmp_path: Path) -> None:
    call = drawn(UTILITY, tmp_path, condition)
    python, native = results(UTILITY, call)
    assert python == native


def test_only_calls_on_which_the_original_does_not_return_depart() -> None:
    departs = {argument: UTILITY.departs(Call((argument,))) for argument, _ in CONTRACT}
    assert {argument for argument, does in departs.items() if does} == {"-1", "-0x1"}
    assert UTILITY.departs(Call(("f" * 20_001,)))
    assert not UTILITY.departs(Call(("f" * 20_000,)))


@pytest.mark.parametrize("side", SIDES)
def test_workloads_have_the_digits_of_their_names(side: str, tmp_path: Path) -> None:
    for workload in UTILITY.workloads:
        call = workload.prepare(tmp_path)
        assert workload.name == f"{len(call.args[0])} hex digits"
        assert int(str(result(UTILITY, side, call)), 36) == int(call.args[0], 16)
        assert workload.floor is None


def test_the_curve_has_numbers_of_each_size(tmp_path: Path) -> None:
    (curve,) = UTILITY.curves
    for size, workload in curve.workloads():
        call = workload.prepare(tmp_path)
        assert len(call.args[0]) == size
        python, native = results(UTILITY, call)
        assert python == native
