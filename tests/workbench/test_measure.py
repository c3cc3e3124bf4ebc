from __future__ import annotations

import io
import json
import random
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import faulty_worker
import pytest

from workbench import backends, storage, terminal
from workbench.catalog import Call, Floor, Utility, select, utilities
from workbench.errors import WorkbenchError
from workbench.measure import harness, process, worker
from workbench.measure.floor import bind_floor
from workbench.measure.loops import Loop, bind, calibrate
from workbench.measure.pairing import Expression, Pairing
from workbench.measure.plan import DEFAULT, FAST, RIGOROUS, Plan, named
from workbench.measure.process import WorkerLostError, run_job
from workbench.measure.record import Record
from workbench.results import Failure, Results

on_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="the floor is made of Linux's system calls"
)
TINY = Plan("tiny", 2, 2, 3, 0.0001, 0.05, 0.0, 60.0, 0, 30.0)


def _job(*names: str, **others: Any) -> dict[str, Any]:
    tasks = [
        {"utility": u.name, "workload": w.name, "sides": ["python", "python"]}
        for u in select(names)
        for w in u.workloads
    ]
    job = {"tasks": tasks, "seed": 1, "cpu": None, "pairs": 4, "sample_seconds": 1e-4, "seconds": 1}
    return {**job, "pairing": Pairing().to_json(), **others}


def test_the_loop_calls_as_often_as_asked() -> None:
    seen: list[tuple[Any, ...]] = []

    def record(a: int, b: int, *, c: int) -> None:
        seen.append((a, b, c))

    loop = bind(record, Call((1, 2), {"c": 3}))
    for calls in (0, 1, 9, 10, 11, 137):
        seen.clear()
        assert loop(calls) >= 0
        assert seen == [(1, 2, 3)] * calls


def test_calibration_fills_a_sample() -> None:
    rate = 1e-6
    calls: list[int] = []

    def pretended(loops: int) -> float:
        calls.append(loops)
        return loops * rate

    loops, attempts = calibrate(pretended, 0.001)
    assert loops * rate >= 0.001
    assert loops <= 2000
    assert [count for count, _ in attempts] == calls
    assert all(seconds == pytest.approx(rate) for _, seconds in attempts)


def test_calibration_ends_with_a_clock_that_stands_still() -> None:
    assert calibrate(lambda _: 0.0, 1.0)[0] == 2**30


def test_calibration_of_a_slow_call_takes_one() -> None:
    assert calibrate(lambda loops: 5.0 * loops, 0.001)[0] == 1


def test_pairs_are_taken_side_by_side_in_random_order() -> None:
    order: list[int] = []

    def side(number: int) -> Callable[[int], float]:
        def loop(loops: int) -> float:
            order.append(number)
            return float(loops * (number + 1))

        return loop

    values = worker.sample_pairs([side(0), side(1)], [10, 20], 50, 60.0, random.Random(0))
    assert values == [[1.0] * 50, [2.0] * 50]
    rounds = [tuple(order[i : i + 2]) for i in range(0, 100, 2)]
    assert set(rounds) == {(0, 1), (1, 0)}


def test_a_slow_workload_still_gives_a_few_pairs() -> None:
    values = worker.sample_pairs([lambda _: 1.0], [1], 100, 0.0, random.Random(0))
    assert values == [[1.0] * 3]


def test_the_worker_tells_what_it_does(tmp_path: Path) -> None:
    events = io.StringIO()
    job = _job("format_float", "base36_encode", scratch=str(tmp_path))
    job["tasks"].append({"utility": "format_float", "workload": "none such", "sides": ["python"]})
    worker.run(job, events)
    told = [json.loads(line) for line in events.getvalue().splitlines()]
    assert {event["task"] for event in told if event["event"] == "start"} == {0, 1, 2, 3}
    done = {event["task"]: event for event in told if event["event"] == "done"}
    assert done.keys() == {0, 1, 2}
    for event in done.values():
        assert [len(values) for values in event["values"]] == [4, 4]
        assert all(value > 0 for values in event["values"] for value in values)
        assert [warmups[-1][0] for warmups in event["warmups"]] == event["loops"]
    (failed,) = [event for event in told if event["event"] == "failed"]
    assert failed["reason"] == "format_float has no workload 'none such'"


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Start workers that know faulty utilities, and a native side that is the Python one."""
    monkeypatch.setattr(process, "_WORKER", "faulty_worker")
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    monkeypatch.setattr(backends, "why_native_is_missing", lambda: None)
    monkeypatch.setattr(harness, "verify", lambda *_, **__: ())
    return monkeypatch


def _faulty(*names: str) -> list[Utility]:
    return [faulty_worker.utility(name) for name in names]


@pytest.mark.usefixtures("faulty")
def test_faults_are_named_and_the_rest_is_measured() -> None:
    utilities = [*_faulty("raises", "hangs", "dies", "prints"), *select(["format_float"])]
    steps: list[tuple[int, int, str]] = []
    results = harness.measure(
        utilities, replace(TINY, time_limit=1.5, seed=3), lambda *step: steps.append(step)
    )
    assert {m.utility for m in results.measurements} == {"prints", "format_float"}
    assert all(len(m.python) == 2 and len(m.native) == 2 for m in results.measurements)
    reasons = {failure.subject: failure.reason for failure in results.failures}
    assert reasons.keys() == {"raises/once", "hangs/once", "dies/once"}
    assert reasons["raises/once"] == "ValueError: broken on purpose"
    assert reasons["hangs/once"] == "no answer within 1.5 s"
    assert reasons["dies/once"].startswith("the process was killed by signal 6")
    assert {what for _, _, what in steps} >= {"prints: once", "dies: once"}
    assert all(done < total for done, total, _ in steps)


def test_a_worker_that_cannot_start_is_one_clear_error(faulty: pytest.MonkeyPatch) -> None:
    faulty.setenv("FAULTY_WORKER", "start")
    with pytest.raises(WorkbenchError, match=r"cannot start a worker process: .*: cannot begin"):
        harness.measure(_faulty("prints"), TINY)


@pytest.mark.usefixtures("faulty")
def test_results_are_saved_as_they_grow(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    seen: list[int] = []

    def keep(results: Results) -> None:
        storage.save(results, path)
        seen.append(len(storage.load_results(path).measurements[0].python))

    results = harness.measure(select(["format_float"]), TINY, save=keep)
    assert seen == [1, 2, 2]
    assert storage.load_results(path) == results


@pytest.mark.usefixtures("faulty")
def test_sampling_stops_at_the_target_the_budget_or_the_most_processes() -> None:
    chosen = select(["format_float"])
    plans = {
        "target": replace(TINY, target_width=1e9, most_processes=9),
        "budget": replace(TINY, budget_seconds=0.0, most_processes=9),
        "processes": TINY,
    }
    for reason, plan in plans.items():
        (measured,) = harness.measure(chosen, plan).measurements
        assert measured.stopped == reason
        assert len(measured.python) == (1 if reason == "budget" else 2)


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
    results = harness.measure(chosen, replace(TINY, seed=5))
    assert [(c.utility, c.side) for c in results.controls] == [
        (name, side)
        for name in ("base36_encode", "format_float", "truncate_long_string")
        for side in ("python", "native")
    ]
    assert all(len(c.first) == len(c.second) == 2 for c in results.controls)
    assert results.noise_floor is not None
    assert 0 <= results.noise_floor < 1
    assert Results(()).noise_floor is None


@on_linux
def test_the_floor_is_timed_beside_both_sides(tmp_path: Path) -> None:
    chosen = select(["is_process_alive", "format_float"])
    results = harness.measure(chosen, replace(TINY, seed=5))
    computing, calling = results.measurements
    assert (computing.floor, computing.floor_calls, computing.limit) == ((), "", None)
    assert computing.floor_seconds is computing.floor_share is None
    assert [len(process) for process in calling.floor] == [3, 3]
    assert calling.floor_calls == "kill with signal 0"
    assert calling.native_seconds is not None
    assert calling.floor_seconds is not None
    assert 0 < calling.floor_seconds < calling.native_seconds
    assert calling.floor_share is not None
    assert calling.limit is not None
    assert calling.speedup is not None
    # Both are medians over the same pairs: share times limit is the speedup, but for noise.
    assert calling.floor_share * calling.limit.estimate == pytest.approx(
        calling.speedup.estimate, rel=0.5
    )
    assert all(len(run.loops) == len(run.warmups) == 3 for run in calling.runs)
    storage.save(results, tmp_path / "results.json")
    assert storage.load_results(tmp_path / "results.json") == results


def test_without_the_extension_there_is_no_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "workbench_native", None)
    chosen = select(["is_process_alive"])
    results = harness.measure(chosen, TINY)
    assert results.measurements[0].floor == ()
    assert results.failures == ()
    assert "extension is missing" in str(results.environment["floor_missing"])
    assert "no floor: the workbench's own extension" in terminal.measurements(results)
    assert "floor_missing" not in harness.measure(select(["format_float"]), TINY).environment


def test_a_floor_that_fails_is_named_and_the_sides_are_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(_: Floor) -> Loop:
        raise FileNotFoundError("no /proc here")

    monkeypatch.setattr(worker, "bind_floor", broken)
    events = io.StringIO()
    (utility,) = select(["is_process_alive"])
    sides = ("python", "python", "floor")
    task = {"utility": utility.name, "workload": "own pid", "sides": sides}
    worker.run(_job(scratch=str(tmp_path)) | {"tasks": [task]}, events)
    record = Record([utility], ("python", "python"), (), {}, ("floor",))
    (key,) = (key for key in record.open_tasks() if not key.is_control)
    assert key.sides == sides
    for _ in range(2):
        record.take(key, json.loads(events.getvalue().splitlines()[-1]))
    results = record.results()
    (measured,) = results.measurements
    assert measured.native
    assert measured.floor == ()
    assert measured.floor_calls == ""
    assert all(len(run.loops) == 2 for run in measured.runs)
    assert results.failures == (Failure("floor of is_process_alive: own pid", "no /proc here"),)


@on_linux
@pytest.mark.parametrize("utility", utilities(), ids=lambda u: u.name)
def test_every_declared_floor_can_be_timed(utility: Utility, tmp_path: Path) -> None:
    for workload in utility.workloads:
        if workload.floor:
            floor = workload.floor(workload.prepare(tmp_path))
            assert floor.calls
            assert bind_floor(floor)(2) > 0


@on_linux
def test_a_library_call_is_part_of_the_floor() -> None:
    calls: list[int] = []
    loop = bind_floor(Floor("kill and a list", "process", library=lambda: calls.append(1)))
    assert 0 < loop(25) < 1
    assert len(calls) == 25


def test_sides_beside_the_two_are_timed_with_them(tmp_path: Path) -> None:
    other = "accelerated:is_process_alive"
    pairing = Pairing(beside=(other,))
    assert Pairing.from_json(json.loads(json.dumps(pairing.to_json()))) == pairing
    results = harness.measure(select(["is_process_alive"]), TINY, pairing=pairing)
    (measured,) = results.measurements
    assert measured.beside.keys() == {other}
    assert [len(process) for process in measured.beside[other]] == [3, 3]
    assert all(len(run.loops) == 3 + bool(measured.floor) for run in measured.runs)
    storage.save(results, tmp_path / "results.json")
    assert storage.load_results(tmp_path / "results.json") == results


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
    monkeypatch.setattr(harness, "verify", lambda *_, **__: (found,))
    results = harness.measure(select(["format_float"]), TINY)
    assert results.measurements[0].equivalent is False
    assert results.failures == (
        Failure("equivalence of format_float", "f(1): python returned 1, native returned 2"),
    )


def test_an_abandoned_worker_is_stopped(tmp_path: Path) -> None:
    events = run_job(_job("format_float", scratch=str(tmp_path)), 30.0, 0)
    assert next(events)["event"] == "start"
    events.close()
    with pytest.raises(StopIteration):
        next(events)


def test_the_worker_sees_this_process_imports_and_its_own_hash_seed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "path", ["", "/first", "/second"])
    environment = process._environment(7)
    assert environment["PYTHONPATH"] == "/first:/second"
    assert environment["PYTHONHASHSEED"] == "7"


def test_a_worker_that_ignores_its_job_is_lost(faulty: pytest.MonkeyPatch) -> None:
    faulty.setenv("FAULTY_WORKER", "start")
    with pytest.raises(WorkerLostError, match="status 1: cannot begin"):
        list(run_job({"padding": "x" * 10**6}, 30.0, 0))


def test_plans_are_found_by_name() -> None:
    assert named(None) == DEFAULT
    assert named("fast") == FAST
    assert named("rigorous") == RIGOROUS
    assert named("fast", 5.0, 7) == replace(FAST, time_limit=5.0, seed=7)


def test_any_two_callables_are_timed() -> None:
    expression = Expression("values, reverse=True", setup="values = [3, 1, 2] * 100")
    pairing = Pairing("builtins:sorted", "builtins:sorted", expression)
    assert Pairing.from_json(json.loads(json.dumps(pairing.to_json()))) == pairing
    results = harness.measure((), TINY, pairing=pairing)
    (measured,) = results.measurements
    assert (measured.utility, measured.workload) == ("builtins:sorted", "(values, reverse=True)")
    assert (measured.equivalent, measured.equivalence_cases) == (True, 1)
    assert measured.samples == 6
    assert results.environment["first_side"] == "builtins:sorted"


def test_a_callable_is_compared_with_itself_and_kept(tmp_path: Path) -> None:
    pairing = Pairing("builtins:len", "builtins:len", Expression("'abc'"))
    results = harness.measure((), TINY, pairing=pairing)
    storage.save(results, tmp_path / "results.json")
    assert storage.load_results(tmp_path / "results.json") == results


def test_a_side_is_not_beside_itself() -> None:
    with pytest.raises(WorkbenchError, match="native is one of the two sides already"):
        Pairing(beside=("python:f", "native"))


def test_callables_that_differ_are_named() -> None:
    pairing = Pairing("builtins:min", "builtins:max", Expression("[1, 2]"))
    (failure,) = harness.measure((), TINY, pairing=pairing).failures
    assert failure.subject == "equivalence of builtins:max"


@pytest.mark.parametrize(
    ("pairing", "message"),
    [
        (Pairing("no_such:f", "builtins:max", Expression()), "cannot import no_such.f"),
        (
            Pairing("builtins:min", "builtins:no.such", Expression()),
            "cannot import builtins.no.such",
        ),
        (Pairing("builtins:min", "math:pi", Expression("[1]")), "math.pi cannot be called"),
        (Pairing("builtins:min", "builtins:max", Expression("1 +")), "cannot evaluate --setup"),
        (Pairing("builtins:min", "builtins:max", Expression("x")), "name 'x' is not defined"),
        (Pairing("builtins:min", "builtins:max", Expression("", "1 / 0")), "ZeroDivisionError"),
    ],
)
def test_callables_that_cannot_be_had(pairing: Pairing, message: str) -> None:
    with pytest.raises(WorkbenchError, match=re.escape(message)):
        harness.measure((), TINY, pairing=pairing)


def test_originals_are_timed_where_they_can_be_imported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "sky" / "utils"
    package.mkdir(parents=True)
    source = "from accelerated._python import format_float, get_cpu_count\n"
    (package / "common_utils.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    chosen = select(["format_float", "estimate_fd_for_directory"])
    results = harness.measure(chosen, TINY, pairing=Pairing(backends.UPSTREAM))
    assert [(m.utility, m.equivalent) for m in results.measurements] == [("format_float", True)]
    assert results.failures == (
        Failure("estimate_fd_for_directory", "it replaces nothing to compare with"),
    )
