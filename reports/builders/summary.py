"""Compute the summary of a report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean

from workbench.reports.model.report import Claim, SpeedupVerdict, Summary, UtilityResult


def summarize(utilities: Sequence[UtilityResult]) -> Summary:
    """Count utilities by verdict and claim, and average the speedups of equivalent ones.

    ``utilities`` must be sorted by speedup, the fastest first.
    """
    measured = [u for u in utilities if u.speedup is not None]
    trusted = [u for u in measured if u.equivalent is not False]
    speedups = [u.speedup for u in trusted if u.speedup is not None]
    announced = [u.announced_speedup for u in trusted if u.announced_speedup is not None]
    verdicts = [u.verdict for u in utilities]
    claims = [u.announced_verdict for u in utilities]
    mean, low, high = _geometric_mean(trusted)
    return Summary(
        arithmetic_mean=fmean(speedups) if speedups else None,
        geometric_mean=mean,
        geometric_mean_low=low,
        geometric_mean_high=high,
        announced_mean=fmean(announced) if announced else None,
        fastest=trusted[0].utility if trusted else None,
        fastest_speedup=trusted[0].speedup if trusted else None,
        utilities=len(utilities),
        measured=len(measured),
        averaged=len(trusted),
        faster=sum(u.verdict is SpeedupVerdict.FASTER for u in trusted),
        slower=verdicts.count(SpeedupVerdict.SLOWER),
        same=verdicts.count(SpeedupVerdict.SAME),
        undecided=verdicts.count(SpeedupVerdict.UNDECIDED),
        not_measured=verdicts.count(SpeedupVerdict.NOT_MEASURED),
        equivalent=sum(u.equivalent is True for u in utilities),
        different=sum(u.equivalent is False for u in utilities),
        announced=sum(u.announced_speedup is not None for u in measured),
        not_reached=claims.count(Claim.NOT_REACHED) + claims.count(Claim.IMPOSSIBLE),
        impossible=claims.count(Claim.IMPOSSIBLE),
        floors=sum(w.floor_seconds is not None for u in utilities for w in u.workloads),
    )


def _geometric_mean(
    measured: list[UtilityResult],
) -> tuple[float | None, float | None, float | None]:
    """Return the geometric mean with a 95% confidence interval if each speedup has one.

    The individual intervals are combined as independent (MOVER: Zou and Donner, "Construction of
    confidence limits about effect measures", Statistics in Medicine 27, 2008).
    """
    from workbench.results.model import FEWEST_PAIRS

    logs = [math.log(u.speedup) for u in measured if u.speedup is not None]
    if not logs:
        return None, None, None
    mean = fmean(logs)
    bounds = [
        (math.log(u.speedup_low), math.log(u.speedup_high))
        for u in measured
        if u.speedup_low is not None and u.speedup_high is not None and u.samples >= FEWEST_PAIRS
    ]
    if len(bounds) < len(logs):
        return math.exp(mean), None, None
    below = math.hypot(*(log - low for log, (low, _) in zip(logs, bounds, strict=True)))
    above = math.hypot(*(high - log for log, (_, high) in zip(logs, bounds, strict=True)))
    n = len(logs)
    return math.exp(mean), math.exp(mean - below / n), math.exp(mean + above / n)
