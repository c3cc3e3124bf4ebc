"""The data model of a benchmark run, without I/O and heavy imports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp, log, nan
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

PYTHON = "python"
NATIVE = "native"
UPSTREAM = "upstream"
"""The function that a utility replaces, as published by its package."""
FLOOR = "floor"
"""Not a function but the system and library calls that a workload needs."""

Samples = tuple[tuple[float, ...], ...]
"""Seconds per call, one inner tuple per worker process."""

CALL_SECONDS = 60e-9
"""Minimum time to call a native function from Python, which floors do not include."""
FEWEST_PAIRS = 6
"""With fewer pairs, a two-sided sign test cannot reach 5%: 2 * 0.5**5 > 0.05."""


@dataclass(frozen=True)
class Interval:
    """A point estimate with its 95% confidence interval, in the same unit."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class ProcessRun:
    """How one worker process took its samples.

    ``loops`` and ``warmups`` have one entry per timed side, in the order Python, native, additional
    sides, floor.
    """

    date: str
    """Start time in local time, as ``2025-01-31 23:59:59.000000``."""
    duration: float
    """Duration in seconds, including calibration and warm-up."""
    loops: tuple[int, ...]
    """Calls in each sample."""
    warmups: tuple[tuple[tuple[int, float], ...], ...]
    """Samples taken during calibration, as (calls, seconds per call)."""


@dataclass(frozen=True)
class Measurement:
    """One workload of one utility, Python and native timed in pairs.

    ``native`` has the shape of ``python``: samples ``[p][i]`` of both were taken next to each other
    in the same process. It is empty when there is no native side. ``floor``, the system and library
    calls of the workload without Python, has the same shape or is empty.
    """

    utility: str
    workload: str
    announced_speedup: float
    python: Samples
    native: Samples
    speedup: Interval | None
    equivalent: bool | None
    """Result of the equivalence check of this run; None when there was none."""
    equivalence_cases: int
    primary: bool
    """Whether this is the first workload of the utility, which represents it in means.

    False for composites of several utilities.
    """
    runs: tuple[ProcessRun, ...] = ()
    """One per process, in the order of the samples; empty when unknown."""
    stopped: str = ""
    """Why sampling ended: ``target``, ``budget`` or ``processes`` (their maximum number)."""
    floor: Samples = ()
    floor_calls: str = ""
    """The calls of the floor, in a few words."""
    limit: Interval | None = None
    """The speedup of calling only the floor from Python, an upper bound for any implementation."""
    beside: Mapping[str, Samples] = field(default_factory=dict)
    """Additional sides timed in the same pairs, by name."""
    equivalence_examples: tuple[str, ...] = ()
    """Some of the calls of the equivalence check, as source code."""

    @property
    def python_seconds(self) -> float:
        """Median time of one call of the Python side, in seconds."""
        return _median(self.python)

    @property
    def native_seconds(self) -> float | None:
        """Median time of one call of the native side, in seconds, if it was measured."""
        return _median(self.native) if self.native else None

    @property
    def floor_seconds(self) -> float | None:
        """Median time of one round of the floor, in seconds, if it was measured."""
        return _median(self.floor) if self.floor else None

    @property
    def floor_share(self) -> float | None:
        """The fraction of the native time taken by the floor and a call from Python.

        The median over all pairs, so that load on the machine cancels out; None without a floor or
        a native side.
        """
        if not self.floor or not self.native:
            return None
        return median(
            (floor + CALL_SECONDS) / native
            for process in zip(self.floor, self.native, strict=True)
            for floor, native in zip(*process, strict=True)
        )

    @property
    def samples(self) -> int:
        """The number of pairs in all processes (Python samples without a native side)."""
        return sum(len(process) for process in self.python)


@dataclass(frozen=True)
class Control:
    """An A/A control: one side of a workload, timed in pairs against itself.

    ``first`` and ``second`` are paired like the sides of a measurement. ``ratio`` is estimated like
    a speedup; its distance from 1 shows the effect of noise.
    """

    utility: str
    workload: str
    side: str
    """``python`` or ``native``."""
    first: Samples
    second: Samples
    ratio: Interval


@dataclass(frozen=True)
class Failure:
    """Something that could not be measured, analysed or verified, and the reason."""

    subject: str
    reason: str


@dataclass(frozen=True)
class SizePoint:
    """One size of a curve, timed like any workload."""

    size: int
    """In the curve's unit, at least 1."""
    measurement: Measurement


@dataclass(frozen=True)
class SizeCurve:
    """One utility at several sizes of its input, in ascending order."""

    utility: str
    name: str
    """What is measured, e.g. ``sha256 of a file``."""
    unit: str
    """The unit of the sizes, e.g. ``bytes``."""
    points: tuple[SizePoint, ...]


@dataclass(frozen=True)
class InstructionCount:
    """Instructions per call on both sides of a workload, counted several times.

    Instructions in the kernel are not included: a system call counts as one. Nor are CPU extensions
    that the counter does not support, such as SHA: libraries use other code then.
    """

    utility: str
    workload: str
    counter: str
    """``callgrind`` or ``perf``."""
    python: tuple[float, ...]
    native: tuple[float, ...]

    @property
    def ratio(self) -> Interval:
        """Python over native instructions, with the range over all rounds as the interval."""
        return Interval(
            median(self.python) / median(self.native),
            min(self.python) / max(self.native),
            max(self.python) / min(self.native),
        )


@dataclass(frozen=True)
class Results:
    """One benchmark run."""

    measurements: tuple[Measurement, ...]
    environment: Mapping[str, str | int | float] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    controls: tuple[Control, ...] = ()
    curves: tuple[SizeCurve, ...] = ()
    """Utilities at several input sizes; not part of means and gates."""
    instructions: tuple[InstructionCount, ...] = ()
    """Instructions of the workloads, if they were counted."""

    @property
    def noise_floor(self) -> float | None:
        """The largest relative difference between identical code in this run, 0.01 for 1%.

        None when the run has no controls.
        """
        if not self.controls:
            return None
        return max(exp(abs(log(control.ratio.estimate))) for control in self.controls) - 1

    def to_frame(self) -> pd.DataFrame:
        """Return a frame with one row per pair: utility, workload, process, sample, times, ratios.

        ``python_seconds``, ``native_seconds`` and ``floor_seconds`` are seconds per call, NaN if
        not measured; ``speedup`` is Python over native, ``floor_share`` the fraction of the native
        time taken by the floor and a call from Python.
        """
        import pandas as pd

        rows = [
            (m.utility, m.workload, p, i, python, _at(m.native, p, i), _at(m.floor, p, i))
            for m in self.measurements
            for p, process in enumerate(m.python)
            for i, python in enumerate(process)
        ]
        columns = ["utility", "workload", "process", "sample"]
        columns += ["python_seconds", "native_seconds", "floor_seconds"]
        frame = pd.DataFrame(rows, columns=columns)
        frame["speedup"] = frame["python_seconds"] / frame["native_seconds"]
        frame["floor_share"] = (frame["floor_seconds"] + CALL_SECONDS) / frame["native_seconds"]
        return frame


def _at(samples: Samples, process: int, sample: int) -> float:
    return samples[process][sample] if samples else nan


def _median(samples: Samples) -> float:
    return median(value for process in samples for value in process)
