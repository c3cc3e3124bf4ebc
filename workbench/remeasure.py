"""Taking more samples of what a gate cannot decide."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from workbench.backends import NATIVE, PYTHON
from workbench.catalog import select
from workbench.comparison import what_differs
from workbench.errors import WorkbenchError
from workbench.gate import Answer, Policy, Verdict, judge
from workbench.measure.checking import NOT_REACHED
from workbench.measure.harness import measure
from workbench.measure.pairing import Pairing
from workbench.measure.plan import DEFAULT, Plan
from workbench.results import Measurement, Results
from workbench.statistics import limit, speedup

Progress = Callable[[int, int, str], None]

_MORE = replace(DEFAULT, name="more", least_processes=4, most_processes=4, examples=0)


def until_decided(
    results: Results,
    policy: Policy,
    baseline: Results | None,
    budget_seconds: float,
    progress: Progress | None = None,
) -> tuple[Results, Verdict]:
    """Measure undecided utilities again, and judge, until all is decided or the time is over.

    Returns the results with the new samples beside the old ones, and the verdict on them. Raises
    WorkbenchError when this machine or this Python cannot add to those results.
    """
    strict = replace(policy, undecided=Answer.UNDECIDED)
    end = time.monotonic() + budget_seconds
    while (left := end - time.monotonic()) > 0:
        verdict = judge(results, strict, baseline)
        open_ = {j.utility for j in verdict.judgements if j.answer is Answer.UNDECIDED}
        if not open_:
            break
        results = merge(
            results, _sample(results, open_, replace(_MORE, budget_seconds=left), progress)
        )
    return results, judge(results, policy, baseline)


def merge(results: Results, more: Results) -> Results:
    """Add the samples of ``more`` to the workloads of ``results`` that it measured again.

    Raises WorkbenchError when the two were not measured under comparable conditions.
    """
    if differences := what_differs(results, more, same_code=True):
        raise WorkbenchError(f"these results cannot be measured on here: {differences}")
    # What there was no time to measure again has been measured before.
    failed = [failure for failure in more.failures if failure.reason != NOT_REACHED]
    fresh = {(m.utility, m.workload): m for m in more.measurements}
    return replace(
        results,
        measurements=tuple(
            _joined(m, fresh[key]) if (key := (m.utility, m.workload)) in fresh else m
            for m in results.measurements
        ),
        failures=tuple(dict.fromkeys((*results.failures, *failed))),
        controls=(*results.controls, *more.controls),
    )


def _sample(results: Results, names: set[str], plan: Plan, progress: Progress | None) -> Results:
    sides = (("first_side", PYTHON), ("second_side", NATIVE))
    first, second = (str(results.environment.get(*side)) for side in sides)
    if ":" in first + second:
        raise WorkbenchError("callables given by name cannot be measured again by the gate")
    return measure(select(names), plan, progress, pairing=Pairing(first, second))


def _joined(old: Measurement, new: Measurement) -> Measurement:
    if not old.native or not new.native:
        return old
    python, native = (*old.python, *new.python), (*old.native, *new.native)
    floor = (*old.floor, *new.floor) if old.floor and new.floor else ()
    complete = _knows_runs(old) and _knows_runs(new) and bool(old.floor) == bool(new.floor)
    return replace(
        old,
        python=python,
        native=native,
        speedup=speedup(python, native),
        equivalent=old.equivalent and new.equivalent,
        equivalence_cases=old.equivalence_cases + new.equivalence_cases,
        runs=(*old.runs, *new.runs) if complete else (),
        stopped=new.stopped,
        floor=floor,
        floor_calls=old.floor_calls if floor else "",
        limit=limit(python, floor) if floor else None,
        beside={},
    )


def _knows_runs(m: Measurement) -> bool:
    """Whether every process is known, and timed nothing that merging leaves out."""
    return len(m.runs) == len(m.python) and not m.beside
