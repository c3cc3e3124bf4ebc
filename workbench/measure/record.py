"""Collect the samples and failures of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from workbench.catalog import Curve, Utility, Workload
from workbench.measure.checking import NOT_REACHED
from workbench.results.model import (
    FLOOR,
    Control,
    Failure,
    Measurement,
    ProcessRun,
    Results,
    Samples,
    SizeCurve,
    SizePoint,
)
from workbench.results.statistics import limit, relative_width, speedup
from workbench.verify import Equivalence

_QUICK_RESAMPLES = 400
_CONTROLLED_UTILITIES = 3


class Key(NamedTuple):
    """The key of a task: the sides of one workload, or one side twice as an A/A control."""

    utility: str
    workload: str
    sides: tuple[str, ...]
    """One or two compared sides, then the additional sides, then the floor."""
    is_control: bool = False


class Record:
    """Collects the samples of every workload and builds results from them."""

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        utilities: Iterable[Utility],
        sides: Sequence[str],
        checks: Iterable[Equivalence],
        environment: dict[str, str | int | float],
        beside: Sequence[str] = (),
        curves: bool = False,
    ) -> None:
        """Expect samples of ``sides`` and of the additional sides ``beside``, the floor last."""
        selected = tuple(utilities)
        self.failures: list[Failure] = []
        self._environment = environment
        self._checks = {check.utility: check for check in checks}
        self._compared = len(sides)
        self._tasks: dict[Key, _WorkItem] = {}
        for utility in selected:
            tasks = [_WorkItem(utility, workload) for workload in utility.workloads]
            for curve in utility.curves if curves else ():
                tasks += [_WorkItem(utility, w, curve, size) for size, w in curve.workloads()]
            for task in tasks:
                others = (side for side in beside if side != FLOOR or task.workload.floor)
                self._tasks[Key(utility.name, task.workload.name, (*sides, *others))] = task
        for utility in _spread(selected, _CONTROLLED_UTILITIES):
            workload = utility.workloads[0]
            for side in sides:
                key = Key(utility.name, workload.name, (side, side), is_control=True)
                self._tasks[key] = _WorkItem(utility, workload)
        for check in self._checks.values():
            if check.mismatches:
                first = check.mismatches[0]
                before, after = check.sides
                reason = f"{first.call}: {before} {first.expected}, {after} {first.actual}"
                self.failures.append(Failure(f"equivalence of {check.utility}", reason))

    @property
    def has_samples(self) -> bool:
        """Whether any workload has samples, apart from controls and curves."""
        return any(t.values for key, t in self._tasks.items() if not key.is_control and not t.curve)

    def open_tasks(self) -> list[Key]:
        """Return the keys of the tasks that need more samples."""
        return [key for key, task in self._tasks.items() if not task.stopped]

    def processes_of(self, key: Key) -> int:
        """Return how many processes have measured a task."""
        return len(self._tasks[key].values)

    def take(self, key: Key, event: dict[str, Any]) -> None:
        """Add the samples or the failure from an event of a worker."""
        if event["event"] == "failed":
            self.fail(key, event["reason"])
            return
        task = self._tasks[key]
        task.values.append([tuple(side) for side in event["values"]])
        warmups = tuple(tuple((loops, value) for loops, value in w) for w in event["warmups"])
        run = ProcessRun(event["date"], event["duration"], tuple(event["loops"]), warmups)
        task.runs.append(run)
        task.floor_calls = event["floor_calls"]
        if event["floor_error"]:
            failure = Failure(f"floor of {key.utility}: {key.workload}", event["floor_error"])
            if failure not in self.failures:
                self.failures.append(failure)

    def fail(self, key: Key, reason: str) -> None:
        """Close a task and record the failure; its samples so far are kept."""
        subject = f"{key.utility}/{key.workload}"
        # Report a workload once, although its controls fail too.
        if subject not in {failure.subject for failure in self.failures}:
            self.failures.append(Failure(subject, reason))
        self._tasks[key].stopped = "failed"

    def settle(self, target_width: float) -> None:
        """Close the tasks whose intervals are narrow enough, and the controls."""
        for key in self.open_tasks():
            task = self._tasks[key]
            if not task.values:
                continue
            # With a single side there is no ratio, so the minimum number of processes is enough.
            if key.is_control or self._compared < 2:
                task.stopped = "target"
                continue
            first, second = task.samples()[:2]
            if relative_width(speedup(first, second, _QUICK_RESAMPLES)) <= target_width:
                task.stopped = "target"

    def stop(self, reason: str) -> None:
        """Close all open tasks; those without samples become failures."""
        for key in self.open_tasks():
            if not self._tasks[key].values and not key.is_control:
                self.fail(key, NOT_REACHED)
            self._tasks[key].stopped = reason

    def results(self) -> Results:
        """Return the results so far."""
        controls = []
        measurements = []
        curves: dict[tuple[str, str, str], list[SizePoint]] = {}
        for key, task in self._tasks.items():
            if not task.values:
                continue
            if key.is_control:
                controls.append(_control(key, task))
            elif task.curve is None:
                measurements.append(self._measurement(key, task))
            else:
                place = (key.utility, task.curve.name, task.curve.unit)
                point = SizePoint(task.size, self._measurement(key, task))
                curves.setdefault(place, []).append(point)
        return Results(
            tuple(measurements),
            dict(self._environment),
            tuple(self.failures),
            tuple(controls),
            tuple(SizeCurve(*place, tuple(points)) for place, points in curves.items()),
        )

    def _measurement(self, key: Key, task: _WorkItem) -> Measurement:
        samples = task.samples()
        python, native = samples[0], samples[1] if self._compared > 1 else ()
        others = dict(zip(key.sides[self._compared :], samples[self._compared :], strict=False))
        floor = others.pop(FLOOR, ())
        count = len(samples)
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
            primary=task.workload is task.utility.workloads[0] and not task.utility.combine,
            runs=tuple(
                replace(run, loops=run.loops[:count], warmups=run.warmups[:count])
                for run in task.runs
            ),
            stopped=task.stopped,
            floor=floor,
            floor_calls=task.floor_calls if floor else "",
            limit=limit(python, floor) if floor else None,
            beside=others,
            equivalence_examples=check.examples if check else (),
        )


class _WorkItem:
    def __init__(
        self, utility: Utility, workload: Workload, curve: Curve | None = None, size: int = 0
    ) -> None:
        self.utility = utility
        self.workload = workload
        self.curve = curve
        self.size = size
        self.values: list[list[tuple[float, ...]]] = []
        """Seconds per call: process, side, sample."""
        self.runs: list[ProcessRun] = []
        self.stopped = ""
        self.floor_calls = ""

    def samples(self) -> list[Samples]:
        """Return the seconds per call of each side that was timed in every process."""
        return [tuple(column) for column in zip(*self.values, strict=False)]


def _control(key: Key, task: _WorkItem) -> Control:
    first, second = task.samples()[:2]
    ratio = speedup(first, second)
    return Control(key.utility, key.workload, key.sides[0], first, second, ratio)


def _spread(utilities: Sequence[Utility], count: int) -> list[Utility]:
    """Pick ``count`` utilities, evenly spread over the list."""
    if len(utilities) <= count:
        return list(utilities)
    return [utilities[index * (len(utilities) - 1) // (count - 1)] for index in range(count)]
