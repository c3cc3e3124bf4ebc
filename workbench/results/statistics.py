"""Estimate ratios with confidence intervals from paired samples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.results.model import CALL_SECONDS, Interval, Samples

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RESAMPLES = 2000
_MANY = 1000
"""Degrees of freedom above which Student's distribution is approximated by the normal one."""
_NORMAL_97_5 = 1.959964
_STUDENT_97_5 = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)


def speedup(
    python: Samples, native: Samples, resamples: int = RESAMPLES, seed: int = 0
) -> Interval:
    """Estimate the speedup of native, with a 95% interval.

    ``python`` and ``native`` are seconds per call, one tuple per process, paired value by value.
    The estimate is the median ratio of the pairs. Its standard error, on the log scale, comes from
    a bootstrap that draws processes with replacement, each with all its pairs. The spread between
    processes includes that between pairs, so drawing pairs too would count it twice (Davison and
    Hinkley, "Bootstrap Methods and their Application", section 3.8, 1997; Ren et al.,
    "Nonparametric bootstrapping for hierarchical data", Journal of Applied Statistics 37:9, 2010).
    The interval uses Student's quantile and the factor ``sqrt(n / (n - 1))``, which corrects the
    bias of a bootstrap of n processes (Hesterberg, "What teachers should know about the bootstrap",
    The American Statistician 69:4, 2015). With a single process, its pairs are drawn instead. The
    ``seed`` makes the interval reproducible.

    Raises ValueError when there are no pairs, the shapes differ, or a time is not positive.
    """
    import numpy as np

    logs = _log_ratios(python, native)
    estimate = float(np.median(np.concatenate(logs)))
    medians = _resampled_medians(logs, resamples, np.random.default_rng(seed))
    half = _small_sample_factor(len(logs)) * float(np.std(medians - estimate))
    return Interval(math.exp(estimate), math.exp(estimate - half), math.exp(estimate + half))


def limit(python: Samples, floor: Samples) -> Interval:
    """Estimate the speedup of calling only the floor from Python, with a 95% interval.

    ``floor`` is seconds per round of the floor, in the shape of ``python``. Raises ValueError as
    ``speedup`` does.
    """
    called = tuple(tuple(value + CALL_SECONDS for value in process) for process in floor)
    return speedup(python, called)


def ratio(
    new: Interval, old: Interval, new_freedom: float = math.inf, old_freedom: float = math.inf
) -> Interval:
    """Divide two independent estimates, with a 95% interval.

    Uses the method of variance estimates recovery on the log scale (Zou and Donner, "Construction
    of confidence limits about effect measures", Statistics in Medicine 27:10, 2008). When the
    degrees of freedom of both are known, uses Student's quantile for those of their ratio (see
    `freedom_of_ratio`), which is smaller than that of either one.
    """
    a, b = (_logs(interval) for interval in (new, old))
    of_a, of_b = (_student_97_5(freedom) for freedom in (new_freedom, old_freedom))
    of_both = _student_97_5(freedom_of_ratio(new, new_freedom, old, old_freedom))
    estimate = a.estimate - b.estimate
    below = math.hypot((a.estimate - a.low) / of_a, (b.high - b.estimate) / of_b) * of_both
    above = math.hypot((a.high - a.estimate) / of_a, (b.estimate - b.low) / of_b) * of_both
    return Interval(math.exp(estimate), math.exp(estimate - below), math.exp(estimate + above))


def chance_at_least(interval: Interval, threshold: float, freedom: float = math.inf) -> float:
    """Return the one-sided p-value of a true ratio of at least ``threshold``.

    The error on the log scale is assumed to follow Student's distribution with these degrees of
    ``freedom``, scaled by the upper half of the interval. With few processes, large errors are more
    likely than under a normal distribution.
    """
    logs = _logs(interval)
    return _tail(math.log(threshold) - logs.estimate, logs.high - logs.estimate, freedom)


def chance_at_most(interval: Interval, threshold: float, freedom: float = math.inf) -> float:
    """Return the one-sided p-value of a true ratio of at most ``threshold``."""
    logs = _logs(interval)
    return _tail(logs.estimate - math.log(threshold), logs.estimate - logs.low, freedom)


def freedom_of(samples: Samples) -> float:
    """Return the degrees of freedom of the interval estimated from these samples."""
    return max(1, sum(map(bool, samples)) - 1)


def freedom_of_ratio(new: Interval, new_freedom: float, old: Interval, old_freedom: float) -> float:
    """Return the degrees of freedom of ``ratio(new, old)``.

    Source: Welch, "The generalization of 'Student's' problem when several different population
    variances are involved", Biometrika 34, 1947.
    """
    parts = []
    for interval, freedom in ((new, new_freedom), (old, old_freedom)):
        variance = (math.log(relative_width(interval) + 1) / _student_97_5(freedom)) ** 2
        parts.append((variance, variance**2 / freedom))
    total = sum(variance for variance, _ in parts)
    return total**2 / divisor if (divisor := sum(part for _, part in parts)) > 0 else math.inf


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values for multiple testing.

    Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal
    of Statistics 6:2, 1979.
    """
    adjusted = [1.0] * len(p_values)
    largest = 0.0
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = largest
    return adjusted


def relative_width(interval: Interval) -> float:
    """Return the upper end over the lower end minus 1, e.g. 0.05 for 5%."""
    return interval.high / interval.low - 1


def _logs(interval: Interval) -> Interval:
    return Interval(math.log(interval.estimate), math.log(interval.low), math.log(interval.high))


def _tail(distance: float, half_width: float, freedom: float) -> float:
    if half_width <= 0:
        return 0.0 if distance > 0 else 1.0
    return student_tail(distance / half_width * _student_97_5(freedom), freedom)


def student_tail(t: float, freedom: float) -> float:
    """Return the probability that Student's t is at least ``t``; ``freedom`` is rounded down.

    Source: Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.7.3 and 26.7.4, 1964.
    """
    if freedom > _MANY:
        return math.erfc(t / math.sqrt(2)) / 2
    count = int(freedom)
    angle = math.atan2(t, math.sqrt(count))
    sine, cosine2 = math.sin(angle), math.cos(angle) ** 2
    odd = count % 2
    term = total = sine * (math.cos(angle) if odd else 1.0)
    for k in range(2 + odd, count - 1, 2):
        term *= cosine2 * (k - 1) / k
        total += term
    if odd:
        total = (angle + (total if count > 1 else 0.0)) * 2 / math.pi
    return max(0.0, (1 - total) / 2)


def _log_ratios(python: Samples, native: Samples) -> list[NDArray[np.float64]]:
    import numpy as np

    if [len(process) for process in python] != [len(process) for process in native]:
        raise ValueError("the two sides do not have the same samples")
    pairs = [(p, n) for p, n in zip(python, native, strict=True) if p]
    if not pairs:
        raise ValueError("there are no pairs of samples")
    if any(value <= 0 for pair in pairs for side in pair for value in side):
        raise ValueError("times must be positive")
    return [np.log(np.asarray(p) / np.asarray(n)) for p, n in pairs]


def _resampled_medians(
    logs: list[NDArray[np.float64]], resamples: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    import numpy as np

    width = max(map(len, logs))
    table = np.full((len(logs), width), np.nan)
    for row, process in zip(table, logs, strict=True):
        row[: len(process)] = process
    if len(logs) == 1:
        table = table.T
    drawn = table[rng.integers(len(table), size=(resamples, len(table)))].reshape(resamples, -1)
    same_length = not np.isnan(table).any()
    medians: NDArray[np.float64] = (np.median if same_length else np.nanmedian)(drawn, axis=1)
    return medians


def _small_sample_factor(processes: int) -> float:
    if processes < 2:
        return _NORMAL_97_5
    freedom = processes - 1
    return math.sqrt(processes / freedom) * _student_97_5(freedom)


def _student_97_5(freedom: float) -> float:
    if freedom <= len(_STUDENT_97_5):
        return _STUDENT_97_5[int(freedom) - 1]
    return _NORMAL_97_5 + 2.4 / freedom
