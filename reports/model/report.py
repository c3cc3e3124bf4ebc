"""A report as plain frozen data: every number that a rendering may show, and nothing else.

Field names are the keys of the JSON document; times are seconds per call, speedups are the ratio of
Python time to native time, and None stands for what was not measured.
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
"""Subject of the failure of a run that has no native side."""


class SpeedupVerdict(StrEnum):
    """What the interval of a speedup says."""

    FASTER = "faster"
    SLOWER = "slower"
    SAME = "same"
    UNDECIDED = "undecided"
    NOT_MEASURED = "not measured"


class Claim(StrEnum):
    """How an announced speedup stands to the measured interval, and to the limit of the floor."""

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
    """One workload of one utility."""

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
    """What the bare system and library calls take; None for a workload that has no floor."""
    floor_share: float | None
    """The floor and a call from Python as a part of the native time."""
    floor_calls: str | None
    limit: float | None
    """The speedup of calling the floor from Python: no implementation can be faster."""
    limit_low: float | None
    limit_high: float | None


@dataclass(frozen=True)
class UtilityResult(WorkloadResult):
    """One utility by its primary workload, with all its workloads."""

    composite: bool = False
    """Whether it is several utilities together, which are in no mean and no count."""
    purpose: str | None = None
    """What it is for, in a few words, if the caller told."""
    workloads: tuple[WorkloadResult, ...] = ()
    equivalence_examples: tuple[str, ...] = ()
    """Some of the calls of the equivalence check, as source code."""

    @property
    def gains(self) -> bool:
        """Whether native is certainly faster, and not known to differ."""
        return self.verdict is SpeedupVerdict.FASTER and self.equivalent is not False


@dataclass(frozen=True)
class Summary:
    """Means over the primary workloads, and counts over all utilities.

    A utility that gives other results than Python is left out of the means.
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
    """How many speedups the means are made of."""
    faster: int
    """Faster and not known to behave differently."""
    slower: int
    same: int
    undecided: int
    not_measured: int
    equivalent: int
    different: int
    announced: int
    """How many of the measured ones have an announced speedup."""
    not_reached: int
    """How many announced speedups lie above the measured interval, the impossible ones too."""
    impossible: int
    """How many announced speedups lie above the limit that the floor sets."""
    floors: int
    """How many workloads have a floor."""


@dataclass(frozen=True)
class ControlResult:
    """One side of a workload timed in pairs against itself: its ratio should be 1."""

    utility: str
    workload: str
    side: str
    ratio: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Method:
    """How much was measured."""

    workloads: int
    processes: int
    """The most worker processes that any workload had."""
    pairs_least: int
    pairs_most: int
    pairs: int
    equivalence_cases: int
    controls: tuple[ControlResult, ...]
    noise_floor: float | None
    """Largest difference that a control saw where there is none, 0.01 for 1%; None without any."""
    margin: float
    """By how much an interval must clear 1 to be called faster or slower."""
    same_margin: float
    """How near to 1 a whole interval must lie to be called the same."""
    call_seconds: float
    """What a call from Python takes at least, added to each floor."""
    sides: tuple[str, str]
    """What Python and native stand for: ``python`` and ``native``, unless others were asked for."""
    commands: tuple[str, ...]
    """What to type to repeat the run and the report."""


@dataclass(frozen=True)
class ChangedFile:
    """One file that the codemod changes, and its hunks line by line."""

    path: str
    added: int
    removed: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class MigrationSection:
    """What the codemod changes."""

    files: int
    added: int
    removed: int
    changes: tuple[ChangedFile, ...]


@dataclass(frozen=True)
class Report:
    """Everything that a rendering shows. Utilities are sorted by speedup, unmeasured ones last."""

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
