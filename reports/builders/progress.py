"""Build the trend and gate sections of a report."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from workbench.gate.judge import GateVerdict
from workbench.reports.model.sections import (
    GateSection,
    Judged,
    TrendPoint,
    TrendResult,
    TrendSection,
    TrendStep,
)

if TYPE_CHECKING:
    from workbench.history.trends import Point, Trend

_WORST_FIRST = ("fail", "missing", "incomparable", "undecided", "pass")


def trend_section(trends: Sequence[Trend], store: str, utilities: Collection[str]) -> TrendSection:
    """Convert the trends of ``utilities``; ``store`` is the display name of the history."""
    found = tuple(_trend(trend) for trend in trends if trend.utility in utilities)
    runs = {
        point.run.digest for trend in trends if trend.utility in utilities for point in trend.points
    }
    return TrendSection(store, len(runs), sum(len(trend.steps) for trend in found), found)


def gate_section(verdict: GateVerdict, baseline: str | None = None) -> GateSection:
    """Convert the verdict of the gate, the worst judgements first."""
    judgements = [
        Judged(j.utility, j.workload, j.answer.value, j.reason) for j in verdict.judgements
    ]
    judgements.sort(key=lambda j: _WORST_FIRST.index(j.answer))
    counts = Counter(j.answer for j in judgements)
    return GateSection(
        passed=verdict.exit_code == 0,
        baseline=baseline,
        counts={answer: counts[answer] for answer in _WORST_FIRST},
        judgements=tuple(judgements),
    )


def _trend(trend: Trend) -> TrendResult:
    points = tuple(_point(point) for point in trend.points)
    known = [point.speedup for point in points if point.comparable and point.speedup is not None]
    return TrendResult(
        utility=trend.utility,
        workload=trend.workload,
        primary=any(point.entry.primary for point in trend.points if point.entry),
        runs=len(points),
        first=known[0] if known else None,
        newest=known[-1] if known else None,
        points=points,
        steps=tuple(_step(*pair) for pair in trend.steps),
    )


def _point(point: Point) -> TrendPoint:
    speedup = point.entry.speedup if point.entry else None
    return TrendPoint(
        date=_date(point),
        commit=point.run.short_commit,
        dirty=point.run.dirty,
        speedup=_positive(speedup.estimate) if speedup else None,
        low=_positive(speedup.low) if speedup else None,
        high=_positive(speedup.high) if speedup else None,
        comparable=point.comparable_speedup is not None,
        state=point.state.value if point.state else None,
        reason=point.reason or None,
    )


def _step(before: Point, after: Point) -> TrendStep:
    step = after.step
    assert step is not None
    return TrendStep(
        before_date=_date(before),
        before_commit=before.run.short_commit,
        date=_date(after),
        commit=after.run.short_commit,
        before=step.before.estimate,
        after=step.after.estimate,
        change=step.change.estimate,
        change_low=step.change.low,
        change_high=step.change.high,
    )


def _date(point: Point) -> str:
    return f"{point.run.date:%Y-%m-%d %H:%M}"


def _positive(value: float) -> float | None:
    return value if math.isfinite(value) and value > 0 else None
