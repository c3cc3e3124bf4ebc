"""Data model of reports: every value that an output format shows.

Field names are the keys of the JSON document. Times are seconds per call, speedups are Python time
divided by native time, and None means not measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workbench.reports.model.audit import AuditSection, Problem
from workbench.reports.model.sections import (
    CurveResult,
    GateSection,
    SavingsSection,
    TrendSection,
)

SCHEMA_VERSION = 1
NATIVE = "native"
"""Subject of the failure that is recorded for a run without a native side."""


class SpeedupVerdict(StrEnum):
    """Verdict on a speedup, from its confidence interval."""

    FASTER = "faster"
    SLOWER = "slower"
    SAME = "same"
    UNDECIDED = "undecided"
    NOT_MEASURED = "not measured"


class Claim(StrEnum):
    """Announced speedup compared with the measured interval and with the limit of the floor."""

    IMPOSSIBLE = "impossible"
    NOT_REACHED = "not reached"
    CONFIRMED = "confirmed"
    EXCEEDED = "exceeded"


@dataclass(frozen=True)
class Distribution:
    """Quantiles of the samples of one side, in seconds per call."""

    p05: float
    p25: float
    p50: float
    p75: float
    p95: float


@dataclass(frozen=True)
class WorkloadResult:
    """Results of one workload of a utility."""

    utility: str
    workload: str
    python_seconds: float | None
    native_seconds: float | None
    speedup: float | None
    speedup_low: float | None
    speedup_high: float | None
    samples: int
    processes: int
    announced_speedup: float | None
    announced_verdict: Claim | None
    equivalent: bool | None
    equivalence_cases: int
    verdict: SpeedupVerdict
    python_distribution: Distribution | None
    native_distribution: Distribution | None
    floor_seconds: float | None
    """Time of the underlying system and library calls alone; None without a floor."""
    floor_share: float | None
    """Floor plus the cost of a call from Python, as a fraction of the native time."""
    floor_calls: str | None
    limit: float | None
    """Speedup of calling the floor from Python, an upper bound for any implementation."""
    limit_low: float | None
    limit_high: float | None


@dataclass(frozen=True)
class UtilityResult(WorkloadResult):
    """Results of a utility: those of its primary workload, and all workloads."""

    composite: bool = False
    """Whether it combines several utilities, which excludes it from means and counts."""
    purpose: str | None = None
    """Short description, if known."""
    workloads: tuple[WorkloadResult, ...] = ()
    equivalence_examples: tuple[str, ...] = ()
    """Example calls of the equivalence check, as source code."""

    @property
    def gains(self) -> bool:
        """Whether native is faster and not known to give different results."""
        return self.verdict is SpeedupVerdict.FASTER and self.equivalent is not False


@dataclass(frozen=True)
class Summary:
    """Means over the primary workloads, and counts over all utilities.

    Utilities that give different results from Python are excluded from the means.
    """

    arithmetic_mean: float | None
    geometric_mean: float | None
    geometric_mean_low: float | None
    geometric_mean_high: float | None
    announced_mean: float | None
    """Arithmetic mean of the announced speedups of the same utilities."""
    fastest: str | None
    fastest_speedup: float | None
    utilities: int
    measured: int
    averaged: int
    """Number of speedups in the means."""
    faster: int
    """Utilities that are faster and not known to give different results."""
    slower: int
    same: int
    undecided: int
    not_measured: int
    equivalent: int
    different: int
    announced: int
    """Measured utilities that have an announced speedup."""
    not_reached: int
    """Announced speedups above the measured interval, including impossible ones."""
    impossible: int
    """Announced speedups above the limit set by the floor."""
    floors: int
    """Workloads that have a floor."""


@dataclass(frozen=True)
class ControlResult:
    """One side of a workload timed in pairs against itself; the ratio should be 1."""

    utility: str
    workload: str
    side: str
    ratio: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Method:
    """How the results were measured."""

    workloads: int
    processes: int
    """Largest number of worker processes of any workload."""
    pairs_least: int
    pairs_most: int
    pairs: int
    equivalence_cases: int
    controls: tuple[ControlResult, ...]
    noise_floor: float | None
    """Largest difference seen by a control, 0.01 for 1%; None without controls."""
    margin: float
    """Distance from 1 that a whole interval must exceed to be faster or slower."""
    same_margin: float
    """Distance from 1 within which a whole interval is the same."""
    call_seconds: float
    """Minimum cost of a call from Python, added to each floor."""
    sides: tuple[str, str]
    """Names of the implementations shown as Python and as native."""
    commands: tuple[str, ...]
    """Commands that reproduce the run and the report."""


@dataclass(frozen=True)
class ChangedFile:
    """A file that the codemod changes, with its hunks as lines."""

    path: str
    added: int
    removed: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class MigrationSection:
    """Changes made by the codemod."""

    files: int
    added: int
    removed: int
    changes: tuple[ChangedFile, ...]


@dataclass(frozen=True)
class Report:
    """A complete report. Utilities are sorted by speedup, unmeasured ones last."""

    verdict: str
    """The result in one sentence."""
    environment: Mapping[str, str | int | float | None]
    utilities: tuple[UtilityResult, ...]
    summary: Summary
    method: Method
    curves: tuple[CurveResult, ...] = ()
    failures: tuple[Problem, ...] = ()
    audit: AuditSection | None = None
    savings: SavingsSection | None = None
    migration: MigrationSection | None = None
    trend: TrendSection | None = None
    gate: GateSection | None = None
    schema_version: int = field(default=SCHEMA_VERSION)
