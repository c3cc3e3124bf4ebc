"""Data model of the optional sections of a report: savings, trends, gate and curves.

Field names are the keys of the JSON document.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Saving:
    """Expected saving of one utility in the profiled run.

    ``seconds``, with its 95% confidence interval, is negative if native is slower. It is None, with
    a ``reason``, if no saving can be estimated.
    """

    utility: str
    sites: int
    calls: int | None
    """None for a sampling profile."""
    profile_seconds: float
    """Time in the replaced function according to the profiler, including its overhead."""
    speedup: float | None
    workload: str
    """Workload of the measured speedup."""
    call_seconds: float | None
    """Saving per call of that workload."""
    seconds: float | None
    seconds_low: float | None
    seconds_high: float | None
    exceeds: bool
    """Whether the saving exceeds the profiled time: the calls do less work than the workload."""
    reason: str | None


@dataclass(frozen=True)
class SiteSaving:
    """Expected saving at one call site, a function that calls a replaced one."""

    utility: str
    path: str
    """Empty if the caller is not in the profile."""
    line: int | None
    function: str
    calls: int | None
    profile_seconds: float
    seconds: float | None


@dataclass(frozen=True)
class SavingsSection:
    """Expected saving: calls times the measured saving per call.

    For a sampling profile, which has no call counts: time in the function times 1 - 1 / speedup.
    """

    profiler: str
    counts_calls: bool
    profile_seconds: float
    """Time of the whole profiled run, summed over all threads."""
    seconds: float | None
    seconds_low: float | None
    seconds_high: float | None
    share: float | None
    """``seconds`` as a fraction of ``profile_seconds``."""
    by_utility: tuple[Saving, ...]
    by_site: tuple[SiteSaving, ...]
    unused: tuple[str, ...]
    """Measured utilities that the profile does not call."""


@dataclass(frozen=True)
class TrendPoint:
    """One run of a workload; state and reason as shown by ``workbench history``."""

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
    """A lasting change of a speedup between two runs; ``change`` is the ratio of the levels."""

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
    """Speedups of one workload over the runs of a history, oldest first."""

    utility: str
    workload: str
    primary: bool
    runs: int
    first: float | None
    """Speedup of the first comparable run."""
    newest: float | None
    points: tuple[TrendPoint, ...]
    steps: tuple[TrendStep, ...]


@dataclass(frozen=True)
class TrendSection:
    """Speedups over the runs of a history."""

    store: str
    runs: int
    steps: int
    trends: tuple[TrendResult, ...]


@dataclass(frozen=True)
class Judged:
    """Judgement of the gate on one workload."""

    utility: str
    workload: str
    answer: str
    reason: str


@dataclass(frozen=True)
class GateSection:
    """Verdict of the gate on the results, the worst judgements first."""

    passed: bool
    baseline: str | None
    """Name of the results that were compared with, if any."""
    counts: dict[str, int]
    """Judgements by answer."""
    judgements: tuple[Judged, ...]


@dataclass(frozen=True)
class CurvePoint:
    """One input size of a curve; times are medians per call."""

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
    """Speedup of a utility by input size, the smallest first; not included in means.

    ``crossing`` says at which sizes native is faster. ``break_even``, with its confidence interval,
    is the size at which the speedup crosses 1; None if it does not.
    """

    utility: str
    name: str
    unit: str
    points: tuple[CurvePoint, ...]
    crossing: str
    break_even: float | None
    break_even_low: float | None
    break_even_high: float | None
