from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from tests.workbench.measure.measuring import job
from workbench.measure import process
from workbench.measure.process import OutOfTimeError, WorkerLostError, run_job

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


IN_PIECES = """
import os, time
for piece in (b'{"event": "sta', b'rt"}\\n{"event"', b': "done", "text": "\\xc3', b'\\xa9"}\\n'):
    os.write(1, piece)
    time.sleep(0.01)
"""


def test_events_may_arrive_in_pieces(other_worker: Callable[[str], None]) -> None:
    other_worker(IN_PIECES)
    assert list(run_job({}, 300.0, 0)) == [{"event": "start"}, {"event": "done", "text": "é"}]


def test_the_deadline_ends_a_worker_that_is_still_allowed_to_run(
    other_worker: Callable[[str], None],
) -> None:
    other_worker("import time\ntime.sleep(60)")
    with pytest.raises(OutOfTimeError):
        list(run_job({}, 300.0, 0, deadline=monotonic()))


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise SystemExit(7)", "status 7"),
        ("import os; os.kill(os.getpid(), 15)", "signal 15"),
        ("raise ValueError('first\\nlast line')", "status 1: last line"),
    ],
)
def test_a_lost_worker_says_how_it_ended(
    code: str, reason: str, other_worker: Callable[[str], None]
) -> None:
    other_worker(code)
    with pytest.raises(WorkerLostError, match=f"{reason}$"):
        list(run_job({}, 300.0, 0))


def test_a_worker_reads_its_job_behind_the_given_command(
    other_worker: Callable[[str], None],
) -> None:
    other_worker("import os, sys\nprint(sys.stdin.read().replace('X', os.environ['ADDED']))")
    (event,) = run_job({"event": "X"}, 300.0, 0, command=("env", "ADDED=seen"))
    assert event == {"event": "seen"}
