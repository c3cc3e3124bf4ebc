"""Take more samples of workloads that the gate cannot decide."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from workbench.catalog import select
from workbench.errors import WorkbenchError
from workbench.gate.judge import ERROR_RATE, GateVerdict, excuse, judge
from workbench.gate.policy import Answer, Policy
from workbench.measure.checking import NOT_REACHED
from workbench.measure.harness import measure
from workbench.measure.pairing import Pairing
from workbench.measure.plan import DEFAULT, Plan
from workbench.results.comparison import what_differs
from workbench.results.model import NATIVE, PYTHON, Control, Measurement, Results
from workbench.results.statistics import limit, speedup

Progress = Callable[[int, int, str], None]

MORE = replace(DEFAULT, name="more", least_processes=4, most_processes=4, examples=0)
"""The minimum plan for another look at undecided workloads."""

_DECIDED = (Answer.PASS, Answer.FAIL)


def until_decided(
    results: Results,
    policy: Policy,
    baseline: Results | None,
    budget_seconds: float,
    progress: Progress | None = None,
) -> tuple[Results, GateVerdict]:
    """Measure undecided utilities again until all are decided or the budget is spent.

    Each further look is another chance for noise to fail a run. The looks therefore share the error
    rate of the gate (see `error_rate`). Each look doubles the samples, so that there are few looks,
    and decisions of earlier looks are final. Returns the results including the new samples, and the
    verdict. Raises WorkbenchError when samples from this machine or Python cannot be added to the
    results.
    """
    if budget_seconds <= 0:
        return results, judge(results, policy, baseline)
    strict = replace(policy, undecided=Answer.UNDECIDED)
    end = time.monotonic() + budget_seconds
    look = 1
    verdict = judge(results, strict, baseline, error_rate=error_rate(look))
    while (open_ := _undecided(verdict)) and (left := end - time.monotonic()) > 0:
        plan = _as_much_again(results, open_, left)
        results = merge(results, _sample(results, open_, plan, progress))
        look += 1
        now = judge(results, strict, baseline, error_rate=error_rate(look))
        verdict = _keep_decided(verdict, now)
    return results, GateVerdict(tuple(excuse(j, policy) for j in verdict.judgements))


def error_rate(look: int) -> float:
    """Return the error rate of a look, counted from 1.

    Look k spends 1 / (k (k + 1)) of the gate's error rate. All looks together spend the whole rate,
    so by the union bound the probability of a wrong failure at any look is at most that rate,
    regardless of their number. This is error spending (Lan and DeMets, "Discrete sequential
    boundaries for clinical trials", Biometrika 70:3, 1983) without the joint distribution of the
    looks, which is unknown here.
    """
    return ERROR_RATE / (look * (look + 1))


def _as_much_again(results: Results, names: set[str], budget_seconds: float) -> Plan:
    known = max((len(m.native) for m in results.measurements if m.utility in names), default=0)
    count = max(known, MORE.least_processes)
    return replace(MORE, least_processes=count, most_processes=count, budget_seconds=budget_seconds)


def _undecided(verdict: GateVerdict) -> set[str]:
    return {j.utility for j in verdict.judgements if j.answer is Answer.UNDECIDED}


def _keep_decided(before: GateVerdict, now: GateVerdict) -> GateVerdict:
    """Replace the judgements of this look by those that earlier looks have decided."""
    decided = {
        (j.utility, j.workload, j.demand): j
        for j in before.judgements
        if j.demand and j.answer in _DECIDED
    }
    return GateVerdict(
        tuple(decided.get((j.utility, j.workload, j.demand), j) for j in now.judgements)
    )


def merge(results: Results, more: Results) -> Results:
    """Add the samples of ``more`` to the workloads of ``results``.

    Raises WorkbenchError when the two runs are not comparable or come from different commits.
    """
    if differences := what_differs(results, more, same_code=True):
        raise WorkbenchError(f"cannot add samples to these results on this machine: {differences}")
    # A workload that was not reached keeps its earlier samples.
    failed = [failure for failure in more.failures if failure.reason != NOT_REACHED]
    fresh = {(m.utility, m.workload): m for m in more.measurements}
    return replace(
        results,
        measurements=tuple(
            _joined(m, fresh[key]) if (key := (m.utility, m.workload)) in fresh else m
            for m in results.measurements
        ),
        failures=tuple(dict.fromkeys((*results.failures, *failed))),
        controls=_pooled((*results.controls, *more.controls)),
    )


def _sample(results: Results, names: set[str], plan: Plan, progress: Progress | None) -> Results:
    sides = (("first_side", PYTHON), ("second_side", NATIVE))
    first, second = (str(results.environment.get(*side)) for side in sides)
    if ":" in first + second:
        raise WorkbenchError("the gate cannot remeasure callables given by name")
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
    """Return whether all process runs are known and timed no additional sides."""
    return len(m.runs) == len(m.python) and not m.beside


def _pooled(controls: Iterable[Control]) -> tuple[Control, ...]:
    """Merge the controls of the same workload and side.

    Otherwise the noise floor, the largest ratio of all controls, would grow with their number.
    """
    pooled: dict[tuple[str, str, str], Control] = {}
    for control in controls:
        key = (control.utility, control.workload, control.side)
        pooled[key] = _joined_control(pooled[key], control) if key in pooled else control
    return tuple(pooled.values())


def _joined_control(old: Control, new: Control) -> Control:
    first, second = (*old.first, *new.first), (*old.second, *new.second)
    return replace(old, first=first, second=second, ratio=speedup(first, second))
