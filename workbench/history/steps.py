"""Find step changes in a series of speedups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist, median
from typing import TYPE_CHECKING, NamedTuple

from workbench.results.model import Interval
from workbench.results.statistics import ratio

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NORMAL_97_5 = NormalDist().inv_cdf(0.975)
_FALSE_STEPS = 0.001
"""Probability of a step in a series without change, before the noise margin is applied."""
_MAD_OF_NORMAL = NormalDist().inv_cdf(0.75)


class Observation(NamedTuple):
    """One speedup with the relative noise margin of its run, more than 0."""

    speedup: Interval
    margin: float


@dataclass(frozen=True)
class Step:
    """A lasting change: ``position`` is the index of the first observation on the new level.

    ``change`` is the level after over the level before: above 1, native has become faster.
    """

    position: int
    before: Interval
    after: Interval
    change: Interval


@dataclass(frozen=True)
class Level:
    """The common speedup of the observations at ``positions``, between two steps."""

    positions: tuple[int, ...]
    speedup: Interval


@dataclass(frozen=True)
class Steps:
    """Steps and levels by position, and the positions of outliers."""

    steps: tuple[Step, ...] = ()
    levels: tuple[Level, ...] = ()
    outliers: tuple[int, ...] = ()


def find_steps(series: Sequence[Observation]) -> Steps:
    """Find where a series changes its level, and single outliers.

    The log speedups are assumed to be normal around a level that is constant between steps. Their
    variance is that of the interval plus that of the run's noise, scaled up when neighbours differ
    by more than that (von Neumann's successive differences, by their median). The optimal partition
    into levels is found exactly (Jackson and others, "An algorithm for optimal partitioning of data
    on an interval", IEEE Signal Processing Letters 12:2, 2005). The penalty of a step is chosen so
    that a series without change is cut once in 1,000 times (Bonferroni).

    An observation that forms a level by itself, with both neighbouring levels on the same side, is
    an outlier; the others are partitioned again without it. The speedup of a level is the mean
    weighted by precision, with an interval widened by Birge's ratio when the observations scatter
    more than expected ("The calculation of errors by the method of least squares", Physical Review
    40, 1932). A step counts only when the 95% interval of its change is outside the noise margin:
    the larger of the median margins on either side.
    """
    if not series:
        return Steps()
    kept = list(range(len(series)))
    outliers: list[int] = []
    while True:
        observed = [series[index] for index in kept]
        points = _points(observed)
        starts = _partition(points)
        alone = _outlier_starts(points, starts)
        if not alone:
            break
        outliers += [kept[position] for position in alone]
        kept = [index for position, index in enumerate(kept) if position not in alone]
    starts = _merge_within_noise(observed, points, starts)
    ends = [*starts[1:], len(points)]
    levels = [
        Level(tuple(kept[a:b]), _level(points, a, b)) for a, b in zip(starts, ends, strict=True)
    ]
    steps = [_step(points, *part) for part in _triples(starts, len(points))]
    placed = [replace(step, position=kept[step.position]) for step in steps]
    return Steps(tuple(placed), tuple(levels), tuple(sorted(outliers)))


class _LogSpeedup(NamedTuple):
    log: float
    variance: float


def _points(series: Sequence[Observation]) -> list[_LogSpeedup]:
    logs = [math.log(o.speedup.estimate) for o in series]
    variances = [_variance(observation) for observation in series]
    jumps = [
        abs(logs[i] - logs[i - 1]) / math.sqrt(variances[i] + variances[i - 1])
        for i in range(1, len(logs))
    ]
    # With fewer differences, a single step may be half of them.
    scatter = median(jumps) / _MAD_OF_NORMAL if len(jumps) > 3 else 1.0
    factor = max(1.0, scatter) ** 2
    return [_LogSpeedup(log, v * factor) for log, v in zip(logs, variances, strict=True)]


def _variance(observation: Observation) -> float:
    speedup, margin = observation
    above = math.log(speedup.high / speedup.estimate)
    below = math.log(speedup.estimate / speedup.low)
    return (max(above, below) ** 2 + math.log1p(margin) ** 2) / _NORMAL_97_5**2


def _partition(points: Sequence[_LogSpeedup]) -> list[int]:
    """Return where the levels of the optimal partition begin, including 0."""
    import numpy as np

    count = len(points)
    if count == 1:
        return [0]
    weights, firsts, seconds = _sums(points)
    penalty = NormalDist().inv_cdf(1 - _FALSE_STEPS / (2 * (count - 1))) ** 2
    best = np.zeros(count + 1)
    best[0] = -penalty
    previous = np.zeros(count + 1, dtype=int)
    for end in range(1, count + 1):
        weight = weights[end] - weights[:end]
        first = firsts[end] - firsts[:end]
        cost = seconds[end] - seconds[:end] - first * first / weight
        total = best[:end] + cost + penalty
        previous[end] = int(np.argmin(total))
        best[end] = total[previous[end]]
    starts = [int(previous[count])]
    while starts[-1] > 0:
        starts.append(int(previous[starts[-1]]))
    return starts[::-1]


def _sums(
    points: Sequence[_LogSpeedup],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return cumulative weights, weighted logs and weighted squares, each beginning with 0."""
    import numpy as np

    weights = np.array([1 / point.variance for point in points])
    logs = np.array([point.log for point in points])
    # Center the logs, so that differences of sums lose fewer digits.
    logs -= np.median(logs)
    columns = (weights, weights * logs, weights * logs * logs)
    first, second, third = (np.concatenate(([0.0], np.cumsum(column))) for column in columns)
    return first, second, third


def _outlier_starts(points: Sequence[_LogSpeedup], starts: Sequence[int]) -> list[int]:
    """Return the levels of one observation with both neighbours above or both below."""
    ends = [*starts[1:], len(points)]
    logs = [_mean(points[a:b])[0] for a, b in zip(starts, ends, strict=True)]
    return [
        starts[i]
        for i in range(1, len(starts) - 1)
        if ends[i] - starts[i] == 1 and (logs[i] - logs[i - 1]) * (logs[i] - logs[i + 1]) > 0
    ]


def _merge_within_noise(
    series: Sequence[Observation], points: Sequence[_LogSpeedup], starts: list[int]
) -> list[int]:
    """Merge neighbouring levels, the closest first, until every step is outside the noise."""
    while True:
        unclear: list[tuple[float, int]] = []
        for a, b, c in _triples(starts, len(points)):
            change = _step(points, a, b, c).change
            if not _is_clear(change, _margin(series[a:b], series[b:c])):
                unclear.append((abs(math.log(change.estimate)), b))
        if not unclear:
            return starts
        closest = min(unclear)[1]
        starts = [start for start in starts if start != closest]


def _triples(starts: Sequence[int], count: int) -> list[tuple[int, int, int]]:
    """Return for each step the start and end of the level before, and the end of the one after."""
    ends = [*starts, count]
    return list(zip(ends, ends[1:], ends[2:], strict=False))


def _step(points: Sequence[_LogSpeedup], begin: int, middle: int, end: int) -> Step:
    before, after = _level(points, begin, middle), _level(points, middle, end)
    return Step(middle, before, after, ratio(after, before))


def _is_clear(change: Interval, margin: float) -> bool:
    return change.low > 1 + margin or change.high < 1 / (1 + margin)


def _margin(before: Sequence[Observation], after: Sequence[Observation]) -> float:
    return max(median(o.margin for o in side) for side in (before, after))


def _level(points: Sequence[_LogSpeedup], begin: int, end: int) -> Interval:
    mean, variance = _mean(points[begin:end])
    half = _NORMAL_97_5 * math.sqrt(variance)
    return Interval(math.exp(mean), math.exp(mean - half), math.exp(mean + half))


def _mean(points: Sequence[_LogSpeedup]) -> tuple[float, float]:
    """Return the weighted mean of the logs and its variance."""
    weight = math.fsum(1 / point.variance for point in points)
    mean = math.fsum(point.log / point.variance for point in points) / weight
    scatter = math.fsum((point.log - mean) ** 2 / point.variance for point in points)
    birge = max(1.0, scatter / (len(points) - 1)) if len(points) > 1 else 1.0
    return mean, birge / weight
