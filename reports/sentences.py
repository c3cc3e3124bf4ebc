"""Sentences that several report formats share."""

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
    """Summarize speedups, exceptions, the audit and expected savings in one sentence.

    ``failures`` are those reported by the run itself.
    """
    if not utilities:
        clauses = ["Nothing was measured"]
    elif summary.measured == 0:
        clauses = [_without_speedup(summary, failures)]
    else:
        clauses = [_faster(summary), *_exceptions(utilities)]
        if failures:
            subjects = names([failure.subject for failure in failures], most=2)
            clauses.append(f"some measurements are missing ({subjects})")
    if audit is not None:
        clauses.append(_code_base(audit, {u.utility for u in utilities}))
    if savings is not None:
        clauses.append(_saved(savings))
    return "; ".join(clauses) + "."


def claim_sentence(row: WorkloadResult, sign: str = TIMES) -> str:
    """Compare an announced speedup with the measured one and with the limit of the floor."""
    announced, measured = times(row.announced_speedup, sign), times(row.speedup, sign)
    if row.announced_verdict is not Claim.IMPOSSIBLE:
        verdict = row.announced_verdict.value if row.announced_verdict else "not decided"
        return f"announced {announced}, measured {measured} \u2013 {verdict}."
    calls = f" ({row.floor_calls})" if row.floor_calls else ""
    return (
        f"announced {announced} is impossible on this machine: the system and library calls "
        f"alone{calls} take {seconds(row.floor_seconds)} of the {seconds(row.python_seconds)} in "
        f"Python, which limits the speedup to {times(row.limit, sign)}; measured {measured}."
    )


def savings_basis(savings: SavingsSection) -> str:
    """Explain how the expected saving is estimated."""
    if savings.counts_calls:
        return (
            "Estimated as the number of calls times the saving per call in the first workload of "
            "the utility. Times from the profiler are not used, because profiling slows calls down."
        )
    return (
        "Estimated as the sampled time in each function times 1 \u2013 1 / speedup of its first "
        "workload, because a sampling profile has no call counts."
    )


def site(saving: SiteSaving) -> str:
    """Name a call site: file, line and calling function."""
    if not (saving.path or saving.function):
        return "unknown caller"
    line = f":{saving.line}" if saving.line is not None else ""
    return f"{saving.path}{line} {saving.function}"


def crossing_sentence(curve: CurveResult) -> str:
    """Describe the sizes at which native is faster."""
    if curve.break_even is None:
        return f"No break-even point: {curve.crossing}."
    low, high = size(curve.break_even_low), size(curve.break_even_high)
    between = "" if low == high else f" (95% CI {low} to {high})"
    return f"Break-even: {curve.crossing} {size(curve.break_even)} {curve.unit}{between}."


def gate_answers(gate: GateSection) -> str:
    """Return the number of judgements, in total and by answer."""
    total = counted(sum(gate.counts.values()), "judgement")
    answers = [f"{count(n)} {answer}" for answer, n in gate.counts.items() if n]
    return f"{total} ({names(answers, most=5)})" if answers else total


def _without_speedup(summary: Summary, failures: Sequence[Problem]) -> str:
    utilities = counted(summary.utilities, "utility", "utilities")
    why = "".join(f" ({failure.reason})" for failure in failures if failure.subject == NATIVE)
    if summary.not_measured < summary.utilities:
        return f"The speedup of {utilities} could not be estimated"
    return (
        f"Native code was not measured{why}, so there are no speedups; "
        f"the times are those of {utilities} in Python"
    )


def _faster(summary: Summary) -> str:
    verb = "is" if summary.faster == 1 else "are"
    clause = (
        f"{summary.faster} of {counted(summary.utilities, 'utility', 'utilities')} {verb} faster "
        "with native code"
    )
    if summary.geometric_mean is None:
        return clause
    kind = "measured" if summary.averaged == summary.measured else "equivalent"
    everything = summary.averaged == summary.utilities
    which = counted(summary.averaged, f"{kind} utility", f"{kind} utilities")
    of = "" if everything else f" of the {which}"
    clause += f"; the geometric mean speedup{of} is {times(summary.geometric_mean)}"
    if summary.geometric_mean_low is not None:
        bounds = interval(summary.geometric_mean_low, summary.geometric_mean_high)
        clause += f" (95% CI {bounds}{TIMES})"
    return clause


def _exceptions(utilities: Sequence[UtilityResult]) -> list[str]:
    """Name the utilities that are not faster, with one clause per verdict."""
    clauses = []
    for verdict, singular, plural in (
        (SpeedupVerdict.SAME, "is equally fast", "are equally fast"),
        (SpeedupVerdict.SLOWER, "is slower", "are slower"),
        (SpeedupVerdict.UNDECIDED, "is undecided", "are undecided"),
        (SpeedupVerdict.NOT_MEASURED, "was not measured", "were not measured"),
    ):
        found = [u.utility for u in utilities if u.verdict is verdict]
        if found:
            clauses.append(f"{names(found)} {singular if len(found) == 1 else plural}")
    different = [u.utility for u in utilities if u.equivalent is False]
    if different:
        verb = "gives" if len(different) == 1 else "give"
        clauses.append(
            f"{names(different)} {verb} different results from Python and must not be used"
        )
    return clauses


def _code_base(audit: AuditSection, measured: Collection[str]) -> str:
    if audit.references == 0:
        scanned = counted(audit.files_scanned, "file")
        return f"the audited code ({scanned}) has no references to replaceable functions"
    references = counted(audit.references, "reference")
    files = counted(audit.files_with_references, "file")
    them = (
        "these utilities"
        if all(t.name in measured for t in audit.by_utility)
        else "replaceable functions"
    )
    clause = f"the audited code has {references} to {them} in {files}"
    if audit.would_gain is not None:
        clause += f", of which {count(audit.would_gain)} would become faster"
    if audit.review:
        clause += f" and {count(audit.review)} {'needs' if audit.review == 1 else 'need'} review"
    return clause


def _saved(savings: SavingsSection) -> str:
    if savings.seconds is None:
        return "no saving is expected in the profiled run"
    run = f"the profiled {seconds(savings.profile_seconds)}"
    share = f" ({percent(savings.share)})" if savings.share is not None else ""
    if savings.seconds < 0:
        return f"native code would add about {seconds(-savings.seconds)} to {run}"
    return f"native code would save about {seconds(savings.seconds)} of {run}{share}"
