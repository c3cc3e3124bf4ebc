from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench_samples import make_measurement, make_results

from workbench.errors import WorkbenchError
from workbench.gate import Answer, decide, judge
from workbench.results import Failure, Interval


def _measured(low: float, high: float, **others: object):  # type: ignore[no-untyped-def]
    interval = Interval((low * high) ** 0.5, low, high)
    return make_measurement(**{"speedup": interval, **others})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "high", "answer", "exit_code"),
    [
        (2.1, 2.2, Answer.PASS, 0),
        (1.99, 2.2, Answer.PASS, 0),  # within the margin of 2%
        (1.8, 2.2, Answer.UNDECIDED, 3),
        (1.8, 1.97, Answer.UNDECIDED, 3),
        (1.8, 1.9, Answer.FAIL, 1),
    ],
)
def test_the_interval_decides(low: float, high: float, answer: Answer, exit_code: int) -> None:
    verdict = judge(make_results(_measured(low, high)), 2.0, 0.02)
    assert [j.answer for j in verdict.judgements] == [answer]
    assert verdict.exit_code == exit_code


positive = st.floats(0.01, 100.0)


@given(positive, positive, positive, positive)
def test_a_higher_threshold_never_helps(a: float, b: float, one: float, other: float) -> None:
    order = [Answer.FAIL, Answer.UNDECIDED, Answer.PASS]
    interval = Interval(min(a, b), min(a, b), max(a, b))
    strict, lenient = decide(interval, max(one, other)), decide(interval, min(one, other))
    assert order.index(strict) <= order.index(lenient)


def test_the_worst_workload_stands_for_the_utility() -> None:
    verdict = judge(
        make_results(
            _measured(3.0, 3.1, workload="a"),
            _measured(1.0, 1.1, workload="b"),
            _measured(1.0, 3.1, workload="c"),
            _measured(3.0, 3.1, utility="other", workload="a"),
        ),
        2.0,
    )
    assert [(j.subject, j.workload, j.answer) for j in verdict.judgements] == [
        ("format_float", "b", Answer.FAIL),
        ("other", "a", Answer.PASS),
    ]
    assert verdict.exit_code == 1


def test_a_fast_function_that_is_wrong_fails() -> None:
    verdict = judge(make_results(_measured(9.0, 9.1, equivalent=False)))
    assert verdict.judgements[0].reason == "Python and native differ"
    assert verdict.exit_code == 1


def test_what_was_not_measured_is_missing() -> None:
    without_native = replace(make_measurement(), native=(), speedup=None)
    failures = (Failure("hash_file/sha256 of 9 KB", "no answer"), Failure("native", "not built"))
    verdict = judge(make_results(without_native, failures=failures))
    assert [(j.subject, j.answer, j.reason) for j in verdict.judgements] == [
        ("format_float", Answer.MISSING, "native was not measured"),
        ("hash_file", Answer.MISSING, "no answer"),
    ]
    assert verdict.exit_code == 3


@pytest.mark.parametrize("threshold", [0.0, -1.0, float("nan")])
def test_thresholds_must_be_positive(threshold: float) -> None:
    with pytest.raises(WorkbenchError, match="must be positive"):
        judge(make_results(make_measurement()), threshold)


def test_nothing_cannot_be_judged() -> None:
    with pytest.raises(WorkbenchError, match="no measurement"):
        judge(make_results())
