"""The gate: is native as much faster as it has to be?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from workbench.errors import DONE, FINDINGS, INCOMPLETE, WorkbenchError
from workbench.results import Interval, Measurement, Results

DEFAULT_MIN_SPEEDUP = 1.0
DEFAULT_MARGIN = 0.02
"""Relative noise that no verdict is built on, where a run did not measure its own."""


class Answer(Enum):
    """What the gate says of a workload, the worst first."""

    FAIL = "fail"
    MISSING = "missing"
    UNDECIDED = "undecided"
    PASS = "pass"


_WORST_FIRST = tuple(Answer)


@dataclass(frozen=True)
class Judgement:
    """The answer for one utility, by its worst workload, and the numbers behind it in one line."""

    subject: str
    workload: str
    answer: Answer
    reason: str


@dataclass(frozen=True)
class Verdict:
    """The answers for a whole run."""

    judgements: tuple[Judgement, ...]

    def with_answer(self, answer: Answer) -> tuple[Judgement, ...]:
        """Return the judgements with this answer."""
        return tuple(j for j in self.judgements if j.answer is answer)

    @property
    def exit_code(self) -> int:
        """1 when anything fails, else 3 when anything is undecided or missing, else 0."""
        if self.with_answer(Answer.FAIL):
            return FINDINGS
        passed = len(self.with_answer(Answer.PASS))
        return DONE if passed == len(self.judgements) else INCOMPLETE


def judge(
    results: Results,
    min_speedup: float = DEFAULT_MIN_SPEEDUP,
    margin: float = DEFAULT_MARGIN,
) -> Verdict:
    """Judge every utility of ``results`` by all its workloads.

    ``margin`` is relative: a workload fails when its whole interval lies below
    ``min_speedup / (1 + margin)``, passes when it lies above, and is undecided in between
    (a non-inferiority test). One whose two sides differ fails however fast it is.

    Raises WorkbenchError for a threshold that is not positive or when there is nothing to judge.
    """
    if not min_speedup > 0:
        raise WorkbenchError(f"the least speedup must be positive, not {min_speedup:g}")
    if not results.measurements and not results.failures:
        raise WorkbenchError("there is no measurement to judge")
    by_subject: dict[str, list[Judgement]] = {}
    for measurement in results.measurements:
        judgement = _judge_one(measurement, min_speedup, margin)
        by_subject.setdefault(judgement.subject, []).append(judgement)
    for failure in results.failures:
        utility, _, workload = failure.subject.partition("/")
        if workload:
            judgement = Judgement(utility, workload, Answer.MISSING, failure.reason)
            by_subject.setdefault(utility, []).append(judgement)
    return Verdict(tuple(_worst(judgements) for judgements in by_subject.values()))


def decide(speedup: Interval, threshold: float) -> Answer:
    """Compare an interval with a threshold that the margin is already part of."""
    if speedup.high < threshold:
        return Answer.FAIL
    return Answer.PASS if speedup.low >= threshold else Answer.UNDECIDED


def _judge_one(m: Measurement, min_speedup: float, margin: float) -> Judgement:
    if m.equivalent is False:
        return Judgement(m.utility, m.workload, Answer.FAIL, "Python and native differ")
    if m.speedup is None:
        return Judgement(m.utility, m.workload, Answer.MISSING, "native was not measured")
    speedup = m.speedup
    answer = decide(speedup, min_speedup / (1 + margin))
    reason = (
        f"{speedup.estimate:.2f}x [{speedup.low:.2f}, {speedup.high:.2f}],"
        f" wanted {min_speedup:.2f}x less {margin:.1%} noise"
    )
    return Judgement(m.utility, m.workload, answer, reason)


def _worst(judgements: Iterable[Judgement]) -> Judgement:
    return min(judgements, key=lambda judgement: _WORST_FIRST.index(judgement.answer))
