from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.workbench.catalog.entries import SIDES, corners, drawn, result, results
from workbench.catalog import Call
from workbench.catalog.truncate_long_string import UTILITY
from workbench.verify import describe

# The arguments, and the result or the type of the exception.
CONTRACT: list[tuple[tuple[Any, ...], object]] = [
    (("a b", 2), "a ..."),
    (("a b", 3), "a b"),
    (("a b", 0), "..."),
    (("", 0), ""),
    (("a  b", 3), "a  ..."),
    (("words and words", 6), "words ..."),
    (("word", 2), "wo..."),
    (("word", -1), "wor..."),
    (("words and words", 8, True), "wor...ds"),
    (("words and words", 7, True), "wo...ds"),
    (("words and words", 4, True), "w..."),
    (("words and words", 3, True), "..."),
    (("words and words", -5, True), "..."),
    (("é" * 40,), "é" * 35 + "..."),
    (("😀 😀 😀 😀", 6), "😀 😀 😀 ..."),
    (("\ud800 \udfff lone \udc80 surrogates", 3), "\ud800 \udfff..."),
    (("words and words", 2**70), "words and words"),
    (("words and words", 1.5), TypeError),
    (("words and words", None), TypeError),
    (("words and words", "5"), TypeError),
    ((None, 8), TypeError),
]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("args", "expected"), CONTRACT)
def test_the_contract_holds_on_both_sides(
    side: str, args: tuple[Any, ...], expected: object
) -> None:
    assert result(UTILITY, side, Call(args)) == expected


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("text", ["", "a b", "日本", "\ud800"])
def test_a_short_string_is_returned_itself(side: str, text: str) -> None:
    copy = "".join(["x", text])[1:]
    for middle in (False, True):
        assert result(UTILITY, side, Call((copy, len(copy), middle))) is copy


def test_the_corners_include_the_contract(tmp_path: Path) -> None:
    wanted = {describe(UTILITY.name, Call(args)) for args, _ in CONTRACT}
    assert wanted - corners(UTILITY, tmp_path) == set()


@pytest.mark.parametrize(
    "condition",
    [
        lambda call: len(call.args[0]) == call.args[1],
        lambda call: call.args[2] and 0 <= call.args[1] <= 3 < len(call.args[0]),
        lambda call: 0 < call.args[1] < len(call.args[0]) and "  " in call.args[0],
    ],
    ids=["exact length", "only dots", "double space"],
)
def test_random_inputs_reach_the_corners(condition: Callable[[Call], bool], tmp_path: Path) -> None:
    python, native = results(UTILITY, drawn(UTILITY, tmp_path, condition))
    assert python == native


@pytest.mark.parametrize("side", SIDES)
def test_the_first_workload_cuts_and_the_second_does_not(side: str, tmp_path: Path) -> None:
    long, short = (workload.prepare(tmp_path) for workload in UTILITY.workloads)
    text, length = long.args
    assert UTILITY.workloads[0].name == f"{len(text):,} characters of words to {length}"
    cut = result(UTILITY, side, long)
    assert isinstance(cut, str)
    assert cut.endswith("...")
    assert text.startswith(cut.removesuffix("..."))
    assert result(UTILITY, side, short) is short.args[0]


def test_the_curve_has_texts_of_each_size(tmp_path: Path) -> None:
    (curve,) = UTILITY.curves
    for size, workload in curve.workloads():
        call = workload.prepare(tmp_path)
        assert (len(call.args[0]), call.args[1]) == (size, 80)
        python, native = results(UTILITY, call)
        assert python == native
