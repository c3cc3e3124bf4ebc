"""Measure how often the 95% interval of a speedup covers the truth, on synthetic pairs.

The pairs model what the harness encounters: noise of samples, differences between processes, drift
of both sides during a process, interrupted samples, and sampling that stops when the interval is
narrow enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workbench.measure.plan import DEFAULT, FAST, Plan
from workbench.results.model import Interval, Samples
from workbench.results.statistics import relative_width, speedup

TRUTH = 3.0
_RESAMPLES = 400
"""The number that the harness uses to decide whether to stop."""


@dataclass(frozen=True)
class Situation:
    """A kind of synthetic data.

    ``between`` and ``within`` are the relative standard deviations between processes and within a
    process. ``drift`` is the slowdown of both sides at the end of a process. A fraction
    ``outliers`` of the samples of each side takes longer, by half on average. With ``stops``,
    processes are added according to the plan until the interval is narrow enough.
    """

    name: str
    plan: Plan
    between: float = 0.01
    within: float = 0.02
    drift: float = 0.0
    outliers: float = 0.0
    stops: bool = False


SITUATIONS = (
    Situation("noise of samples alone, 4 processes", FAST, between=0.0),
    Situation("processes differ, 4 of them", FAST, between=0.02),
    Situation("processes differ, 8 of them", DEFAULT, between=0.02),
    Situation("much more than samples do, 8 processes", DEFAULT, between=0.03, within=0.003),
    Situation("drift of 20%, 8 processes", DEFAULT, drift=0.2),
    Situation("5% of samples interrupted, 4 processes", FAST, outliers=0.05),
    Situation("15% of samples interrupted, 8 processes", DEFAULT, outliers=0.15),
    Situation(
        "all of it, stops at 15%", FAST, between=0.05, within=0.05, drift=0.2, outliers=0.1,
        stops=True,
    ),
    Situation(
        "all of it, stops at 5%", DEFAULT, between=0.03, within=0.05, drift=0.2, outliers=0.1,
        stops=True,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Coverage:
    """Number of intervals of a situation that covered the truth, and their median width."""

    situation: str
    trials: int
    covered: int
    width: float

    @property
    def share(self) -> float:
        """Fraction of the intervals that covered the truth."""
        return self.covered / self.trials


def measure(situation: Situation, trials: int, seed: int = 0) -> Coverage:
    """Simulate a situation ``trials`` times; the same ``seed`` gives the same result."""
    intervals = list(_intervals(situation, trials, np.random.default_rng(seed)))
    covered = sum(found.low <= TRUTH <= found.high for found in intervals)
    width = float(np.median([relative_width(found) for found in intervals]))
    return Coverage(situation.name, trials, covered, width)


def _intervals(situation: Situation, trials: int, rng: np.random.Generator) -> Iterator[Interval]:
    for _ in range(trials):
        yield _interval(situation, rng)


def _interval(situation: Situation, rng: np.random.Generator) -> Interval:
    plan = situation.plan
    processes = [_process(situation, rng) for _ in range(plan.least_processes)]
    while True:
        python: Samples = tuple(one for one, _ in processes)
        native: Samples = tuple(other for _, other in processes)
        found = speedup(python, native, _RESAMPLES, seed=int(rng.integers(1 << 32)))
        enough = relative_width(found) <= plan.target_width
        if not situation.stops or enough or len(processes) >= plan.most_processes:
            return found
        processes.append(_process(situation, rng))


def _process(s: Situation, rng: np.random.Generator) -> tuple[tuple[float, ...], tuple[float, ...]]:
    pairs = s.plan.pairs
    common = np.exp(rng.normal(-14, 0.2) + np.linspace(0, s.drift, pairs))
    ratio = TRUTH * np.exp(rng.normal(0, s.between))
    sides = []
    for factor in (ratio, 1.0):
        interrupted = (rng.random(pairs) < s.outliers) * rng.exponential(0.5, pairs)
        noise = rng.normal(0, s.within / np.sqrt(2), pairs)
        sides.append(tuple((common * factor * np.exp(noise) * (1 + interrupted)).tolist()))
    return sides[0], sides[1]
