"""The verdict in one sentence."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from workbench.formatting.units import (
    TIMES,
    count,
    counted,
    interval,
    names,
    percent,
    seconds,
    size,
    times,
)
from workbench.reports.model.audit import AuditSection, Problem
from workbench.reports.model.report import (
    NATIVE,
    Claim,
    SpeedupVerdict,
    Summary,
    UtilityResult,
    WorkloadResult,
)
from workbench.reports.model.sections import (
    CurveResult,
    GateSection,
    SavingsSection,
    SiteSaving,
)


def verdict_sentence(
    utilities: Sequence[UtilityResult],
    summary: Summary,
    failures: Sequence[Problem],
    audit: AuditSection | None,
    savings: SavingsSection | None = None,
) -> str:
    """Say how many utilities are faster and by how much, what is not, and who would gain.

    ``failures`` are those that the run itself reported.
    """
    if not utilities:
        clauses = ["Nothing was measured"]
    elif summary.measured == 0:
        clauses = [_without_speedup(summary, failures)]
    else:
        clauses = [_faster(summary), *_exceptions(utilities)]
        if failures:
            subjects = names([failure.subject for failure in failures], most=2)
            clauses.append(f"not everything could be measured ({subjects})")
    if audit is not None:
        clauses.append(_code_base(audit, {u.utility for u in utilities}))
    if savings is not None:
        clauses.append(_saved(savings))
    return "; ".join(clauses) + "."


def claim_sentence(row: WorkloadResult, sign: str = TIMES) -> str:
    """Hold an announced speedup against the measured one, and against what is possible at all."""
    announced, measured = times(row.announced_speedup, sign), times(row.speedup, sign)
    if row.announced_verdict is not Claim.IMPOSSIBLE:
        verdict = row.announced_verdict.value if row.announced_verdict else "not decided"
        return f"announced {announced}, measured {measured} \u2013 {verdict}."
    calls = f" ({row.floor_calls})" if row.floor_calls else ""
    return (
        f"announced {announced} is impossible here: the bare calls alone{calls} take "
        f"{seconds(row.floor_seconds)} of the {seconds(row.python_seconds)} that Python takes, "
        f"which allows {times(row.limit, sign)} at most; measured {measured}."
    )


def savings_basis(savings: SavingsSection) -> str:
    """Say what an expected saving rests on."""
    if savings.counts_calls:
        return (
            "Calls that were counted, times what one call saves in the first workload of its "
            "utility. The profiler slows calls down, so its own times are not what is saved."
        )
    return (
        "A sampling profile has no calls: its time in each function, times the part of it that "
        "native saves, 1 \u2013 1 / speedup of the first workload."
    )


def site(saving: SiteSaving) -> str:
    """Write the function that calls a replaced one, with its file and line."""
    if not (saving.path or saving.function):
        return "nothing that was profiled"
    line = f":{saving.line}" if saving.line is not None else ""
    return f"{saving.path}{line} {saving.function}"


def crossing_sentence(curve: CurveResult) -> str:
    """Say at which sizes native pays."""
    if curve.break_even is None:
        return f"No break-even point: {curve.crossing}."
    low, high = size(curve.break_even_low), size(curve.break_even_high)
    between = "" if low == high else f" (95% interval {low} to {high})"
    return f"Break-even: {curve.crossing} {size(curve.break_even)} {curve.unit}{between}."


def gate_answers(gate: GateSection) -> str:
    """Count the gate's judgements by answer, those that there are."""
    total = counted(sum(gate.counts.values()), "judgement")
    answers = [f"{count(n)} {answer}" for answer, n in gate.counts.items() if n]
    return f"{total}, of them {names(answers, most=5)}" if answers else total


def _without_speedup(summary: Summary, failures: Sequence[Problem]) -> str:
    utilities = counted(summary.utilities, "utility", "utilities")
    why = "".join(f" ({failure.reason})" for failure in failures if failure.subject == NATIVE)
    if summary.not_measured < summary.utilities:
        return f"The speedup of {utilities} could not be estimated"
    return (
        f"The native side was not measured{why}, so no speedup is known; "
        f"the times are those of the Python side of {utilities}"
    )


def _faster(summary: Summary) -> str:
    verb = "is" if summary.faster == 1 else "are"
    clause = (
        f"{summary.faster} of {counted(summary.utilities, 'utility', 'utilities')} {verb} faster "
        "natively"
    )
    if summary.geometric_mean is None:
        return clause
    kind = "measured" if summary.averaged == summary.measured else "valid"
    everything = summary.averaged == summary.utilities
    which = "all speedups" if everything else f"the {counted(summary.averaged, f'{kind} speedup')}"
    clause += f", and the geometric mean of {which} is {times(summary.geometric_mean)}"
    if summary.geometric_mean_low is not None:
        bounds = interval(summary.geometric_mean_low, summary.geometric_mean_high)
        clause += f" (95% interval {bounds}{TIMES})"
    return clause


def _exceptions(utilities: Sequence[UtilityResult]) -> list[str]:
    """Name what is not faster, each kind in a clause of its own."""
    clauses = []
    for verdict, singular, plural in (
        (SpeedupVerdict.SAME, "is as fast as before", "are as fast as before"),
        (SpeedupVerdict.SLOWER, "is slower", "are slower"),
        (SpeedupVerdict.UNDECIDED, "could not be decided", "could not be decided"),
        (SpeedupVerdict.NOT_MEASURED, "was not measured", "were not measured"),
    ):
        found = [u.utility for u in utilities if u.verdict is verdict]
        if found:
            clauses.append(f"{names(found)} {singular if len(found) == 1 else plural}")
    different = [u.utility for u in utilities if u.equivalent is False]
    if different:
        verb = "gives" if len(different) == 1 else "give"
        clauses.append(f"{names(different)} {verb} other results than Python and must not be used")
    return clauses


def _code_base(audit: AuditSection, measured: Collection[str]) -> str:
    if audit.references == 0:
        return f"the audited code ({counted(audit.files_scanned, 'file')}) uses none of them"
    places = counted(audit.references, "place")
    files = counted(audit.files_with_references, "file")
    them = "them" if all(t.name in measured for t in audit.by_utility) else "replaceable functions"
    clause = f"the audited code uses {them} in {places} in {files}"
    if audit.would_gain is not None:
        clause += f", of which {count(audit.would_gain)} would gain"
    if audit.review:
        clause += f" and {count(audit.review)} {'needs' if audit.review == 1 else 'need'} a review"
    return clause


def _saved(savings: SavingsSection) -> str:
    if savings.seconds is None:
        return "in the profiled run no saving can be expected"
    of = f"of the {seconds(savings.profile_seconds)} of the profiled run"
    share = f" ({percent(savings.share)})" if savings.share is not None else ""
    if savings.seconds < 0:
        return f"native would cost {seconds(-savings.seconds)} on top {of}"
    return f"native would save about {seconds(savings.seconds)} {of}{share}"
