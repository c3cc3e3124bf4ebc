"""What a report may hold beside results: expected savings, a trend, a gate's verdict.

Like the rest of the report's model: plain frozen data, its field names are the JSON's keys.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Saving:
    """What one utility would save in the profiled run.

    ``seconds`` with its 95% interval is negative where native is slower, None with a ``reason``
    where nothing can be expected.
    """

    utility: str
    sites: int
    calls: int | None
    """None in a sampling profile."""
    profile_seconds: float
    """Time that the profiler saw in the replaced function, its own overhead included."""
    speedup: float | None
    workload: str
    """The workload that the speedup was measured on."""
    call_seconds: float | None
    """What one call saves in that workload."""
    seconds: float | None
    seconds_low: float | None
    seconds_high: float | None
    exceeds: bool
    """Whether more is expected than the profiler saw: the calls are lighter than the workload."""
    reason: str | None


@dataclass(frozen=True)
class SiteSaving:
    """What one function that calls a replaced one would save in the profiled run."""

    utility: str
    path: str
    """Empty where nothing that was profiled is the caller."""
    line: int | None
    function: str
    calls: int | None
    profile_seconds: float
    seconds: float | None


@dataclass(frozen=True)
class SavingsSection:
    """The expected saving: calls times the measured saving of a call.

    Of a sampling profile, which has no calls: the time in the function times 1 - 1 / speedup.
    """

    profiler: str
    counts_calls: bool
    profile_seconds: float
    """Time of the whole profiled run, over all threads."""
    seconds: float | None
    seconds_low: float | None
    seconds_high: float | None
    share: float | None
    """``seconds`` as a part of ``profile_seconds``."""
    by_utility: tuple[Saving, ...]
    by_site: tuple[SiteSaving, ...]
    unused: tuple[str, ...]
    """Measured utilities that the profile has no call of."""


@dataclass(frozen=True)
class TrendPoint:
    """One run of a workload; the state and its reason are those of ``workbench history``."""

    date: str
    commit: str
    dirty: bool | None
    speedup: float | None
    low: float | None
    high: float | None
    comparable: bool
    state: str | None
    reason: str | None


@dataclass(frozen=True)
class TrendStep:
    """A lasting change of a speedup, between two runs; ``change`` is the ratio of the levels."""

    before_date: str
    before_commit: str
    date: str
    commit: str
    before: float
    after: float
    change: float
    change_low: float
    change_high: float


@dataclass(frozen=True)
class TrendResult:
    """One workload over the runs of a history, the oldest first."""

    utility: str
    workload: str
    primary: bool
    runs: int
    first: float | None
    """The speedup of the first comparable run."""
    newest: float | None
    points: tuple[TrendPoint, ...]
    steps: tuple[TrendStep, ...]


@dataclass(frozen=True)
class TrendSection:
    """How the speedups went over a history."""

    store: str
    runs: int
    steps: int
    trends: tuple[TrendResult, ...]


@dataclass(frozen=True)
class Judged:
    """What the gate says of one workload, and why."""

    utility: str
    workload: str
    answer: str
    reason: str


@dataclass(frozen=True)
class GateSection:
    """The gate's verdict on the results, the worst judgements first."""

    passed: bool
    baseline: str | None
    """What the results were compared with, if with anything."""
    counts: dict[str, int]
    """Judgements by answer."""
    judgements: tuple[Judged, ...]


@dataclass(frozen=True)
class CurvePoint:
    """One size of a curve; times are medians of one call."""

    size: int
    """In the curve's unit."""
    python_seconds: float | None
    native_seconds: float | None
    speedup: float | None
    low: float | None
    high: float | None
    samples: int


@dataclass(frozen=True)
class CurveResult:
    """One utility over sizes of its input, the smallest first; it is in no mean.

    ``crossing`` says at which sizes native wins; ``break_even`` with its interval is the size at
    which the speedup crosses 1, None where it does not.
    """

    utility: str
    name: str
    unit: str
    points: tuple[CurvePoint, ...]
    crossing: str
    break_even: float | None
    break_even_low: float | None
    break_even_high: float | None
