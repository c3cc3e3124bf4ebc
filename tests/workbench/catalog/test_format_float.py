from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workbench.catalog.entries import SIDES, corners, drawn, result, results
from workbench.catalog import Call
from workbench.catalog.format_float import UTILITY
from workbench.verify import describe

# The arguments, and the result or the type of the exception.
CONTRACT: list[tuple[tuple[object, ...], object]] = [
    ((0,), "0"),
    ((10**30, 2), "1" + "0" * 30),
    ((True,), "True"),
    ((0, "ignored"), "0"),
    ((-0.0,), "-0"),
    ((1.0,), "1"),
    ((1e300,), str(int(1e300))),
    ((1.25,), "1.2"),
    ((1.05,), "1.1"),
    ((2.675, 2), "2.67"),
    ((0.5, 0), "0"),
    ((1.5, 0), "2"),
    ((1234567.89, 2), "1234567.89"),
    ((-0.04,), "-0.0"),
    ((5e-324, 400), f"{5e-324:.400f}"),
    ((math.nan,), "nan"),
    ((-math.inf, 3), "-inf"),
    ((2.0, -1), "2"),
    ((1.25, -1), ValueError),
    ((1.25, 2.5), ValueError),
    ((1.25, None), ValueError),
    ((None,), AttributeError),
    (("1.5", 3), AttributeError),
]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("args", "expected"), CONTRACT)
def test_the_contract_holds_on_both_sides(
    side: str, args: tuple[object, ...], expected: object
) -> None:
    assert result(UTILITY, side, Call(args)) == expected


def test_the_corners_include_the_contract(tmp_path: Path) -> None:
    wanted = {describe(UTILITY.name, Call(args)) for args, _ in CONTRACT}
    assert wanted - corners(UTILITY, tmp_path) == set()


@pytest.mark.parametrize(
    "condition",
    [
        lambda call: len(call.args) == 2 and type(call.args[0]) is float,
        lambda call: type(call.args[0]) is bool,
        lambda call: result(UTILITY, "python", call) is AttributeError,
    ],
    ids=["decimals", "bool", "refused"],
)
def test_random_inputs_reach_the_corners(condition: Callable[[Call], bool], tmp_path: Path) -> None:
    python, native = results(UTILITY, drawn(UTILITY, tmp_path, condition))
    assert python == native


@pytest.mark.parametrize("side", SIDES)
def test_the_workload_is_what_its_name_says(side: str, tmp_path: Path) -> None:
    (workload,) = UTILITY.workloads
    call = workload.prepare(tmp_path)
    assert workload.name == "{}, precision {}".format(*call.args)
    assert result(UTILITY, side, call) == "1234567.89"
    assert workload.floor is None
