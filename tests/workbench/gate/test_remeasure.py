from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.workbench.workbench_samples import make_measurement, make_results
from workbench.catalog import Utility
from workbench.errors import WorkbenchError
from workbench.gate import judge, remeasure
from workbench.gate.judge import ERROR_RATE, GateVerdict, Judgement
from workbench.gate.policy import Answer, Policy, Thresholds
from workbench.gate.remeasure import error_rate, merge, until_decided
from workbench.measure.plan import Plan
from workbench.results.model import Control, Failure, Measurement, ProcessRun, Results, Samples
from workbench.results.statistics import relative_width, speedup

POLICY = Policy(Thresholds(min_speedup=2.9))


def _noisy(seconds: float = 1e-6) -> Results:
    """Return two processes that disagree: too wide to decide anything."""
    native = ((seconds,) * 3, (seconds,) * 3)
    python = ((seconds * 2.5,) * 3, (seconds * 3.6,) * 3)
    return make_results(make_measurement(python=python, native=native))


def test_samples_are_added_until_all_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def measure(utilities: Iterable[Utility], *_: Any, **__: Any) -> Results:
        asked.append([utility.name for utility in utilities])
        return make_results(make_measurement(ratio=3.2))

    monkeypatch.setattr(remeasure, "measure", measure)
    before = _noisy()
    results, verdict = until_decided(before, POLICY, None, 250.0)
    assert verdict.exit_code == 0
    assert asked == [["format_float"]] * len(asked)
    (measured,) = results.measurements
    assert len(measured.python) == len(measured.native) == 2 + 4 * len(asked)
    assert measured.speedup is not None
    assert before.measurements[0].speedup is not None
    assert relative_width(measured.speedup) < relative_width(before.measurements[0].speedup)


def test_each_look_takes_as_much_again(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    clock, counts = [0.0], []

    def measure(_: Iterable[Utility], plan: Plan, *__: Any, **___: Any) -> Results:
        assert plan.budget_seconds == 40.0 - clock[0]
        clock[0] += 10.0
        counts.append(plan.least_processes)
        assert plan.most_processes == plan.least_processes
        return make_results(_synthetic(rng, plan.least_processes, 3.0))

    monkeypatch.setattr(remeasure, "measure", measure)
    monkeypatch.setattr(remeasure, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    policy = Policy(Thresholds(min_speedup=3.0 * 1.02))
    until_decided(make_results(_synthetic(rng, 3, 3.0)), policy, None, 40.0)
    assert counts == [4, 7, 14, 28]


def test_time_that_is_over_leaves_it_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    def measure(*_: Any, **__: Any) -> Results:
        raise AssertionError("there is no time for this")

    monkeypatch.setattr(remeasure, "measure", measure)
    results, verdict = until_decided(_noisy(), POLICY, None, 0.0)
    assert results == _noisy()
    assert [j.answer for j in verdict.judgements] == [Answer.UNDECIDED]
    lenient = replace(POLICY, undecided=Answer.PASS)
    assert until_decided(_noisy(), lenient, None, 0.0)[1].exit_code == 0


def test_decided_workloads_are_not_measured_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(remeasure, "measure")
    results = make_results(make_measurement(ratio=9.0))
    assert until_decided(results, POLICY, None, 60.0)[0] == results


def test_callables_by_name_cannot_be_measured_again() -> None:
    results = replace(_noisy(), environment={"first_side": "a:b", "second_side": "c:d"})
    with pytest.raises(WorkbenchError, match="callables given by name"):
        until_decided(results, POLICY, None, 60.0)


def test_merging_keeps_everything() -> None:
    run = ProcessRun("2025-01-01 00:00:00", 1.0, (1, 2), (((1, 0.1),), ((2, 0.1),)))
    old = make_measurement(runs=(run,) * 4, equivalence_cases=5)
    new = make_measurement(runs=(run,) * 4, equivalence_cases=7, equivalent=False)
    other = make_measurement(utility="hash_file")
    failed = Failure("hash_file/x", "no answer")
    merged = merge(
        make_results(old, other, failures=(failed,)), make_results(new, failures=(failed,))
    )
    assert merged.measurements[1] == other
    assert merged.measurements[0].runs == (run,) * 8
    assert merged.measurements[0].equivalence_cases == 12
    assert merged.measurements[0].equivalent is False
    assert merged.failures == (failed,)
    python_alone = replace(new, native=(), speedup=None)
    assert merge(make_results(old), make_results(python_alone)).measurements == (old,)
    message = "cannot add samples to these results on this machine: machine a vs. b"
    with pytest.raises(WorkbenchError, match=message):
        merge(Results((), {"machine": "a"}), Results((), {"machine": "b"}))


def test_floors_are_merged_where_both_have_one() -> None:
    run = ProcessRun("2025-01-01 00:00:00", 1.0, (1, 2, 3), (((1, 0.1),),) * 3)
    plain = make_measurement(runs=(run,) * 4)
    floored = replace(plain, floor=plain.native, floor_calls="kill", beside={"other": plain.python})
    both = merge(make_results(floored), make_results(floored)).measurements[0]
    assert both.floor == plain.native * 2
    assert both.floor_calls == "kill"
    assert both.limit is not None
    assert (both.beside, both.runs) == ({}, ())
    one = merge(make_results(floored), make_results(plain)).measurements[0]
    assert (one.floor, one.floor_calls, one.limit) == ((), "", None)


def test_all_looks_together_spend_the_error_rate() -> None:
    rates = [error_rate(look) for look in range(1, 10_001)]
    assert rates == sorted(rates, reverse=True)
    assert ERROR_RATE * 0.999 < sum(rates) < ERROR_RATE


def _synthetic(rng: np.random.Generator, processes: int, ratio: float) -> Measurement:
    logs = rng.normal(0, 0.01, (processes, 1)) + rng.normal(0, 0.01, (processes, 3))
    python = tuple(map(tuple, (ratio * np.exp(logs)).tolist()))
    native: Samples = ((1.0,) * 3,) * processes
    return make_measurement(
        python=python, native=native, speedup=speedup(python, native, resamples=80)
    )


LOOKS = 12
MOST = 32
"""Maximum number of processes in a look, to limit the duration of the test."""


def _failures(
    monkeypatch: pytest.MonkeyPatch, ratio: float, runs: int, looks: int = LOOKS
) -> float:
    """Return the fraction of runs that fail at a threshold of 3 without margin."""
    rng = np.random.default_rng(11)
    clock = [0.0]

    def measure(_: Iterable[Utility], plan: Plan, *__: Any, **___: Any) -> Results:
        clock[0] += 1.0
        return make_results(_synthetic(rng, min(plan.least_processes, MOST), ratio))

    monkeypatch.setattr(remeasure, "measure", measure)
    monkeypatch.setattr(remeasure, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(
        remeasure, "speedup", lambda *sides: speedup(*sides, resamples=80), raising=True
    )
    policy = Policy(Thresholds(min_speedup=3.0 * (1 + 0.02)))
    exits = [
        until_decided(make_results(_synthetic(rng, 4, ratio)), policy, None, looks - 0.5)[1]
        for _ in range(runs)
    ]
    return sum(verdict.exit_code == 1 for verdict in exits) / runs


@pytest.mark.no_cover
def test_many_looks_fail_no_more_often_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The true speedup is the threshold less the margin, the worst that must not fail."""
    assert _failures(monkeypatch, 3.0, 120) <= ERROR_RATE


@pytest.mark.no_cover
def test_without_the_correction_they_fail_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remeasure, "error_rate", lambda look: ERROR_RATE)
    assert _failures(monkeypatch, 3.0, 120) > 2 * ERROR_RATE


@pytest.mark.no_cover
def test_the_correction_does_not_hide_a_true_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _failures(monkeypatch, 2.9, 20) == 1.0


def test_decisions_of_earlier_looks_are_final(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second look is stricter, and would leave the first one's failure undecided."""
    answers = iter(
        [
            [("a", Answer.FAIL), ("b", Answer.UNDECIDED)],
            [("a", Answer.UNDECIDED), ("b", Answer.PASS)],
        ]
    )
    rates: list[float] = []

    def judge(*_: Any, error_rate: float) -> GateVerdict:
        rates.append(error_rate)
        return GateVerdict(
            tuple(Judgement("u", w, answer, "", "min_speedup") for w, answer in next(answers))
        )

    monkeypatch.setattr(remeasure, "judge", judge)
    monkeypatch.setattr(remeasure, "_sample", lambda results, *_: results)
    _, verdict = until_decided(_noisy(), POLICY, None, 60.0)
    assert [j.answer for j in verdict.judgements] == [Answer.FAIL, Answer.PASS]
    assert rates == [error_rate(1), error_rate(2)]


def test_a_single_look_spends_the_whole_error_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    low = 2.9 / 1.02 * 1.001
    interval = judge.Interval((low * 3.5) ** 0.5, low, 3.5)
    results = make_results(make_measurement(speedup=interval))
    assert until_decided(results, POLICY, None, 0.0)[1].exit_code == 0
    clock = SimpleNamespace(monotonic=iter([0.0, 99.0]).__next__)
    monkeypatch.setattr(remeasure, "time", clock)
    assert until_decided(results, POLICY, None, 60.0)[1].exit_code == 3


def test_controls_of_the_same_side_are_joined() -> None:
    def control(side: str, factor: float) -> Control:
        second: Samples = ((1.0, 1.0),) * 4
        first = tuple((factor, factor) for _ in range(4))
        return Control("u", "w", side, first, second, speedup(first, second))

    old = replace(_noisy(), controls=(control("python", 1.1), control("native", 1.0)))
    new = replace(_noisy(), controls=(control("python", 0.9),))
    joined, native = merge(old, new).controls
    assert (joined.side, len(joined.first), len(joined.second)) == ("python", 8, 8)
    assert joined.ratio.estimate == pytest.approx((1.1 * 0.9) ** 0.5)
    assert native == old.controls[1]
