"""What a benchmark run found: plain frozen data, no I/O and no heavy import."""

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
"""The function that a utility replaces, as its own package publishes it."""
FLOOR = "floor"
"""No function: the bare calls that a workload comes down to."""

Samples = tuple[tuple[float, ...], ...]
"""Seconds per call, one inner tuple for each worker process."""

CALL_SECONDS = 60e-9
"""What calling a native function from Python takes at least; a floor is timed without Python."""
FEWEST_PAIRS = 6
"""With fewer pairs not even a two-sided sign test reaches 5%: 2 * 0.5**5 > 0.05."""


@dataclass(frozen=True)
class Interval:
    """A point estimate with its 95% confidence interval, all in the same unit."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class ProcessRun:
    """How one worker process came to its samples.

    ``loops`` and ``warmups`` have one entry for each side that was timed: Python, native, those
    beside them, the floor.
    """

    date: str
    """When it began, as ``2025-01-31 23:59:59.000000`` in local time."""
    duration: float
    """Seconds it took, calibration and warm-up included."""
    loops: tuple[int, ...]
    """Calls in each sample."""
    warmups: tuple[tuple[tuple[int, float], ...], ...]
    """Samples taken for calibration, as (calls, seconds per call)."""


@dataclass(frozen=True)
class Measurement:
    """One workload of one utility, Python and native timed in pairs.

    ``native`` has the shape of ``python``: sample ``[p][i]`` of one was taken next to sample
    ``[p][i]`` of the other, in the same process. It is empty when there is no native side. So is
    ``floor``: the bare system and library calls of the workload, without Python around them.
    """

    utility: str
    workload: str
    announced_speedup: float
    python: Samples
    native: Samples
    speedup: Interval | None
    equivalent: bool | None
    """Result of the equivalence check made with this run; None when it could not be made."""
    equivalence_cases: int
    primary: bool
    """Whether this is the utility's first workload, the one that stands for it in means.

    The workload of a composite of several utilities stands in none.
    """
    runs: tuple[ProcessRun, ...] = ()
    """One for each process, in the order of the samples; empty when nothing is known of them."""
    stopped: str = ""
    """Why sampling ended: ``target``, ``budget`` or ``processes`` (the most allowed)."""
    floor: Samples = ()
    floor_calls: str = ""
    """What the floor calls, in a few words."""
    limit: Interval | None = None
    """The speedup of calling the floor from Python: no implementation can be faster."""
    beside: Mapping[str, Samples] = field(default_factory=dict)
    """More sides that were timed in the same pairs, by name."""
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
        """Median time of one round of the bare calls, in seconds, if it was measured."""
        return _median(self.floor) if self.floor else None

    @property
    def floor_share(self) -> float | None:
        """How much of the native time nobody can save: the floor and a call from Python, over it.

        The median over all pairs, so that a busy machine slows both; None without either.
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
        """How many pairs were taken over all processes (Python samples without a native side)."""
        return sum(len(process) for process in self.python)


@dataclass(frozen=True)
class Control:
    """An A/A control: one side of a workload, timed in pairs against itself.

    ``first`` and ``second`` are paired as the sides of a measurement are; ``ratio`` is estimated
    from them in the same way, and how far it is from 1 is what noise does to a speedup.
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
    """Something that could not be measured, analysed or proved, and why."""

    subject: str
    reason: str


@dataclass(frozen=True)
class SizePoint:
    """One size of a curve, timed as any workload is."""

    size: int
    """In the curve's unit, at least 1."""
    measurement: Measurement


@dataclass(frozen=True)
class SizeCurve:
    """One utility over several sizes of its input, the smallest first."""

    utility: str
    name: str
    """What grows, e.g. ``sha256 of a file``."""
    unit: str
    """What sizes count, e.g. ``bytes``."""
    points: tuple[SizePoint, ...]


@dataclass(frozen=True)
class InstructionCount:
    """Instructions per call of both sides of a workload, counted several times.

    Those of the kernel are not among them: a system call counts as one. Nor are those of CPU
    extensions that the counter does not offer, such as SHA: libraries take another way then.
    """

    utility: str
    workload: str
    counter: str
    """``callgrind`` or ``perf``."""
    python: tuple[float, ...]
    native: tuple[float, ...]

    @property
    def ratio(self) -> Interval:
        """How many times fewer instructions native takes, between the extremes that were seen."""
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
    """Utilities over sizes of their input; these are in no mean and no gate."""
    instructions: tuple[InstructionCount, ...] = ()
    """Instructions of the workloads, if they were counted."""

    @property
    def noise_floor(self) -> float | None:
        """The largest relative difference that this run saw where there is none, 0.01 for 1%.

        None when the run has no control.
        """
        if not self.controls:
            return None
        return max(exp(abs(log(control.ratio.estimate))) for control in self.controls) - 1

    def to_frame(self) -> pd.DataFrame:
        """One row for each pair: utility, workload, process, sample, the times and their ratios.

        ``python_seconds``, ``native_seconds`` and ``floor_seconds`` are seconds per call, NaN where
        there is none; ``speedup`` is Python over native, ``floor_share`` the part of the native
        time that the floor and a call from Python take.
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
