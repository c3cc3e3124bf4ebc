"""Judge whether native is fast enough and has not become slower."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from workbench.errors import DONE, FINDINGS, INCOMPLETE, WorkbenchError
from workbench.gate.policy import Answer, Policy
from workbench.results.comparison import (
    Comparison,
    State,
    compare,
    noise,
    why_undecidable,
    why_without_speedup,
)
from workbench.results.instructions import as_speedups
from workbench.results.model import Interval, Measurement, Results
from workbench.results.statistics import chance_at_least, chance_at_most, freedom_of, holm

ERROR_RATE = 0.025
"""One-sided error rate, the lower half of a 95% interval."""
_WORST_FIRST = tuple(Answer)


@dataclass(frozen=True)
class Judgement:
    """The answer for one workload, with the reason in one line."""

    utility: str
    workload: str
    answer: Answer
    reason: str
    demand: str = ""
    """The judged threshold, ``min_speedup`` or ``max_regression``; empty if there is none."""


@dataclass(frozen=True)
class GateVerdict:
    """The judgements of a run, one per workload and threshold."""

    judgements: tuple[Judgement, ...]

    @property
    def by_utility(self) -> tuple[Judgement, ...]:
        """The worst judgement of each utility."""
        worst: dict[str, Judgement] = {}
        for j in self.judgements:
            if j.utility not in worst or _badness(j) < _badness(worst[j.utility]):
                worst[j.utility] = j
        return tuple(worst.values())

    @property
    def exit_code(self) -> int:
        """1 when a workload fails, else 0 when all of them pass, else 3."""
        answers = {judgement.answer for judgement in self.judgements}
        if Answer.FAIL in answers:
            return FINDINGS
        return DONE if answers == {Answer.PASS} else INCOMPLETE


def judge(
    results: Results,
    policy: Policy | None = None,
    baseline: Results | None = None,
    margin: float | None = None,
    error_rate: float = ERROR_RATE,
) -> GateVerdict:
    """Judge every workload of ``results`` and of ``baseline``.

    A workload fails when its interval is below its threshold by more than ``margin`` (relative, by
    default the noise of the runs), with a confidence corrected for multiple testing. It passes when
    it is above the threshold less the margin with the confidence of the interval (a non-inferiority
    test), and is undecided in between. It also fails when its sides are not equivalent.
    ``error_rate`` is the probability that any workload within its threshold fails, and that each
    workload beyond its threshold passes; use less than the default for one of several looks.

    Raises WorkbenchError when there is nothing to judge.
    """
    policy = policy or Policy()
    if not results.measurements and not results.failures:
        raise WorkbenchError("there are no measurements to judge")
    runs = (results,) if baseline is None else (results, baseline)
    if margin is None:
        margin = noise(*runs)
    judgements = [
        *_absent(runs, policy),
        *_unmeasured(results),
        *_speedups(results, policy, margin, error_rate),
    ]
    if baseline is not None:
        comparisons = compare(baseline, results, margin)
        judgements += _regressions(comparisons, policy, margin, error_rate)
    return GateVerdict(tuple(excuse(judgement, policy) for judgement in judgements))


def judge_instructions(
    results: Results, policy: Policy | None = None, baseline: Results | None = None
) -> GateVerdict:
    """Judge instruction ratios as ``judge`` does speedups, without a margin.

    Raises WorkbenchError when no instructions were counted.
    """
    before = None if baseline is None else as_speedups(baseline)
    return judge(as_speedups(results), policy, before, margin=0.0)


@dataclass(frozen=True)
class Demand:
    """An interval that must be above a threshold, which includes the margin."""

    interval: Interval
    threshold: float
    freedom: float = inf
    """Degrees of freedom of the interval."""
    is_decidable: bool = True
    """Whether there are enough samples for an answer."""


def decide(demands: Sequence[Demand], error_rate: float = ERROR_RATE) -> list[Answer]:
    """Compare each interval with its threshold, corrected for multiple testing."""
    chances = holm(
        [
            chance_at_least(d.interval, d.threshold, d.freedom) if d.is_decidable else 1.0
            for d in demands
        ]
    )
    answers = []
    for d, chance in zip(demands, chances, strict=True):
        # Instruction counts are exact and may equal the threshold.
        is_above = d.interval.low == d.interval.high >= d.threshold
        passes = is_above or chance_at_most(d.interval, d.threshold, d.freedom) <= error_rate
        passed = Answer.PASS if passes and d.is_decidable else Answer.UNDECIDED
        answers.append(Answer.FAIL if chance <= error_rate else passed)
    return answers


def _absent(runs: Sequence[Results], policy: Policy) -> Iterator[Judgement]:
    """Yield the utilities with their own thresholds that were not measured."""
    measured = {m.utility for run in runs for m in run.measurements}
    failed = {failure.subject.partition("/")[0] for failure in runs[0].failures}
    for utility in policy.utilities:
        if utility not in measured | failed:
            reason = "has its own thresholds but is not in the results"
            yield Judgement(utility, "", Answer.MISSING, reason)


def _unmeasured(results: Results) -> Iterator[Judgement]:
    for failure in results.failures:
        utility, _, workload = failure.subject.partition("/")
        if workload:
            yield Judgement(utility, workload, Answer.MISSING, failure.reason)
    for m in results.measurements:
        if m.equivalent is False:
            yield Judgement(m.utility, m.workload, Answer.FAIL, "Python and native differ")
        elif m.equivalent is None and m.speedup is not None:
            yield Judgement(m.utility, m.workload, Answer.MISSING, "equivalence was not checked")
        if m.speedup is None:
            yield Judgement(m.utility, m.workload, Answer.MISSING, why_without_speedup(m))


def _speedups(
    results: Results, policy: Policy, margin: float, error_rate: float
) -> Iterator[Judgement]:
    limited: list[tuple[Measurement, Interval, float, str]] = [
        (m, m.speedup, least, why_undecidable(m, results))
        for m in results.measurements
        if m.speedup is not None and (least := policy.of(m.utility).min_speedup) is not None
    ]
    demands = [
        Demand(speedup, least / (1 + margin), freedom_of(m.native), not why)
        for m, speedup, least, why in limited
    ]
    for (m, speedup, least, why), answer in zip(limited, decide(demands, error_rate), strict=True):
        reason = f"{_show(speedup)}, required {least:.2f}x less {margin:.1%} noise"
        reason += f", {why}" if why else ""
        yield Judgement(m.utility, m.workload, answer, reason, "min_speedup")


def _regressions(
    comparisons: Sequence[Comparison], policy: Policy, margin: float, error_rate: float
) -> Iterator[Judgement]:
    decidable = [(c, change) for c in comparisons if (change := c.change) is not None]
    allowed = [policy.of(c.utility).max_regression for c, _ in decidable]
    demands = [
        Demand(change, (1 - regression) / (1 + margin), c.freedom)
        for (c, change), regression in zip(decidable, allowed, strict=True)
    ]
    answers = iter(zip(decide(demands, error_rate), allowed, strict=True))
    for c in comparisons:
        if c.change is not None and c.old is not None and c.new is not None:
            answer, regression = next(answers)
            reason = (
                f"{_show(c.new)}, before {_show(c.old)}, "
                f"change {c.change.estimate - 1:+.1%} [{c.change.low - 1:+.1%}, "
                f"{c.change.high - 1:+.1%}], allowed -{regression:.1%} less {margin:.1%} noise"
            )
        elif c.is_new:
            answer, reason = Answer.PASS, f"new, nothing to compare with: {c.reason}"
        elif c.state is State.UNDECIDED:
            answer, reason = Answer.UNDECIDED, c.reason
        elif c.state is State.MISSING:
            answer, reason = Answer.MISSING, c.reason
        else:
            answer, reason = Answer.INCOMPARABLE, c.reason
        yield Judgement(c.utility, c.workload, answer, reason, "max_regression")


def excuse(judgement: Judgement, policy: Policy) -> Judgement:
    """Apply the policy for undecided and missing workloads."""
    answer = judgement.answer
    if answer is Answer.UNDECIDED:
        answer = policy.undecided
    elif answer is Answer.MISSING and policy.excuses(judgement.utility, judgement.workload):
        answer = Answer.PASS
    return replace(judgement, answer=answer)


def _show(speedup: Interval) -> str:
    return f"{speedup.estimate:.2f}x [{speedup.low:.2f}, {speedup.high:.2f}]"


def _badness(judgement: Judgement) -> int:
    return _WORST_FIRST.index(judgement.answer)
