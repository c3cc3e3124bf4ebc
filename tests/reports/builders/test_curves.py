from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reports.report_samples import curves, measurement
from workbench.reports.builders.curves import curve_result
from workbench.results.model import SizeCurve, SizePoint


def curve(*speedups: tuple[float, float, float] | None) -> SizeCurve:
    points = (
        SizePoint(10**n, measurement("f", str(n), speedup=speedup))
        for n, speedup in enumerate(speedups)
    )
    return SizeCurve("f", "a list", "items", tuple(points))


def test_a_curve_has_a_break_even_point() -> None:
    crossing, unmeasured = map(curve_result, curves())

    assert crossing.break_even == pytest.approx(100)
    assert crossing.break_even_low is not None
    assert crossing.break_even_high is not None
    assert crossing.break_even_low < 100 < crossing.break_even_high
    assert unmeasured.break_even is None
    assert all(point.speedup is None for point in unmeasured.points)
    assert all(point.python_seconds for point in unmeasured.points)


speedups = st.tuples(*[st.floats(0.01, 100)] * 3).map(sorted).map(lambda s: (s[1], s[0], s[2]))


@given(st.lists(st.none() | speedups, max_size=6))
def test_each_size_keeps_its_numbers(found: list[tuple[float, float, float] | None]) -> None:
    made = curve(*found)
    result = curve_result(made)

    assert (result.utility, result.name, result.unit) == ("f", "a list", "items")
    assert [point.size for point in result.points] == [10**n for n in range(len(found))]
    for point, original, speedup in zip(result.points, made.points, found, strict=True):
        measured = original.measurement
        assert (point.speedup, point.low, point.high) == (speedup or (None,) * 3)
        assert point.python_seconds == measured.python_seconds
        assert point.native_seconds == measured.native_seconds
        assert point.samples == measured.samples == 16
    ends = (result.break_even_low, result.break_even, result.break_even_high)
    if None in ends:
        assert set(ends) == {None}
    else:
        assert list(ends) == sorted(ends, key=float)  # type: ignore[arg-type]
        assert 1 <= ends[0] <= ends[2] <= 10 ** (len(found) - 1)  # type: ignore[operator]


def test_a_curve_that_does_not_cross_says_so() -> None:
    wins, loses = curve_result(curve((2, 1.9, 2.1))), curve_result(curve((0.5, 0.4, 0.6)))

    assert wins.crossing != loses.crossing
    assert wins.break_even is loses.break_even is None
    assert curve_result(curve()).points == ()


def test_numbers_without_native_samples_or_out_of_range_are_left_out() -> None:
    one = curve((2, 1.9, 2.1)).points[0]
    alone = replace(one, measurement=replace(one.measurement, native=((), ())))
    (python,) = curve_result(SizeCurve("f", "a list", "items", (alone,))).points
    assert (python.native_seconds, python.speedup, python.low, python.high) == (None,) * 4
    (infinite,) = curve_result(curve((math.inf, 2.0, math.inf))).points
    assert (infinite.speedup, infinite.low, infinite.high) == (None,) * 3
    assert infinite.native_seconds is not None
