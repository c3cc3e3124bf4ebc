from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import WorkbenchError
from workbench.gate.policy import Answer, Policy, Thresholds

OWN = Thresholds(min_speedup=5.0)


@given(
    st.none() | st.floats(min_value=0, exclude_min=True, allow_infinity=False),
    st.floats(0, 1, exclude_max=True),
)
def test_thresholds_in_range_are_accepted(speedup: float | None, regression: float) -> None:
    found = Thresholds(speedup, regression)
    assert (found.min_speedup, found.max_regression) == (speedup, regression)


@given(st.floats(max_value=0) | st.just(float("inf")) | st.just(float("nan")))
def test_a_minimum_that_is_not_positive_is_refused(speedup: float) -> None:
    with pytest.raises(WorkbenchError, match="min_speedup") as caught:
        Thresholds(min_speedup=speedup)
    assert f"{speedup:g}" in str(caught.value)


@given(st.floats(max_value=0, exclude_max=True) | st.floats(min_value=1) | st.just(float("nan")))
def test_a_regression_beyond_the_baseline_is_refused(regression: float) -> None:
    with pytest.raises(WorkbenchError, match="max_regression"):
        Thresholds(max_regression=regression)


def test_a_utility_has_its_own_thresholds_or_the_general_ones() -> None:
    policy = Policy(Thresholds(2.0), {"hash_file": OWN})
    assert policy.of("hash_file") is OWN
    assert policy.of("format_float") == Thresholds(2.0)
    assert Policy().of("hash_file") == Thresholds(1.0, 0.1)


def test_a_utility_or_one_workload_may_be_missing() -> None:
    policy = Policy(may_be_missing=frozenset({"hash_file", "format_float/first"}))
    assert policy.excuses("hash_file", "any")
    assert policy.excuses("hash_file", "")
    assert policy.excuses("format_float", "first")
    assert not policy.excuses("format_float", "second")
    assert not policy.excuses("format_float", "")
    assert not Policy().excuses("hash_file", "any")


def test_the_worst_answer_comes_first() -> None:
    # `judge` represents a utility by the first of these among its workloads.
    worst, *_, best = Answer
    assert (worst, best) == (Answer.FAIL, Answer.PASS)
    assert Policy().undecided is Answer.UNDECIDED
