"""Runs of the gate, whose right answer is known: code unchanged, or slower by a known part.

A run is what a user types before a change is merged: `workbench bench`, then `workbench gate
--baseline BASE --measure SECONDS`. The baseline is measured with more care, as it is once for many.
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
"""Of different kinds: computing, one system call, reading files of the kernel."""
SLOWDOWNS = (0.05, 0.10, 0.20, 0.50)
PASS, FAIL, UNDECIDED = "pass", "fail", "undecided"

_TOLERANT = Policy(Thresholds(min_speedup=None, max_regression=0.10))
_STRICT = Policy(Thresholds(min_speedup=None, max_regression=0.0))


@dataclass(frozen=True)
class Effort:
    """How much is measured for a run, for its baseline, and again for what is undecided."""

    run: Plan
    baseline: Plan
    again: Plan
    budget_seconds: float
    """For measuring again, as of `gate --measure`."""


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

    ``answer`` is the gate's for a regression of 10% allowed, measuring again what is undecided;
    ``first`` its answer without that, and ``strict`` that for no regression allowed at all.
    ``change`` is the interval of the slowed function's speedup over the baseline's, at the end.
    """

    slowdown: float
    seconds: float
    answer: str
    first: str
    strict: str
    margin: float
    change: tuple[float, float, float]


def baseline(effort: Effort = EFFORT) -> Results:
    """Measure what the runs are compared with."""
    return measure(select(UTILITIES), effort.baseline)


def run(before: Results, slowdown: float, size: int, effort: Effort = EFFORT) -> GateRun:
    """Measure, with ``size`` bytes more to do for one native function, and judge.

    Raises WorkbenchError when something could not be measured.
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
        raise WorkbenchError(f"not everything could be measured: {results.failures}")
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
