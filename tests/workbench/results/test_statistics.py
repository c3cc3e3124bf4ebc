from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.results.model import Interval, Samples
from workbench.results.statistics import (
    chance_at_least,
    chance_at_most,
    freedom_of,
    freedom_of_ratio,
    holm,
    limit,
    ratio,
    relative_width,
    speedup,
    student_tail,
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
@pytest.mark.no_cover
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
        ((), (), "no pairs"),
        (((),), ((),), "no pairs"),
        (((1.0,),), (), "same samples"),
        (((1.0, 2.0),), ((1.0,),), "same samples"),
        (((1.0,),), ((0.0,),), "positive"),
        (((-1.0,),), ((1.0,),), "positive"),
    ],
)
def test_invalid_pairs_are_refused(python: Samples, native: Samples, message: str) -> None:
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


@pytest.mark.no_cover
def test_a_ratio_of_few_processes_covers_the_truth_no_more_than_it_says() -> None:
    rng = np.random.default_rng(5)
    covered = 0
    for trial in range(1000):
        both = []
        for _ in range(2):
            logs = rng.normal(0, 0.02, (4, 9)) + rng.normal(0, 0.01, (4, 1))
            both.append(speedup(_samples(np.exp(logs)), ((1.0,) * 9,) * 4, 100, seed=trial))
        found = ratio(*both, 3, 3)
        assert relative_width(found) <= relative_width(ratio(*both)) * (1 + 1e-9)
        covered += found.low <= 1 <= found.high
    assert 0.93 <= covered / 1000 <= 0.975


@given(intervals)
def test_a_ratio_to_something_exact_is_the_interval_itself(a: Interval) -> None:
    found = ratio(a, Interval(1.0, 1.0, 1.0))
    for name in ("estimate", "low", "high"):
        assert getattr(found, name) == pytest.approx(getattr(a, name))


def test_the_ends_of_an_interval_match_its_level() -> None:
    interval = Interval(2.0, 1.8, 2.3)
    assert chance_at_least(interval, 2.3) == pytest.approx(0.025, abs=1e-6)
    assert chance_at_most(interval, 1.8) == pytest.approx(0.025, abs=1e-6)
    assert chance_at_least(interval, 2.0) == pytest.approx(0.5)
    exact = Interval(2.0, 2.0, 2.0)
    assert (chance_at_least(exact, 2.1), chance_at_least(exact, 2.0)) == (0.0, 1.0)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 8, 30, 31, 200])
def test_students_tail_is_the_integral_of_its_density(freedom: int) -> None:
    edges = np.linspace(0, 1, 400_001)
    middles = (edges[1:] + edges[:-1]) / 2
    for t in (0.0, 0.5, 2.0, 4.0, 9.0):
        x = t + middles / (1 - middles)  # from t to infinity
        log = -(freedom + 1) / 2 * np.log1p(x**2 / freedom) - 2 * np.log1p(-middles)
        scale = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)
        scale -= math.log(freedom * math.pi) / 2
        integral = float(np.exp(log + scale).mean())
        assert student_tail(t, freedom) == pytest.approx(integral, rel=1e-3, abs=1e-12)
        assert student_tail(-t, freedom) == pytest.approx(1 - integral, abs=1e-4)


def test_very_many_degrees_of_freedom_are_normal() -> None:
    assert student_tail(1.959964, math.inf) == pytest.approx(0.025, abs=1e-6)
    assert student_tail(3.0, 1000) == pytest.approx(student_tail(3.0, 1001), rel=0.03)


@given(st.integers(1, 60), st.floats(1.05, 4.0))
def test_the_ends_of_an_interval_match_its_level_for_any_freedom(freedom: int, high: float) -> None:
    interval = Interval(1.0, 1 / high, high)
    assert chance_at_least(interval, high, freedom) == pytest.approx(0.025, abs=3e-4)
    assert chance_at_most(interval, 1 / high, freedom) == pytest.approx(0.025, abs=3e-4)
    assert chance_at_least(interval, high**3, freedom) >= chance_at_least(interval, high**3)


@pytest.mark.no_cover
def test_small_chances_are_as_rare_as_they_say() -> None:
    """Few processes that differ: with normal tails, 0.1% occurred ten times as often."""
    rng = np.random.default_rng(3)
    chances = []
    for trial in range(2000):
        logs = rng.normal(0, 0.005, (4, 6)) + rng.normal(0, 0.02, (4, 1))
        found = speedup(_samples(np.exp(logs)), ((1.0,) * 6,) * 4, 100, seed=trial)
        chances.append(chance_at_least(found, 1.0, freedom=3))
    assert sum(chance <= 0.025 for chance in chances) <= 2000 * 0.035
    assert sum(chance <= 0.001 for chance in chances) <= 2000 * 0.004


@given(st.floats(0.001, 0.5), st.integers(1, 40), st.floats(0.001, 0.5), st.integers(1, 40))
def test_a_ratio_has_the_freedom_of_both_parts(a: float, f: int, b: float, g: int) -> None:
    one, other = (Interval(1.0, math.exp(-h), math.exp(h)) for h in (a, b))
    found = freedom_of_ratio(one, f, other, g)
    assert min(f, g) <= found * (1 + 1e-9)
    assert found <= (f + g) * (1 + 1e-9)
    assert found == pytest.approx(freedom_of_ratio(other, g, one, f))


def test_the_freedom_of_a_ratio_by_hand() -> None:
    same = Interval(1.0, 0.9, 1 / 0.9)
    exact = Interval(2.0, 2.0, 2.0)
    assert freedom_of_ratio(same, 7, same, 7) == pytest.approx(14)
    assert freedom_of_ratio(same, 7, exact, 3) == pytest.approx(7)
    assert freedom_of_ratio(exact, 7, exact, 3) == math.inf
    assert freedom_of(((1.0,), (), (2.0, 3.0), (1.0,))) == 2
    assert freedom_of(((1.0,),)) == 1


def test_one_process_alone_draws_from_its_pairs() -> None:
    found = speedup(((1.0, 1.1, 1.2, 1.3),), ((1.0,) * 4,))
    assert found.low < found.estimate < found.high


def test_processes_may_have_different_numbers_of_pairs() -> None:
    short, long = (2.0,), (2.0, 2.0, 2.2, 2.0, 2.0)
    found = speedup((short, long, long), ((1.0,), (1.0,) * 5, (1.0,) * 5))
    assert found.estimate == pytest.approx(2.0)
    assert found.low <= found.estimate <= found.high


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
