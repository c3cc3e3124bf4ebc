from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.results import Interval, Samples
from workbench.statistics import (
    chance_at_least,
    chance_at_most,
    holm,
    limit,
    ratio,
    relative_width,
    speedup,
)

times = st.floats(1e-9, 1.0)
pairs = st.lists(st.lists(st.tuples(times, times), min_size=1, max_size=8), min_size=1, max_size=5)


def _sides(processes: list[list[tuple[float, float]]]) -> tuple[Samples, Samples]:
    python = tuple(tuple(pair[0] for pair in process) for process in processes)
    native = tuple(tuple(pair[1] for pair in process) for process in processes)
    return python, native


@given(pairs)
@settings(max_examples=50)
def test_the_estimate_lies_in_its_interval(processes: list[list[tuple[float, float]]]) -> None:
    found = speedup(*_sides(processes), resamples=50)
    assert 0 < found.low <= found.estimate <= found.high
    assert found.estimate == pytest.approx(
        math.exp(np.median([math.log(p / n) for process in processes for p, n in process]))
    )


@given(pairs, st.floats(0.01, 100.0))
@settings(max_examples=50)
def test_a_slower_python_side_scales_everything(
    processes: list[list[tuple[float, float]]], factor: float
) -> None:
    python, native = _sides(processes)
    slower = tuple(tuple(value * factor for value in process) for process in python)
    one, other = speedup(python, native, 50), speedup(slower, native, 50)
    for name in ("estimate", "low", "high"):
        assert getattr(other, name) == pytest.approx(getattr(one, name) * factor)


@given(pairs)
@settings(max_examples=50)
def test_exchanged_sides_give_the_reciprocal(processes: list[list[tuple[float, float]]]) -> None:
    python, native = _sides(processes)
    one, other = speedup(python, native, 50), speedup(native, python, 50)
    assert (other.estimate, other.low, other.high) == pytest.approx(
        (1 / one.estimate, 1 / one.high, 1 / one.low)
    )


def test_the_seed_decides() -> None:
    rng = np.random.default_rng(0)
    python = tuple(map(tuple, rng.lognormal(0, 0.1, (4, 10)).tolist()))
    native = tuple(map(tuple, rng.lognormal(0, 0.1, (4, 10)).tolist()))
    assert speedup(python, native) == speedup(python, native)
    assert speedup(python, native, seed=1) != speedup(python, native)


@pytest.mark.parametrize("processes", [4, 8, 40])
@pytest.mark.parametrize("between", [0.0, 0.02])
def test_the_interval_covers_the_truth(processes: int, between: float) -> None:
    rng = np.random.default_rng(processes)
    covered = 0
    trials = 150
    for _ in range(trials):
        native = np.exp(rng.normal(-14, 0.1, (processes, 15)))
        noise = rng.normal(0, 0.02, native.shape) + rng.normal(0, between, (processes, 1))
        outliers = (rng.random(native.shape) < 0.05) * rng.exponential(0.5, native.shape)
        signs = rng.choice([-1, 1], native.shape)
        python = native * 3.0 * np.exp(noise + outliers * signs)
        found = speedup(_samples(python), _samples(native), resamples=200)
        covered += found.low <= 3.0 <= found.high
    assert covered / trials >= 0.92


def test_a_neighbour_that_slows_both_sides_of_a_pair_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    native = rng.lognormal(-14, 0.01, (6, 20))
    python = native * 2.0 * rng.lognormal(0, 0.01, native.shape)
    load = rng.uniform(1, 3, native.shape)
    quiet = speedup(_samples(python), _samples(native))
    loud = speedup(_samples(python * load), _samples(native * load))
    assert loud.estimate == pytest.approx(quiet.estimate)


@pytest.mark.parametrize(
    ("python", "native", "message"),
    [
        ((), (), "no pair"),
        (((),), ((),), "no pair"),
        (((1.0,),), (), "same samples"),
        (((1.0, 2.0),), ((1.0,),), "same samples"),
        (((1.0,),), ((0.0,),), "positive"),
        (((-1.0,),), ((1.0,),), "positive"),
    ],
)
def test_what_is_no_pair_is_refused(python: Samples, native: Samples, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        speedup(python, native)


def test_relative_width() -> None:
    found = speedup(((2.0, 2.0),), ((1.0, 1.0),))
    assert relative_width(found) == 0
    assert found.estimate == pytest.approx(2.0)


intervals = st.tuples(st.floats(0.1, 10), st.floats(0, 1), st.floats(0, 1)).map(
    lambda t: Interval(t[0], t[0] * math.exp(-t[1]), t[0] * math.exp(t[2]))
)


@given(intervals, intervals)
def test_a_ratio_is_wider_than_either_part(a: Interval, b: Interval) -> None:
    found = ratio(a, b)
    assert found.estimate == pytest.approx(a.estimate / b.estimate)
    widest = max(relative_width(a), relative_width(b))
    assert relative_width(found) >= widest * (1 - 1e-9) - 1e-9


@given(intervals)
def test_a_ratio_to_something_exact_is_the_interval_itself(a: Interval) -> None:
    found = ratio(a, Interval(1.0, 1.0, 1.0))
    for name in ("estimate", "low", "high"):
        assert getattr(found, name) == pytest.approx(getattr(a, name))


def test_the_ends_of_an_interval_have_the_chance_of_its_level() -> None:
    interval = Interval(2.0, 1.8, 2.3)
    assert chance_at_least(interval, 2.3) == pytest.approx(0.025, abs=1e-6)
    assert chance_at_most(interval, 1.8) == pytest.approx(0.025, abs=1e-6)
    assert chance_at_least(interval, 2.0) == pytest.approx(0.5)
    exact = Interval(2.0, 2.0, 2.0)
    assert (chance_at_least(exact, 2.1), chance_at_least(exact, 2.0)) == (0.0, 1.0)


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=20))
def test_holm_is_between_the_p_value_and_bonferronis(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    for p, a in zip(p_values, adjusted, strict=True):
        assert p <= a <= 1
    smallest = min(range(len(p_values)), key=p_values.__getitem__, default=None)
    if smallest is not None:
        assert adjusted[smallest] == min(1.0, p_values[smallest] * len(p_values))
    by_p = sorted(zip(p_values, adjusted, strict=True))
    assert [a for _, a in by_p] == sorted(adjusted)


def _samples(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Samples:
    return tuple(tuple(process) for process in values.tolist())


def test_the_limit_counts_a_call_from_python() -> None:
    floor = ((1e-6, 2e-6), (4e-6,))
    python = tuple(tuple((value + 60e-9) * 5 for value in process) for process in floor)
    assert limit(python, floor).estimate == pytest.approx(5)
