"""Runs of the gate with a known correct answer: unchanged code, or code with a known slowdown.

A run is what a user does before merging a change: `workbench bench`, then `workbench gate
--baseline BASE --measure SECONDS`. The baseline takes more samples, because many runs share it.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import dataclass, replace
from unittest.mock import patch

from slowdown import slowed_by
from slowed import FUNCTION

from workbench.catalog import select
from workbench.errors import DONE, FINDINGS, WorkbenchError
from workbench.gate import remeasure
from workbench.gate.judge import GateVerdict, judge
from workbench.gate.policy import Policy, Thresholds
from workbench.measure.harness import measure
from workbench.measure.plan import FAST, Plan
from workbench.results.comparison import compare, noise
from workbench.results.model import Results

UTILITIES = ("format_float", "is_process_alive", FUNCTION)
"""Of different kinds: computation, a system call, reading kernel files."""
SLOWDOWNS = (0.05, 0.10, 0.20, 0.50)
PASS, FAIL, UNDECIDED = "pass", "fail", "undecided"

_TOLERANT = Policy(Thresholds(min_speedup=None, max_regression=0.10))
_STRICT = Policy(Thresholds(min_speedup=None, max_regression=0.0))


@dataclass(frozen=True)
class Effort:
    """Plans for a run, for its baseline, and for measuring undecided workloads again."""

    run: Plan
    baseline: Plan
    again: Plan
    budget_seconds: float
    """For measuring again, as in `gate --measure`."""


_RUN = replace(FAST, name="gate benchmark", examples=0)
EFFORT = Effort(
    run=_RUN,
    baseline=replace(_RUN, least_processes=20, most_processes=40, target_width=0.03),
    again=replace(_RUN, least_processes=8, most_processes=8),
    budget_seconds=15.0,
)


@dataclass(frozen=True)
class GateRun:
    """One run of the gate; ``slowdown`` is 0 for unchanged code.

    ``answer`` is for an allowed regression of 10%, after undecided workloads were measured again;
    ``first`` is the answer without measuring again, and ``strict`` the one for no allowed
    regression. ``change`` is the final interval of the ratio of the speedup to the baseline's.
    """

    slowdown: float
    seconds: float
    answer: str
    first: str
    strict: str
    margin: float
    change: tuple[float, float, float]


def baseline(effort: Effort = EFFORT) -> Results:
    """Measure the baseline."""
    return measure(select(UTILITIES), effort.baseline)


def run(before: Results, slowdown: float, size: int, effort: Effort = EFFORT) -> GateRun:
    """Measure with a checksum of ``size`` bytes added to one native function, and judge.

    Raises WorkbenchError if something could not be measured.
    """
    start = time.perf_counter()
    slowed = slowed_by(size) if slowdown else nullcontext()
    with slowed, patch.object(remeasure, "MORE", effort.again):
        results = measure(select(UTILITIES), effort.run)
        first = judge(results, _TOLERANT, before)
        strict = judge(results, _STRICT, before)
        results, last = remeasure.until_decided(results, _TOLERANT, before, effort.budget_seconds)
    changes = [c.change for c in compare(before, results) if c.utility == FUNCTION and c.change]
    if results.failures or len(changes) != 1:
        raise WorkbenchError(f"some measurements are missing: {results.failures}")
    return GateRun(
        slowdown,
        time.perf_counter() - start,
        _answer(last),
        _answer(first),
        _answer(strict),
        noise(results, before),
        (changes[0].estimate, changes[0].low, changes[0].high),
    )


def _answer(verdict: GateVerdict) -> str:
    return {DONE: PASS, FINDINGS: FAIL}.get(verdict.exit_code, UNDECIDED)
