"""Estimate the time saved in a profiled run from the profile and the measured speedups."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from workbench.reports.model.report import UtilityResult
from workbench.reports.model.sections import Saving, SavingsSection, SiteSaving

if TYPE_CHECKING:
    from workbench.profiles.model import Profile, ProfiledCalls


def savings_section(profile: Profile, utilities: Iterable[UtilityResult]) -> SavingsSection:
    """Estimate the savings by utility and by call site, the largest first."""
    measured = {utility.utility: utility for utility in utilities}
    groups: dict[str, list[ProfiledCalls]] = {}
    for use in profile.uses:
        groups.setdefault(use.utility, []).append(use)
    savings = [_saving(name, uses, measured.get(name)) for name, uses in groups.items()]
    sites = [_site(use, measured.get(use.utility)) for use in profile.uses]
    total, low, high = _total(savings)
    return SavingsSection(
        profiler=profile.profiler,
        counts_calls=profile.counts_calls,
        profile_seconds=profile.seconds,
        seconds=total,
        seconds_low=low,
        seconds_high=high,
        share=total / profile.seconds if total is not None and profile.seconds > 0 else None,
        by_utility=tuple(sorted(savings, key=lambda s: (-_or_least(s.seconds), s.utility))),
        by_site=tuple(
            sorted(sites, key=lambda s: (-_or_least(s.seconds), s.utility, s.path, s.function))
        ),
        unused=tuple(name for name in measured if name not in groups),
    )


def _saving(name: str, uses: list[ProfiledCalls], result: UtilityResult | None) -> Saving:
    calls = [use.calls for use in uses if use.calls is not None]
    spent = math.fsum(use.seconds for use in uses)
    reason = _reason_for_none(result)
    trusted = result if reason is None else None
    low, seconds, high = (
        _total_of(_seconds(use, trusted, bound) for use in uses)
        for bound in ("speedup_low", "speedup", "speedup_high")
    )
    return Saving(
        utility=name,
        sites=len(uses),
        calls=sum(calls) if calls else None,
        profile_seconds=spent,
        speedup=trusted.speedup if trusted else None,
        workload=result.workload if result else "",
        call_seconds=_of_one_call(trusted, "speedup") if trusted else None,
        seconds=seconds,
        seconds_low=low,
        seconds_high=high,
        exceeds=bool(calls) and seconds is not None and seconds > spent,
        reason=reason,
    )


def _site(use: ProfiledCalls, result: UtilityResult | None) -> SiteSaving:
    trusted = result if _reason_for_none(result) is None else None
    caller = use.caller
    return SiteSaving(
        utility=use.utility,
        path=caller.path if caller else "",
        line=caller.line if caller else None,
        function=caller.function if caller else "",
        calls=use.calls,
        profile_seconds=use.seconds,
        seconds=_seconds(use, trusted, "speedup"),
    )


def _reason_for_none(result: UtilityResult | None) -> str | None:
    """Return why no saving can be estimated; None if it can."""
    if result is None:
        return "not in the results"
    if result.speedup is None:
        return "speedup was not measured"
    if result.equivalent is False:
        return "gives different results from Python and must not be used"
    return None


def _seconds(use: ProfiledCalls, result: UtilityResult | None, bound: str) -> float | None:
    """Return the saving: calls times saving per call, or sampled time times ``1 - 1 / speedup``."""
    if result is None:
        return None
    if use.calls is not None:
        saved = _of_one_call(result, bound)
        return None if saved is None else use.calls * saved
    speedup = vars(result)[bound]
    return None if speedup is None else use.seconds * (1 - 1 / speedup)


def _of_one_call(result: UtilityResult, bound: str) -> float | None:
    facts: Mapping[str, float | None] = vars(result)
    speedup, python = facts[bound], result.python_seconds
    return None if speedup is None or python is None else python * (1 - 1 / speedup)


def _total_of(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return math.fsum(known) if known else None


def _total(savings: Iterable[Saving]) -> tuple[float | None, float | None, float | None]:
    """Sum savings with independent intervals (MOVER, as for the geometric mean)."""
    known = [s for s in savings if s.seconds is not None]
    if not known:
        return None, None, None
    total = math.fsum(s.seconds for s in known if s.seconds is not None)
    bounds = [
        (s.seconds - s.seconds_low, s.seconds_high - s.seconds)
        for s in known
        if s.seconds is not None and s.seconds_low is not None and s.seconds_high is not None
    ]
    if len(bounds) < len(known):
        return total, None, None
    below, above = (math.hypot(*side) for side in zip(*bounds, strict=True))
    return total, total - below, total + above


def _or_least(value: float | None) -> float:
    return -math.inf if value is None else value
