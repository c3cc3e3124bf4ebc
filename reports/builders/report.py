"""Build a report from results and an audit. All numbers are computed here, none in templates."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import median, quantiles
from typing import TYPE_CHECKING

from workbench.formatting.units import names
from workbench.reports.builders.audit import AuditSummary, section
from workbench.reports.builders.curves import curve_result
from workbench.reports.builders.migration import migration_section
from workbench.reports.builders.progress import gate_section, trend_section
from workbench.reports.builders.repeat import commands
from workbench.reports.builders.savings import savings_section
from workbench.reports.builders.summary import summarize
from workbench.reports.model.audit import Problem
from workbench.reports.model.report import (
    NATIVE,
    Claim,
    ControlResult,
    Distribution,
    Method,
    Report,
    SpeedupVerdict,
    UtilityResult,
    WorkloadResult,
)
from workbench.reports.sentences import verdict_sentence

if TYPE_CHECKING:
    from workbench.gate.judge import GateVerdict
    from workbench.history.trends import Trend
    from workbench.profiles.model import Profile
    from workbench.results.model import Control, Interval, Measurement, Results, Samples

SAME_MARGIN = 0.05
"""A speedup whose whole interval is within this margin of 1 is reported as ``same``."""
UNKNOWN_NOISE = 0.02
"""Margin of a run without controls: the largest difference seen between identical code."""


def build_report(  # noqa: PLR0913 - the parts that a report may have
    results: Results,
    audit: AuditSummary | None = None,
    *,
    profile: Profile | None = None,
    migration: bytes | None = None,
    trends: tuple[Sequence[Trend], str] | None = None,
    gate: tuple[GateVerdict, str | None] | None = None,
    purposes: Mapping[str, str] | None = None,
) -> Report:
    """Build a report from a benchmark run and, optionally, an audit of a code base.

    ``profile`` is a profile of the audited program, and ``migration`` the unified diff of the
    codemod. ``trends`` includes the name of the history, ``gate`` the name of the baseline.
    ``purposes`` maps utilities to short descriptions.

    Raises ValueError, with a one-line message, if ``migration`` is not a unified diff.
    """
    margin = max(results.noise_floor or 0, UNKNOWN_NOISE)
    utilities = _utilities(results.measurements, margin, purposes or {})
    single = tuple(utility for utility in utilities if not utility.composite)
    summary = summarize(single)
    audit_section = section(audit, single) if audit is not None else None
    savings = savings_section(profile, single) if profile is not None else None
    failures = tuple(Problem(failure.subject, failure.reason) for failure in results.failures)
    return Report(
        verdict=verdict_sentence(single, summary, failures, audit_section, savings),
        environment={key: _json_value(value) for key, value in results.environment.items()},
        utilities=utilities,
        summary=summary,
        method=_method(utilities, results, margin, purposes or {}),
        curves=tuple(curve_result(curve) for curve in results.curves),
        failures=failures + _omissions(utilities, failures, results.environment),
        audit=audit_section,
        savings=savings,
        migration=migration_section(migration) if migration is not None else None,
        trend=trend_section(*trends, {u.utility for u in utilities}) if trends else None,
        gate=gate_section(*gate) if gate else None,
    )


def _utilities(
    measurements: Iterable[Measurement], margin: float, purposes: Mapping[str, str]
) -> tuple[UtilityResult, ...]:
    by_utility: dict[str, list[Measurement]] = {}
    for measurement in measurements:
        by_utility.setdefault(measurement.utility, []).append(measurement)
    found = []
    for name, group in by_utility.items():
        workloads = tuple(_workload(measurement, margin) for measurement in group)
        primary = next((i for i, measurement in enumerate(group) if measurement.primary), None)
        facts = vars(workloads[primary or 0])
        purpose = purposes.get(name)
        composite = primary is None
        found.append(
            UtilityResult(
                **facts,
                composite=composite,
                purpose=purpose,
                workloads=workloads,
                equivalence_examples=group[primary or 0].equivalence_examples,
            )
        )
    return tuple(sorted(found, key=lambda u: (-_or(u.speedup, -math.inf), u.utility)))


def _workload(measurement: Measurement, margin: float) -> WorkloadResult:
    from workbench.results.model import FEWEST_PAIRS

    has_native = any(measurement.native)
    speedup = measurement.speedup if has_native else None
    estimate, low, high = _bounds(speedup)
    announced = _positive(measurement.announced_speedup)
    pairs = sum(len(process) for process in measurement.python)
    python = _distribution(measurement.python)
    native = _distribution(measurement.native)
    limit, limit_low, limit_high = _bounds(measurement.limit)
    if pairs < 2:
        # A single pair has no variance, so its interval is meaningless.
        low = high = None
    decided = low is not None and high is not None and pairs >= FEWEST_PAIRS
    return WorkloadResult(
        utility=measurement.utility,
        workload=measurement.workload,
        python_seconds=python.p50 if python else None,
        native_seconds=native.p50 if native else None,
        speedup=estimate,
        speedup_low=low,
        speedup_high=high,
        samples=pairs,
        processes=sum(bool(process) for process in measurement.python),
        announced_speedup=announced,
        announced_verdict=_claim(announced, low, high, limit_high) if decided else None,
        equivalent=measurement.equivalent,
        equivalence_cases=measurement.equivalence_cases,
        verdict=_verdict(low, high, margin, decided) if native else SpeedupVerdict.NOT_MEASURED,
        python_distribution=python,
        native_distribution=native,
        floor_seconds=measurement.floor_seconds,
        floor_share=measurement.floor_share,
        floor_calls=measurement.floor_calls or None,
        limit=limit,
        limit_low=limit_low,
        limit_high=limit_high,
    )


def _bounds(found: Interval | None) -> tuple[float | None, float | None, float | None]:
    estimate = _positive(found.estimate) if found else None
    if found is None or estimate is None:
        return None, None, None
    return estimate, _positive(found.low), _positive(found.high)


def _verdict(low: float | None, high: float | None, margin: float, decided: bool) -> SpeedupVerdict:
    if not decided or low is None or high is None:
        return SpeedupVerdict.UNDECIDED
    same = 1 + SAME_MARGIN
    # With more noise than that, "same" cannot be distinguished.
    if margin <= SAME_MARGIN and low >= 1 / same and high <= same:
        return SpeedupVerdict.SAME
    if low > 1 + margin:
        return SpeedupVerdict.FASTER
    return SpeedupVerdict.SLOWER if high < 1 / (1 + margin) else SpeedupVerdict.UNDECIDED


def _claim(
    announced: float | None, low: float | None, high: float | None, limit: float | None
) -> Claim | None:
    if announced is None or low is None or high is None:
        return None
    if announced > high:
        if limit is not None and announced > limit:
            return Claim.IMPOSSIBLE
        return Claim.NOT_REACHED
    return Claim.EXCEEDED if announced < low else Claim.CONFIRMED


def _method(
    utilities: tuple[UtilityResult, ...],
    results: Results,
    margin: float,
    catalog: Collection[str],
) -> Method:
    from workbench.results.model import CALL_SECONDS

    workloads = [workload for utility in utilities for workload in utility.workloads]
    pairs = [workload.samples for workload in workloads]
    return Method(
        workloads=len(workloads),
        processes=max((workload.processes for workload in workloads), default=0),
        pairs_least=min(pairs, default=0),
        pairs_most=max(pairs, default=0),
        pairs=sum(pairs),
        equivalence_cases=sum(utility.equivalence_cases for utility in utilities),
        controls=tuple(_control(control) for control in results.controls),
        noise_floor=results.noise_floor,
        margin=margin,
        same_margin=SAME_MARGIN,
        call_seconds=CALL_SECONDS,
        sides=_sides(results.environment),
        commands=commands(results, catalog),
    )


def _sides(environment: Mapping[str, str | int | float]) -> tuple[str, str]:
    first, second = environment.get("first_side"), environment.get("second_side")
    return str(first or "python"), str(second or NATIVE)


def _control(control: Control) -> ControlResult:
    return ControlResult(control.utility, control.workload, control.side, *_bounds(control.ratio))


def _omissions(
    utilities: tuple[UtilityResult, ...],
    failures: tuple[Problem, ...],
    environment: Mapping[str, str | int | float],
) -> tuple[Problem, ...]:
    """Report gaps in the results that no failure explains."""
    subjects = [failure.subject for failure in failures]
    silent = [u for u in utilities if not any(u.utility in subject for subject in subjects)]
    native = [u.utility for u in silent if u.verdict is SpeedupVerdict.NOT_MEASURED]
    compared = [u.utility for u in silent if u.equivalent is None and u.utility not in native]
    found = []
    if native and NATIVE not in subjects:
        found.append(Problem(names(native, most=len(native)), "no native time was measured"))
    if compared:
        reason = "the results of Python and native were not compared"
        found.append(Problem(names(compared, most=len(compared)), reason))
    if no_floor := environment.get("floor_missing"):
        found.append(Problem("floor", str(no_floor)))
    return tuple(found)


def _distribution(samples: Samples) -> Distribution | None:
    values = [value for process in samples for value in process]
    if not values:
        return None
    cuts = quantiles(values, n=20, method="inclusive") if len(values) > 1 else values * 19
    return Distribution(cuts[0], cuts[4], median(values), cuts[14], cuts[18])


def _positive(value: float) -> float | None:
    return value if math.isfinite(value) and value > 0 else None


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


def _json_value(value: str | int | float) -> str | int | float | None:
    return None if isinstance(value, float) and not math.isfinite(value) else value
