from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from workbench_samples import make_measurement, make_results

from workbench import remeasure
from workbench.catalog import Utility
from workbench.errors import WorkbenchError
from workbench.gate import Answer, Policy, Thresholds
from workbench.remeasure import merge, until_decided
from workbench.results import Failure, ProcessRun, Results
from workbench.statistics import relative_width

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
    results, verdict = until_decided(before, POLICY, None, 60.0)
    assert verdict.exit_code == 0
    assert asked == [["format_float"]] * len(asked)
    (measured,) = results.measurements
    assert len(measured.python) == len(measured.native) == 2 + 4 * len(asked)
    assert measured.speedup is not None
    assert before.measurements[0].speedup is not None
    assert relative_width(measured.speedup) < relative_width(before.measurements[0].speedup)


def test_time_that_is_over_leaves_it_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    def measure(*_: Any, **__: Any) -> Results:
        raise AssertionError("there is no time for this")

    monkeypatch.setattr(remeasure, "measure", measure)
    results, verdict = until_decided(_noisy(), POLICY, None, 0.0)
    assert results == _noisy()
    assert [j.answer for j in verdict.judgements] == [Answer.UNDECIDED]
    lenient = replace(POLICY, undecided=Answer.PASS)
    assert until_decided(_noisy(), lenient, None, 0.0)[1].exit_code == 0


def test_what_is_decided_is_not_measured_again(monkeypatch: pytest.MonkeyPatch) -> None:
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
    with pytest.raises(WorkbenchError, match="cannot be measured on here: machine a against b"):
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
