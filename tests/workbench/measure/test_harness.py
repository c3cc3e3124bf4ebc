from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.workbench.measure.measuring import TINY, faulty
from workbench import backends
from workbench.catalog import select
from workbench.cli import texts
from workbench.errors import WorkbenchError
from workbench.measure import harness
from workbench.measure.checking import Checked
from workbench.measure.plan import Plan
from workbench.results import storage
from workbench.results.curves import break_even
from workbench.results.model import Failure, Results


@pytest.mark.usefixtures("faulty_workers")
def test_faults_are_reported_and_the_rest_is_measured() -> None:
    utilities = [*faulty("raises", "hangs", "dies", "prints"), *select(["format_float"])]
    steps: list[tuple[int, int, str]] = []
    results = harness.measure(
        utilities, replace(TINY, time_limit=3.0, seed=3), lambda *step: steps.append(step)
    )
    assert {m.utility for m in results.measurements} == {"prints", "format_float"}
    assert all(len(m.python) == 2 and len(m.native) == 2 for m in results.measurements)
    reasons = {failure.subject: failure.reason for failure in results.failures}
    assert reasons.keys() == {"raises/once", "hangs/once", "dies/once"}
    assert reasons["raises/once"] == "ValueError: broken on purpose"
    assert reasons["hangs/once"] == "no answer within 3 s"
    assert reasons["dies/once"].startswith("the process was killed by signal 6")
    assert {what for _, _, what in steps} >= {"prints: once", "dies: once"}
    assert all(done < total for done, total, _ in steps)


def test_a_worker_that_cannot_start_is_one_clear_error(faulty_workers: pytest.MonkeyPatch) -> None:
    faulty_workers.setenv("FAULTY_WORKER", "start")
    with pytest.raises(WorkbenchError, match=r"cannot start a worker process: .*: cannot begin"):
        harness.measure(faulty("prints"), TINY)


@pytest.mark.usefixtures("faulty_workers")
def test_results_are_saved_as_they_grow(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    seen: list[int] = []

    def keep(results: Results) -> None:
        storage.save(results, path)
        seen.append(len(storage.load_results(path).measurements[0].python))

    results = harness.measure(select(["format_float"]), TINY, save=keep)
    assert seen == [1, 2, 2]
    assert storage.load_results(path) == results


@pytest.mark.usefixtures("faulty_workers")
@pytest.mark.parametrize(
    ("reason", "plan"),
    [
        ("target", replace(TINY, target_width=1e9, most_processes=9)),
        ("processes", TINY),
    ],
)
def test_sampling_stops_at_the_target_or_the_maximum(reason: str, plan: Plan) -> None:
    (measured,) = harness.measure(select(["format_float"]), plan).measurements
    assert measured.stopped == reason
    assert len(measured.python) == 2


@pytest.mark.usefixtures("faulty_workers")
def test_sampling_stops_when_the_budget_is_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = replace(TINY, least_processes=999, most_processes=999)
    passed = [0.0]

    def spend(results: Results) -> None:
        if len(results.measurements[0].python) == 2:
            passed[0] = plan.budget_seconds

    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + passed[0])
    monkeypatch.setattr(harness, "time", clock)
    (measured,) = harness.measure(select(["format_float"]), plan, save=spend).measurements
    assert measured.stopped == "budget"
    assert len(measured.python) == 2


def test_real_sides_in_real_processes() -> None:
    results = harness.measure(
        select(["truncate_long_string", "base36_encode"]), replace(TINY, seed=5)
    )
    assert results.failures == ()
    assert [m.primary for m in results.measurements] == [True, False, True, False]
    for m in results.measurements:
        assert m.equivalent
        assert m.equivalence_cases > 100
        assert m.speedup is not None
        assert len(m.runs) == 2
        assert all(len(run.loops) == 2 and run.duration > 0 for run in m.runs)
    assert results.environment["plan"] == "tiny"
    assert results.environment["seed"] == 5


def test_identical_code_is_timed_against_itself() -> None:
    chosen = select(["base36_encode", "format_float", "is_process_alive", "truncate_long_string"])
    # Enough pairs that a busy machine does not change the median.
    results = harness.measure(chosen, replace(TINY, pairs=31, seed=5))
    assert [(c.utility, c.side) for c in results.controls] == [
        (name, side)
        for name in ("base36_encode", "format_float", "truncate_long_string")
        for side in ("python", "native")
    ]
    assert all(len(c.first) == len(c.second) == 2 for c in results.controls)
    assert results.noise_floor is not None
    assert 0 <= results.noise_floor < 1
    assert Results(()).noise_floor is None


def test_without_a_native_side_only_python_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "why_native_is_missing", lambda: "the native side is missing")
    results = harness.measure(select(["format_float"]), TINY)
    (measured,) = results.measurements
    assert measured.native == ()
    assert measured.native_seconds is None
    assert measured.speedup is None
    assert measured.equivalent is None
    assert results.failures == (Failure("native", "the native side is missing"),)


def test_a_difference_becomes_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.verify import Equivalence, Mismatch

    found = Equivalence("format_float", 7, (Mismatch("f(1)", "returned 1", "returned 2"),))
    monkeypatch.setattr(harness, "check_equivalence", lambda *_, **__: Checked([found]))
    results = harness.measure(select(["format_float"]), TINY)
    assert results.measurements[0].equivalent is False
    assert results.failures == (
        Failure("equivalence of format_float", "f(1): python returned 1, native returned 2"),
    )


@pytest.mark.usefixtures("faulty_workers")
def test_the_budget_ends_a_run_in_progress() -> None:
    plan = replace(TINY, budget_seconds=1.0)
    begin = time.monotonic()
    results = harness.measure([*faulty("hangs"), *select(["format_float"])], plan)
    assert time.monotonic() - begin < plan.time_limit
    reasons = {failure.subject: failure.reason for failure in results.failures}
    assert reasons["hangs/once"] == "not reached within the time budget"
    assert {m.utility for m in results.measurements} <= {"format_float"}


@pytest.mark.usefixtures("faulty_workers")
def test_without_a_budget_every_workload_is_a_failure() -> None:
    results = harness.measure(select(["base36_encode"]), replace(TINY, budget_seconds=0.0))
    assert results.measurements == results.controls == ()
    assert [(f.subject, f.reason) for f in results.failures] == [
        ("base36_encode/8 hex digits", "not reached within the time budget"),
        ("base36_encode/32 hex digits", "not reached within the time budget"),
    ]


@pytest.mark.usefixtures("faulty_workers")
def test_an_interrupt_keeps_what_the_current_process_has_measured() -> None:
    kept: list[Results] = []

    def interrupt(done: int, total: int, what: str) -> None:
        if done == 5:
            raise KeyboardInterrupt

    chosen = select(["base36_encode", "format_float"])
    with pytest.raises(KeyboardInterrupt):
        harness.measure(chosen, TINY, interrupt, kept.append)
    assert len(kept) == 1
    assert 1 <= len(kept[0].measurements) <= 3


@pytest.mark.usefixtures("faulty_workers")
def test_curves_are_timed_when_asked_for(tmp_path: Path) -> None:
    (utility,) = select(["truncate_long_string"])
    results = harness.measure([utility], replace(TINY, curves=True))
    (curve,) = results.curves
    assert (curve.utility, curve.unit) == ("truncate_long_string", "characters")
    assert tuple(point.size for point in curve.points) == utility.curves[0].sizes
    assert all(len(point.measurement.native) == 2 for point in curve.points)
    assert len(results.measurements) == len(utility.workloads)
    storage.save(results, tmp_path / "results.json")
    assert storage.load_results(tmp_path / "results.json") == results
    text = texts.measurements(results)
    assert "\ntruncate_long_string: words cut to 80, by characters\n             1  " in text
    assert f"\n  break-even: {break_even(curve.points).sentence('characters')}\n" in text
    assert harness.measure([utility], TINY).curves == ()
