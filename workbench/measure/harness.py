"""Measure in rounds of worker processes until the confidence intervals are narrow enough."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from workbench import backends, environment
from workbench.catalog import Utility
from workbench.errors import WorkbenchError
from workbench.measure import counting, floor
from workbench.measure.checking import Checked, check_equivalence
from workbench.measure.pairing import Pairing
from workbench.measure.plan import DEFAULT, Limits, Plan, Progress
from workbench.measure.process import OutOfTimeError, WorkerLostError, run_job
from workbench.measure.record import Key, Record
from workbench.results.model import FLOOR, NATIVE, UPSTREAM, Failure, Results


def measure(
    utilities: Iterable[Utility],
    plan: Plan = DEFAULT,
    progress: Progress | None = None,
    save: Callable[[Results], None] | None = None,
    pairing: Pairing | None = None,
) -> Results:
    """Check the equivalence of the utilities, then time both sides of every workload in pairs.

    The floor of a workload is timed in the same pairs if the workbench extension is installed.
    ``save`` receives the results so far after each process, on interruption, and at the end.
    Workloads that raise, hang, are missing or are not reached become failures in the results; the
    rest is measured. Without a native side only the first side is timed. A ``pairing`` of callables
    replaces the utilities.
    """
    deadline = time.monotonic() + plan.budget_seconds
    pairing = pairing or Pairing()
    everything = (pairing.utility(),) if pairing.expression else tuple(utilities)
    selected = tuple(u for u in everything if pairing.first != UPSTREAM or u.replaces)
    missing = backends.why_native_is_missing() if NATIVE in pairing.sides else None
    seed = random.SystemRandom().getrandbits(32) if plan.seed is None else plan.seed
    no_floor = floor.why_missing()
    facts = _facts(plan, pairing, seed)
    if no_floor and any(workload.floor for u in selected for workload in u.workloads):
        facts["floor_missing"] = no_floor
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as scratch:
        limits = Limits(plan.time_limit, deadline, scratch)
        checked = Checked()
        if missing is None:
            examples = 0 if pairing.expression else plan.examples
            # Leave time to measure on slow machines.
            early = replace(limits, deadline=deadline - plan.budget_seconds / 2)
            checked = check_equivalence(selected, pairing, examples, early, progress)
        sides = pairing.sides[:1] if missing else pairing.sides
        beside = pairing.beside if no_floor else (*pairing.beside, FLOOR)
        record = Record(selected, sides, checked.checks, facts, beside, plan.curves)
        record.failures += checked.failures
        if missing:
            record.failures.append(Failure("native", missing))
        for utility in everything:
            if utility not in selected:
                reason = "no upstream function to compare with"
                record.failures.append(Failure(utility.name, reason))
        shared = {"scratch": scratch, "pairing": pairing.to_json()}
        found = _Rounds(record, plan, seed, shared, progress, deadline).all_processes(save)
        if plan.instructions and missing is None:
            # Code runs many times slower under valgrind.
            patience = max(plan.time_limit, counting.LEAST_PATIENCE)
            deadline = time.monotonic() + counting.BUDGET_SECONDS
            limits = replace(limits, time_limit=patience, deadline=deadline)
            counted = counting.count_instructions(selected, pairing, limits, progress)
            failures = (*found.failures, *counted.failures)
            found = replace(found, instructions=tuple(counted.counts), failures=failures)
            if save and found.measurements:
                save(found)
    return found


def _facts(plan: Plan, pairing: Pairing, seed: int) -> environment.Environment:
    facts = {**environment.collect(), "plan": plan.name, "seed": seed}
    if pairing != Pairing():
        facts.update(first_side=pairing.first, second_side=pairing.second)
    if pairing.expression and pairing.expression.setup:
        facts["setup"] = pairing.expression.setup
    return facts


class _Rounds:
    """The rounds of worker processes of one run."""

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        record: Record,
        plan: Plan,
        seed: int,
        job: dict[str, Any],
        progress: Progress | None,
        deadline: float,
    ) -> None:
        self._deadline = deadline
        self._record = record
        self._plan = plan
        self._shared_job = job
        self._progress = progress
        self._random = random.Random(seed)
        self._begin = time.monotonic()
        self._done = 0

    def all_processes(self, save: Callable[[Results], None] | None) -> Results:
        """Run processes until all tasks are settled or the budget is spent; save after each."""
        process = 0
        try:
            while not self.is_over(process):
                self.one_process(process)
                process += 1
                self._save(save)
        except KeyboardInterrupt:
            self._save(save)
            raise
        self._save(save)
        return self._record.results()

    def _save(self, save: Callable[[Results], None] | None) -> None:
        if save and self._record.has_samples:
            save(self._record.results())

    def is_over(self, processes: int) -> bool:
        """Settle tasks with narrow intervals; return whether no further process should run."""
        plan = self._plan
        if processes >= plan.least_processes:
            self._record.settle(plan.target_width)
        if not self._record.open_tasks():
            return True
        if processes >= plan.most_processes:
            self._record.stop("processes")
            return True
        now = time.monotonic()
        one = (now - self._begin) / processes if processes else 0.0
        if now + one >= self._deadline:
            self._record.stop("budget")
            return True
        return False

    def one_process(self, number: int) -> None:
        """Run every open task in a new process, and in another one whenever a process is lost."""
        remaining = self._record.open_tasks()
        while remaining:
            job = self._job(remaining, number)
            started: int | None = None
            hash_seed = self._random.getrandbits(32)
            try:
                for event in run_job(job, self._plan.time_limit, hash_seed, self._deadline):
                    if event["event"] == "start":
                        started = event["task"]
                        self._report(remaining[event["task"]])
                    else:
                        self._record.take(remaining[event["task"]], event)
                        self._done += 1
                return
            except OutOfTimeError:
                return
            except WorkerLostError as lost:
                if started is None:
                    raise WorkbenchError(f"cannot start a worker process: {lost}") from lost
                self._record.fail(remaining[started], str(lost))
            open_ = set(self._record.open_tasks())
            seen = self._record.processes_of
            remaining = [key for key in remaining if key in open_ and seen(key) <= number]

    def _job(self, keys: list[Key], number: int) -> dict[str, Any]:
        cpus = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [None]
        return {
            **self._shared_job,
            "tasks": [
                {"utility": key.utility, "workload": key.workload, "sides": key.sides}
                for key in keys
            ],
            "seed": self._random.getrandbits(32),
            "cpu": cpus[number % len(cpus)],
            "pairs": self._plan.pairs,
            "sample_seconds": self._plan.sample_seconds,
            "seconds": self._plan.task_seconds,
        }

    def _report(self, key: Key) -> None:
        if self._progress:
            expected = len(self._record.open_tasks()) * self._plan.least_processes
            self._progress(
                self._done, max(expected, self._done + 1), f"{key.utility}: {key.workload}"
            )
