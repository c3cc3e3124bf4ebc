"""Error rates of the gate on synthetic runs with known speedups."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tests.workbench.workbench_samples import make_measurement
from workbench.gate.judge import judge
from workbench.gate.policy import Answer, Policy, Thresholds
from workbench.results.model import Measurement, Results, Samples
from workbench.results.statistics import speedup

WORKLOADS = 6
RUNS = 60
POLICY = Policy(Thresholds(min_speedup=None, max_regression=0.1))


def _run(rng: np.random.Generator, slowdown: float) -> Results:
    return Results(tuple(_workloads(rng, slowdown)), {})


def _workloads(rng: np.random.Generator, slowdown: float) -> Iterator[Measurement]:
    """Make workloads with drift, outliers, and processes that differ; only the first is slowed."""
    for number in range(WORKLOADS):
        shape = (8, 20)
        drift = np.linspace(0, 0.2, shape[1])
        native = np.exp(-14 + drift + rng.normal(0, 0.05, shape))
        noise = rng.normal(0, 0.02, shape) + rng.normal(0, 0.01, (shape[0], 1))
        noise += (rng.random(shape) < 0.05) * rng.exponential(1.0, shape)
        python = native * 3.0 * np.exp(noise)
        native = native * (1 + slowdown if number == 0 else 1)
        sides = _samples(python), _samples(native)
        yield make_measurement(
            workload=str(number),
            python=sides[0],
            native=sides[1],
            speedup=speedup(*sides, resamples=150),
        )


def _samples(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Samples:
    return tuple(tuple(process) for process in values.tolist())


def _failures(slowdown: float) -> int:
    rng = np.random.default_rng(7)
    failed = 0
    for _ in range(RUNS):
        verdict = judge(_run(rng, slowdown), POLICY, _run(rng, 0.0))
        failed += any(j.answer is Answer.FAIL for j in verdict.judgements)
    return failed


@pytest.mark.no_cover
def test_unchanged_code_does_not_fail() -> None:
    assert _failures(0.0) == 0


@pytest.mark.no_cover
def test_what_is_allowed_does_not_fail() -> None:
    assert _failures(0.05) <= RUNS * 0.025


@pytest.mark.parametrize(("slowdown", "caught"), [(0.2, 0.95), (0.5, 1.0)])
@pytest.mark.no_cover
def test_a_slowdown_is_caught(slowdown: float, caught: float) -> None:
    assert _failures(slowdown) >= RUNS * caught
