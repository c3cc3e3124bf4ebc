from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbench.workbench_samples import make_measurement, make_results
from workbench.errors import WorkbenchError
from workbench.gate.judge import Demand, GateVerdict, Judgement, decide, judge
from workbench.gate.policy import Answer, Policy, Thresholds
from workbench.results.model import Failure, Interval, Measurement, Results


def _measured(low: float, high: float, **others: object) -> Measurement:
    interval = Interval((low * high) ** 0.5, low, high)
    return make_measurement(**{"speedup": interval, **others})  # type: ignore[arg-type]


def _results(*measurements: Measurement, **environment: str) -> Results:
    return replace(make_results(*measurements), environment=environment)


def _at_least(speedup: float) -> Policy:
    return Policy(Thresholds(min_speedup=speedup))


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
    verdict = judge(make_results(_measured(low, high)), _at_least(2.0), margin=0.02)
    assert [j.answer for j in verdict.judgements] == [answer]
    assert verdict.exit_code == exit_code


positive = st.floats(0.01, 100.0)


@given(positive, positive, positive, positive)
def test_a_higher_threshold_never_helps(a: float, b: float, one: float, other: float) -> None:
    order = [Answer.FAIL, Answer.UNDECIDED, Answer.PASS]
    low, high = min(a, b), max(a, b)
    interval = Interval(max(low, min(high, (low * high) ** 0.5)), low, high)
    (strict,), (lenient,) = (
        decide([Demand(interval, t)]) for t in (max(one, other), min(one, other))
    )
    assert order.index(strict) <= order.index(lenient)


def test_many_workloads_need_more_evidence() -> None:
    interval = Interval(1.9, 1.8, 2.005)
    assert decide([Demand(interval, 2.01)]) == [Answer.FAIL]
    assert decide([Demand(interval, 2.01)] * 20) == [Answer.UNDECIDED] * 20
    assert decide([]) == []


def test_few_processes_need_more_evidence() -> None:
    """At the end of the interval the p-value is the same; beyond, Student's tails are longer."""
    interval = Interval(1.9, 1.8, 2.005)
    many, few = [Demand(interval, 2.05)] * 5, [Demand(interval, 2.05, freedom=3)] * 5
    assert decide(many) == [Answer.FAIL] * 5
    assert decide(few) == [Answer.UNDECIDED] * 5
    assert decide(few[:1]) == [Answer.FAIL]


def test_the_worst_workload_represents_the_utility() -> None:
    verdict = judge(
        make_results(
            _measured(3.0, 3.1, workload="a"),
            _measured(1.0, 1.1, workload="b"),
            _measured(1.0, 3.1, workload="c"),
            _measured(3.0, 3.1, utility="other", workload="a"),
        ),
        _at_least(2.0),
    )
    assert [(j.utility, j.workload, j.answer) for j in verdict.by_utility] == [
        ("format_float", "b", Answer.FAIL),
        ("other", "a", Answer.PASS),
    ]
    assert len(verdict.judgements) == 4
    assert verdict.exit_code == 1


def test_a_fast_function_that_is_wrong_fails() -> None:
    verdict = judge(make_results(_measured(9.0, 9.1, equivalent=False)))
    assert verdict.by_utility[0].reason == "Python and native differ"
    assert verdict.exit_code == 1


def test_unmeasured_workloads_are_missing() -> None:
    without_native = replace(make_measurement(), native=(), speedup=None)
    failures = (Failure("hash_file/sha256 of 9 KB", "no answer"), Failure("native", "not built"))
    results = make_results(without_native, failures=failures)
    verdict = judge(results)
    assert [(j.utility, j.answer, j.reason) for j in verdict.judgements] == [
        ("hash_file", Answer.MISSING, "no answer"),
        ("format_float", Answer.MISSING, "native was not measured"),
    ]
    assert verdict.exit_code == 3
    excused = Policy(may_be_missing=frozenset({"hash_file/sha256 of 9 KB", "format_float"}))
    assert judge(results, excused).exit_code == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_speedup": 0.0},
        {"min_speedup": -1.0},
        {"min_speedup": float("nan")},
        {"min_speedup": float("inf")},
        {"max_regression": -0.1},
        {"max_regression": 1.0},
        {"max_regression": float("nan")},
    ],
)
def test_invalid_thresholds(wrong: dict[str, float]) -> None:
    with pytest.raises(WorkbenchError, match="must be"):
        Thresholds(**wrong)


def test_empty_results_cannot_be_judged() -> None:
    with pytest.raises(WorkbenchError, match="no measurement"):
        judge(make_results())


NO_FLOOR = Policy(Thresholds(min_speedup=None, max_regression=0.1))


@pytest.mark.parametrize(
    ("low", "high", "answer"),
    [
        (3.9, 4.1, Answer.PASS),
        (8.0, 8.1, Answer.PASS),
        (3.6, 3.7, Answer.PASS),
        (3.3, 3.8, Answer.UNDECIDED),
        (3.1, 3.2, Answer.FAIL),
    ],
)
def test_a_baseline_allows_a_regression(low: float, high: float, answer: Answer) -> None:
    before = _results(_measured(3.99, 4.01))
    verdict = judge(_results(_measured(low, high)), NO_FLOOR, before, margin=0.01)
    assert [j.answer for j in verdict.judgements] == [answer]
    assert "allowed -10.0% less 1.0% noise" in verdict.judgements[0].reason


def test_every_workload_of_a_baseline_is_judged() -> None:
    kept, gone = _measured(3.0, 3.1, workload="kept"), _measured(3.0, 3.1, workload="gone")
    new = _measured(0.5, 0.6, workload="new")
    verdict = judge(_results(kept, new), NO_FLOOR, _results(kept, gone))
    found = {j.workload: (j.answer, j.reason) for j in verdict.judgements}
    assert found["kept"][0] is Answer.PASS
    assert found["gone"] == (Answer.MISSING, "not in the new results")
    assert found["new"][0] is Answer.PASS
    assert verdict.exit_code == 3


def test_another_python_is_incomparable() -> None:
    measured = _measured(3.0, 3.1)
    before = _results(measured, python_version="3.10.1")
    verdict = judge(_results(measured, python_version="3.11.2"), NO_FLOOR, before)
    assert [(j.answer, j.reason) for j in verdict.judgements] == [
        (Answer.INCOMPARABLE, "python_version 3.10 vs. 3.11")
    ]
    assert verdict.exit_code == 3


def test_utilities_can_have_their_own_thresholds() -> None:
    policy = Policy(utilities={"format_float": Thresholds(min_speedup=5.0)})
    results = make_results(_measured(3.0, 3.1), _measured(3.0, 3.1, utility="other"))
    answers = {j.utility: j.answer for j in judge(results, policy).judgements}
    assert answers == {"format_float": Answer.FAIL, "other": Answer.PASS}


@pytest.mark.parametrize("answer", [Answer.PASS, Answer.FAIL])
def test_the_policy_decides_about_undecided_workloads(answer: Answer) -> None:
    verdict = judge(make_results(_measured(0.5, 2.0)), Policy(undecided=answer))
    assert verdict.judgements[0].answer is answer


@pytest.mark.parametrize(
    ("answers", "exit_code"),
    [
        ([Answer.PASS], 0),
        ([Answer.PASS, Answer.UNDECIDED], 3),
        ([Answer.PASS, Answer.MISSING], 3),
        ([Answer.INCOMPARABLE], 3),
        ([Answer.MISSING, Answer.FAIL], 1),
    ],
)
def test_exit_codes(answers: list[Answer], exit_code: int) -> None:
    judgements = tuple(Judgement("u", "w", answer, "") for answer in answers)
    assert GateVerdict(judgements).exit_code == exit_code


def test_a_utility_with_its_own_thresholds_must_be_measured() -> None:
    policy = Policy(utilities={"hash_fil": Thresholds(min_speedup=2.0)})
    verdict = judge(make_results(_measured(3.0, 3.1)), policy)
    assert [(j.utility, j.answer) for j in verdict.judgements] == [
        ("hash_fil", Answer.MISSING),
        ("format_float", Answer.PASS),
    ]
    assert (
        judge(
            make_results(_measured(3.0, 3.1)),
            replace(policy, may_be_missing=frozenset({"hash_fil"})),
        ).exit_code
        == 0
    )


def test_unchecked_workloads_do_not_pass() -> None:
    verdict = judge(make_results(_measured(3.0, 3.1, equivalent=None)))
    assert verdict.exit_code == 3
    assert verdict.by_utility[0].reason == "equivalence was not checked"


@pytest.mark.parametrize("least", [2.0, 4.0])
@pytest.mark.parametrize("pairs", [1, 5])
def test_few_pairs_neither_pass_nor_fail(least: float, pairs: int) -> None:
    few = make_measurement(python=((3e-6,) * pairs,), native=((1e-6,) * pairs,))
    enough = make_measurement(python=((3e-6,) * 6,), native=((1e-6,) * 6,))
    for measured, is_decided in ((few, False), (enough, True)):
        (judgement,) = judge(make_results(measured), _at_least(least)).judgements
        assert (judgement.answer is not Answer.UNDECIDED) == is_decided
    assert f"based on {pairs} pair" in judge(make_results(few)).judgements[0].reason


def test_few_pairs_are_not_compared() -> None:
    few = make_measurement(python=((1e-6,),), native=((1e-6,),))
    for runs in ((few, make_measurement()), (make_measurement(), few)):
        new, old = (_results(measured) for measured in runs)
        (judgement,) = judge(new, NO_FLOOR, old).judgements
        assert judgement.answer is Answer.UNDECIDED
        assert judgement.reason == "based on 1 pair, at least 6 are needed"


def test_a_baseline_without_a_native_side_does_not_pass() -> None:
    old = replace(make_measurement(), native=(), speedup=None)
    verdict = judge(_results(make_measurement()), NO_FLOOR, _results(old))
    (judgement,) = verdict.judgements
    assert judgement.answer is Answer.INCOMPARABLE
    assert judgement.reason == "native was not measured before"
    assert verdict.exit_code == 3
