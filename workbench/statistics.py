"""Estimates with intervals, from samples taken in pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.results import CALL_SECONDS, Interval, Samples

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RESAMPLES = 2000
_NORMAL_97_5 = 1.959964
_STUDENT_97_5 = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)


def speedup(
    python: Samples, native: Samples, resamples: int = RESAMPLES, seed: int = 0
) -> Interval:
    """Estimate how many times faster native is, with a 95% interval.

    ``python`` and ``native`` are seconds per call, one tuple for each process, paired value by
    value. The estimate is the median ratio of the pairs. The interval comes from a hierarchical
    bootstrap (Kalibera and Jones, "Rigorous benchmarking in reasonable time", ISMM 2013):
    processes are drawn with replacement, then pairs inside each. Bootstrap intervals of few
    processes are too short; they are stretched about the estimate by ``sqrt(n / (n - 1))`` times
    the ratio of Student's to the normal quantile (Hesterberg, "What teachers should know about
    the bootstrap", The American Statistician 69:4, 2015). A ``seed`` fixes the interval.

    Raises ValueError when there is no pair, the shapes differ, or a time is not positive.
    """
    import numpy as np

    logs = _log_ratios(python, native)
    estimate = float(np.median(np.concatenate(logs)))
    medians = _resampled_medians(logs, resamples, np.random.default_rng(seed))
    low, high = np.quantile(medians, (0.025, 0.975))
    factor = _small_sample_factor(len(logs))
    return Interval(
        math.exp(estimate),
        math.exp(min(estimate, estimate + (float(low) - estimate) * factor)),
        math.exp(max(estimate, estimate + (float(high) - estimate) * factor)),
    )


def limit(python: Samples, floor: Samples) -> Interval:
    """Estimate the speedup that calling the floor from Python would be, with a 95% interval.

    ``floor`` is seconds of the bare calls, in the shape of ``python``. Raises ValueError as
    ``speedup`` does.
    """
    called = tuple(tuple(value + CALL_SECONDS for value in process) for process in floor)
    return speedup(python, called)


def ratio(new: Interval, old: Interval) -> Interval:
    """Divide two independent estimates; the interval is again a 95% one.

    By the method of variance estimates recovery on the log scale (Zou and Donner, "Construction
    of confidence limits about effect measures", Statistics in Medicine 27:10, 2008).
    """
    a, b = (_logs(interval) for interval in (new, old))
    estimate = a.estimate - b.estimate
    below = math.hypot(a.estimate - a.low, b.high - b.estimate)
    above = math.hypot(a.high - a.estimate, b.estimate - b.low)
    return Interval(math.exp(estimate), math.exp(estimate - below), math.exp(estimate + above))


def chance_at_least(interval: Interval, threshold: float) -> float:
    """One-sided p-value of the hypothesis that the true ratio is ``threshold`` or more.

    The error is taken as normal on the log scale, as wide as the interval is above its estimate.
    """
    logs = _logs(interval)
    return _tail(math.log(threshold) - logs.estimate, logs.high - logs.estimate)


def chance_at_most(interval: Interval, threshold: float) -> float:
    """One-sided p-value of the hypothesis that the true ratio is ``threshold`` or less."""
    logs = _logs(interval)
    return _tail(logs.estimate - math.log(threshold), logs.estimate - logs.low)


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values for testing all of them at once.

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
    """How much larger the upper end is than the lower: 0.05 for 5%."""
    return interval.high / interval.low - 1


def _logs(interval: Interval) -> Interval:
    return Interval(math.log(interval.estimate), math.log(interval.low), math.log(interval.high))


def _tail(distance: float, half_width: float) -> float:
    if half_width <= 0:
        return 0.0 if distance > 0 else 1.0
    return math.erfc(distance / half_width * _NORMAL_97_5 / math.sqrt(2)) / 2


def _log_ratios(python: Samples, native: Samples) -> list[NDArray[np.float64]]:
    import numpy as np

    if [len(process) for process in python] != [len(process) for process in native]:
        raise ValueError("the two sides do not have the same samples")
    pairs = [(p, n) for p, n in zip(python, native, strict=True) if p]
    if not pairs:
        raise ValueError("there is no pair of samples")
    if any(value <= 0 for pair in pairs for side in pair for value in side):
        raise ValueError("times must be positive")
    return [np.log(np.asarray(p) / np.asarray(n)) for p, n in pairs]


def _resampled_medians(
    logs: list[NDArray[np.float64]], resamples: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    import numpy as np

    lengths = np.array([len(process) for process in logs])
    width = int(lengths.max())
    table = np.zeros((len(logs), width))
    for row, process in zip(table, logs, strict=True):
        row[: len(process)] = process
    processes = rng.integers(len(logs), size=(resamples, len(logs), 1))
    places = rng.random((resamples, len(logs), width)) * lengths[processes]
    drawn = table[processes, places.astype(np.intp)]
    medians: NDArray[np.float64] = np.median(drawn.reshape(resamples, -1), axis=1)
    return medians


def _small_sample_factor(processes: int) -> float:
    freedom = processes - 1
    if freedom < 1:
        return 1.0
    if freedom <= len(_STUDENT_97_5):
        student = _STUDENT_97_5[freedom - 1]
    else:
        student = _NORMAL_97_5 + 2.4 / freedom
    return math.sqrt(processes / freedom) * student / _NORMAL_97_5
