"""What a run has found so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workbench.catalog import Utility, Workload
from workbench.results import Failure, Measurement, ProcessRun, Results
from workbench.statistics import relative_width, speedup
from workbench.verify import Equivalence

Key = tuple[str, str]
"""Utility and workload."""

_QUICK_RESAMPLES = 400


class Record:
    """Collects the samples of every workload and makes results of them."""

    def __init__(
        self,
        utilities: Iterable[Utility],
        sides: list[str],
        checks: Iterable[Equivalence],
        environment: dict[str, str | int | float],
    ) -> None:
        self.sides = sides
        self.failures: list[Failure] = []
        self._environment = environment
        self._checks = {check.utility: check for check in checks}
        self._tasks = {
            (utility.name, workload.name): _Task(utility, workload)
            for utility in utilities
            for workload in utility.workloads
        }
        for check in self._checks.values():
            if check.mismatches:
                first = check.mismatches[0]
                reason = f"{first.call}: Python {first.python}, native {first.native}"
                self.failures.append(Failure(f"equivalence of {check.utility}", reason))

    @property
    def has_samples(self) -> bool:
        """Whether anything was measured yet."""
        return any(task.values for task in self._tasks.values())

    def open_tasks(self) -> list[Key]:
        """Return the workloads that need more samples."""
        return [key for key, task in self._tasks.items() if not task.stopped]

    def processes_of(self, key: Key) -> int:
        """Return how many processes have measured a workload."""
        return len(self._tasks[key].values)

    def take(self, key: Key, event: dict[str, Any]) -> None:
        """Keep the samples, or the failure, that a worker tells of."""
        if event["event"] == "failed":
            self.fail(key, event["reason"])
            return
        task = self._tasks[key]
        task.values.append([tuple(side) for side in event["values"]])
        warmups = tuple(tuple((loops, value) for loops, value in w) for w in event["warmups"])
        run = ProcessRun(event["date"], event["duration"], tuple(event["loops"]), warmups)
        task.runs.append(run)

    def fail(self, key: Key, reason: str) -> None:
        """Give a workload up; what it has given so far is kept."""
        self.failures.append(Failure(f"{key[0]}/{key[1]}", reason))
        self._tasks[key].stopped = "failed"

    def settle(self, target_width: float) -> None:
        """Close every workload whose interval is narrow enough."""
        for key in self.open_tasks():
            task = self._tasks[key]
            python, native = task.samples()
            # Without pairs there is no ratio to be sure of, and the fewest processes will do.
            if not native or (
                relative_width(speedup(python, native, _QUICK_RESAMPLES)) <= target_width
            ):
                task.stopped = "target"

    def stop(self, reason: str) -> None:
        """Close every workload that is still open."""
        for key in self.open_tasks():
            self._tasks[key].stopped = reason

    def results(self) -> Results:
        """Return everything found so far; a workload still open has used all its processes."""
        measured = [self._measurement(task) for task in self._tasks.values() if task.values]
        return Results(tuple(measured), dict(self._environment), tuple(self.failures))

    def _measurement(self, task: _Task) -> Measurement:
        python, native = task.samples()
        check = self._checks.get(task.utility.name)
        return Measurement(
            utility=task.utility.name,
            workload=task.workload.name,
            announced_speedup=task.utility.announced_speedup,
            python=python,
            native=native,
            speedup=speedup(python, native) if native else None,
            equivalent=check.equivalent if check else None,
            equivalence_cases=check.cases if check else 0,
            primary=task.workload is task.utility.workloads[0],
            runs=tuple(task.runs),
            stopped=task.stopped or "processes",
        )


class _Task:
    def __init__(self, utility: Utility, workload: Workload) -> None:
        self.utility = utility
        self.workload = workload
        self.values: list[list[tuple[float, ...]]] = []
        """Seconds per call: process, side, sample."""
        self.runs: list[ProcessRun] = []
        self.stopped = ""

    def samples(self) -> tuple[tuple[tuple[float, ...], ...], tuple[tuple[float, ...], ...]]:
        python = tuple(sides[0] for sides in self.values)
        native = tuple(sides[1] for sides in self.values if len(sides) > 1)
        return python, native
