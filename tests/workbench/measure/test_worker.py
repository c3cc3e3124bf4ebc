from __future__ import annotations

import io
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.workbench.measure.measuring import job
from workbench.catalog import Call
from workbench.measure import process, worker
from workbench.measure.loops import bind, calibrate
from workbench.measure.process import WorkerLostError, run_job


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


@pytest.mark.parametrize("slow", [0, 1, 2])
def test_one_slow_attempt_does_not_end_calibration(slow: int) -> None:
    """The first call of a process is cold, and any other may be interrupted."""
    calls: list[int] = []

    def pretended(loops: int) -> float:
        calls.append(loops)
        return loops * 1e-6 + (0.05 if len(calls) == slow + 1 else 0.0)

    loops, attempts = calibrate(pretended, 0.001)
    assert 1000 <= loops <= 2000
    assert [count for count, _ in attempts] == calls


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


def test_the_worker_reports_events(tmp_path: Path) -> None:
    events = io.StringIO()
    asked = job("format_float", "base36_encode", scratch=str(tmp_path))
    asked["tasks"].append({"utility": "format_float", "workload": "none such", "sides": ["python"]})
    worker.run(asked, events)
    sent = [json.loads(line) for line in events.getvalue().splitlines()]
    kinds = [event["event"] for event in sent]
    assert " ".join(kinds).count("start ready done") == 3
    assert " ".join(kinds).count("start failed") == 1
    assert len(kinds) == 11
    assert {event["task"] for event in sent if event["event"] == "start"} == {0, 1, 2, 3}
    done = {event["task"]: event for event in sent if event["event"] == "done"}
    assert done.keys() == {0, 1, 2}
    for event in done.values():
        assert [len(values) for values in event["values"]] == [4, 4]
        assert all(value > 0 for values in event["values"] for value in values)
        assert [warmups[-1][0] for warmups in event["warmups"]] == event["loops"]
    (failed,) = [event for event in sent if event["event"] == "failed"]
    assert failed["reason"] == "format_float has no workload 'none such'"


SLOW_TO_START = """
import json, os, sys, time
json.load(sys.stdin)

def emit(*events):
    # In one write: what follows "ready" arrives with it, even on a busy machine.
    os.write(1, b"".join(b'{"event": "%s"}\\n' % event for event in events))

time.sleep(0.3)
emit(b"start")
time.sleep(0.3)
emit(b"ready", b"done")
time.sleep(0.3)
emit(b"start")
"""


@pytest.fixture
def other_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let ``run_job`` start a worker with the given code."""

    def use(code: str) -> None:
        (tmp_path / "other_worker.py").write_text(code)
        monkeypatch.setattr(process, "_WORKER", "other_worker")
        monkeypatch.syspath_prepend(str(tmp_path))

    return use


def test_starting_and_ending_do_not_count_against_the_time_limit(
    other_worker: Callable[[str], None],
) -> None:
    other_worker(SLOW_TO_START)
    events = run_job({}, 0.01, 0)
    assert [event["event"] for event in events] == ["start", "done", "start"]


@pytest.mark.parametrize("last", ["ready", "alive"])
def test_a_running_workload_has_a_time_limit(
    last: str, other_worker: Callable[[str], None]
) -> None:
    other_worker(f'import time\nprint(\'{{"event": "{last}"}}\', flush=True)\ntime.sleep(60)')
    with pytest.raises(WorkerLostError, match=r"^no answer within 0\.01 s$"):
        list(run_job({}, 0.01, 0))


@pytest.mark.parametrize("before", ["", 'print(\'{"event": "start"}\', flush=True)\n'])
def test_starting_has_a_separate_time_limit(
    before: str, other_worker: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    other_worker(f"import time\n{before}time.sleep(60)")
    monkeypatch.setattr(process, "START_LIMIT", 0.5)
    with pytest.raises(WorkerLostError, match=r"^not ready within 0\.5 s$"):
        list(run_job({}, 600.0, 0))


def test_an_abandoned_worker_is_stopped(tmp_path: Path) -> None:
    events = run_job(job("format_float", scratch=str(tmp_path)), 30.0, 0)
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


def test_a_worker_that_ignores_its_job_is_lost(faulty_workers: pytest.MonkeyPatch) -> None:
    faulty_workers.setenv("FAULTY_WORKER", "start")
    with pytest.raises(WorkerLostError, match="status 1: cannot begin"):
        list(run_job({"padding": "x" * 10**6}, 30.0, 0))
