from __future__ import annotations

import math
import random
from itertools import combinations
from statistics import NormalDist, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.history import steps
from workbench.history.steps import Observation, find_steps
from workbench.results.model import Interval

logs = st.floats(-3, 3)
widths = st.floats(0.001, 0.3)
margins = st.floats(0.01, 0.2)


def observe(log: float, half_width: float = 0.02, margin: float = 0.02) -> Observation:
    speedup = Interval(*(math.exp(log + shift) for shift in (0, -half_width, half_width)))
    return Observation(speedup, margin)


series = st.lists(st.builds(observe, logs, widths, margins), max_size=25)


def simulate(
    source: random.Random, levels: dict[int, float], count: int, sigma: float = 0.01
) -> list[Observation]:
    """Make a series that changes to a new log level at each key."""
    level, found = 0.0, []
    for position in range(count):
        level = levels.get(position, level)
        found.append(observe(level + source.gauss(0, sigma), 1.96 * sigma, 0.02))
    return found


@given(st.lists(st.tuples(logs, st.floats(1e-4, 1)), min_size=1, max_size=9))
def test_the_partition_is_optimal(values: list[tuple[float, float]]) -> None:
    points = [steps._LogSpeedup(*value) for value in values]
    count = len(points)
    penalty = NormalDist().inv_cdf(1 - 0.001 / (2 * max(1, count - 1))) ** 2

    def price(starts: tuple[int, ...]) -> float:
        ends = [*starts[1:], count]
        total = penalty * (len(starts) - 1)
        for a, b in zip(starts, ends, strict=True):
            weights = [1 / point.variance for point in points[a:b]]
            mean = sum(w * p.log for w, p in zip(weights, points[a:b], strict=True)) / sum(weights)
            total += sum(w * (p.log - mean) ** 2 for w, p in zip(weights, points[a:b], strict=True))
        return total

    cheapest = min(
        price((0, *cuts))
        for number in range(count)
        for cuts in combinations(range(1, count), number)
    )
    assert math.isclose(
        price(tuple(steps._partition(points))), cheapest, rel_tol=1e-6, abs_tol=1e-4
    )


@given(series)
def test_levels_and_outliers_cover_all_positions(found: list[Observation]) -> None:
    result = find_steps(found)
    positions = [p for level in result.levels for p in level.positions]
    assert sorted([*positions, *result.outliers]) == list(range(len(found)))
    assert positions == sorted(positions)
    assert [s.position for s in result.steps] == [v.positions[0] for v in result.levels[1:]]
    for step, before, after in zip(result.steps, result.levels, result.levels[1:], strict=False):
        assert (step.before, step.after) == (before.speedup, after.speedup)
        ratio = after.speedup.estimate / before.speedup.estimate
        assert math.isclose(step.change.estimate, ratio)


@given(series)
def test_every_step_is_outside_the_noise(found: list[Observation]) -> None:
    result = find_steps(found)
    for step, before, after in zip(result.steps, result.levels, result.levels[1:], strict=False):
        for level in (before, after):
            margin = median(found[p].margin for p in level.positions)
            assert step.change.low > 1 + margin or step.change.high < 1 / (1 + margin)


@given(series, logs)
def test_another_scale_has_the_same_steps(found: list[Observation], shift: float) -> None:
    scaled = [
        Observation(Interval(*(math.exp(shift) * x for x in vars(o.speedup).values())), o.margin)
        for o in found
    ]
    before, after = find_steps(found), find_steps(scaled)
    assert [s.position for s in before.steps] == [s.position for s in after.steps]
    assert before.outliers == after.outliers


@given(logs, st.integers(1, 30))
def test_equal_speedups_are_one_level(log: float, count: int) -> None:
    result = find_steps([observe(log)] * count)
    assert not result.steps
    assert not result.outliers
    assert len(result.levels) == 1
    level = result.levels[0].speedup
    assert math.isclose(level.estimate, math.exp(log))
    assert level.low < level.estimate < level.high


def test_an_empty_series_has_no_levels() -> None:
    assert find_steps([]) == steps.Steps()


@pytest.mark.parametrize("sigma", [0.002, 0.01, 0.05])
def test_unchanged_code_has_no_step_in_99_of_100_histories(sigma: float) -> None:
    source = random.Random(f"unchanged {sigma}")
    alarms = sum(bool(find_steps(simulate(source, {}, 30, sigma)).steps) for _ in range(200))
    assert alarms <= 2


def test_noise_beyond_the_intervals_makes_no_steps() -> None:
    source = random.Random("too short")
    alarms = 0
    for _ in range(200):
        noisy = [observe(source.gauss(0, 0.06), 0.02, 0.01) for _ in range(30)]
        alarms += bool(find_steps(noisy).steps)
    assert alarms <= 4


@pytest.mark.parametrize("change", [0.8, 0.9, 1.1, 1.25])
def test_a_step_is_found_where_it_is(change: float) -> None:
    source = random.Random(f"step {change}")
    found = 0
    for _ in range(100):
        at = source.randrange(5, 16)
        result = find_steps(simulate(source, {at: math.log(change)}, 20))
        if [step.position for step in result.steps] == [at]:
            (step,) = result.steps
            found += step.change.low < change < step.change.high
    assert found >= 88


def test_the_newest_run_alone_may_be_a_step() -> None:
    result = find_steps([*[observe(1.0)] * 6, observe(0.7)])
    assert [step.position for step in result.steps] == [6]


def test_a_staircase_has_a_step_at_each_stair() -> None:
    result = find_steps([observe(0.2 * (position // 3)) for position in range(12)])
    assert [step.position for step in result.steps] == [3, 6, 9]
    result = find_steps([observe(0.4 * position) for position in range(4)])
    assert [step.position for step in result.steps] == [1, 2, 3]
    assert not result.outliers


@given(st.integers(1, 8), st.sampled_from([-1.0, -0.3, 0.3, 1.0]))
def test_an_outlier_is_not_a_step(position: int, size: float) -> None:
    found = [observe(1.0)] * 10
    found[position] = observe(1.0 + size)
    result = find_steps(found)
    assert result.outliers == (position,)
    assert not result.steps


def test_an_outlier_does_not_hide_a_step() -> None:
    found = [*[observe(1.0)] * 5, *[observe(0.8)] * 5]
    found[2], found[7] = observe(3.0), observe(-1.0)
    result = find_steps(found)
    assert result.outliers == (2, 7)
    assert [step.position for step in result.steps] == [5]


def test_small_steps_add_up() -> None:
    small = [observe(0.012 * (position // 10), 0.002, 0.01) for position in range(60)]
    found = find_steps(small)
    assert found.steps
    assert find_steps(small[:20]).steps == ()
