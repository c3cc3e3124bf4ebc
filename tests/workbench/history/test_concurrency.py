from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.workbench.history.history_samples import make_run
from workbench import history
from workbench.history import NothingToShow, schema
from workbench.history.database import writing
from workbench.history.location import locate

WORKLOADS = [(f"utility {number}", "workload") for number in range(20)]
WRITERS = 4
RUNS_EACH = 5

PRELUDE = """\
import os, signal, sys
from tests.workbench.history.history_samples import make_run
from workbench import history
store, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
workloads = [(f"utility {number}", "workload") for number in range(20)]
"""
ADD = """\
def add_all(first):
    for number in [*range(first, first + count), 77_000]:
        history.add(make_run(number % 20_000, workloads=workloads), store)
    os._exit(0)

# Importing takes longer than writing, so the writers are forks and start at about the same time.
pids = []
for number in range(first):
    pids.append(os.fork())
    if not pids[-1]:
        add_all(1000 * number)
sys.exit(any([os.waitpid(pid, 0)[1] for pid in pids]))
"""
KILL_BEFORE = """\
from sqlalchemy import Engine, event
left = 0

def count_down(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

def add():
    global left
    event.listen(Engine, "before_cursor_execute", count_down)
    event.listen(Engine, "commit", count_down)
    history.add(make_run(17_000, workloads=workloads), store)
    os._exit(0)

for line in sys.stdin:
    left = int(line)
    pid = os.fork()
    if not pid:
        add()
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    path = os.pathsep.join(
        [str(Path(__file__).parents[3]), *filter(None, [os.getenv("PYTHONPATH")])]
    )
    return subprocess.Popen(
        [sys.executable, "-c", PRELUDE + code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def seen(store: str) -> int:
    """Return the number of runs, after checking that each is complete."""
    try:
        runs = history.load(store).runs
    except NothingToShow:
        return 0
    assert all(len(run.entries) == len(WORKLOADS) for run in runs)
    return len(runs)


def test_concurrent_writers_lose_nothing_and_readers_see_complete_runs(store: str) -> None:
    writers = start(ADD, store, WRITERS, RUNS_EACH)
    counts = [seen(store)]
    while writers.poll() is None:
        counts.append(seen(store))
    assert writers.communicate()[1] == ""
    assert writers.returncode == 0
    assert counts == sorted(counts)
    expected = {
        history.add(make_run(1000 * first + number, workloads=WORKLOADS), store).run.digest
        for first in range(WRITERS)
        for number in range(RUNS_EACH)
    }
    runs = history.load(store).runs
    # All writers added the same additional run, which is stored once.
    assert len(runs) == len(expected) + 1
    assert expected < {run.digest for run in runs}


def test_a_writer_waits_for_the_one_that_creates_the_tables(store: str) -> None:
    with ThreadPoolExecutor(1) as pool:
        with writing(locate(store)) as connection:
            schema.create(connection)
            second = pool.submit(history.add, make_run(1, workloads=WORKLOADS), store)
            time.sleep(0.5)
            assert not second.done()
        assert second.result(200).is_new
    assert seen(store) == 1


@pytest.mark.parametrize("is_first", [True, False])
def test_a_killed_writer_leaves_nothing_behind(store: str, is_first: bool) -> None:
    if not is_first:
        history.add(make_run(1, workloads=WORKLOADS), store)
    before = seen(store)
    survivors = 0
    with start(KILL_BEFORE, store, 0, 0) as writers:
        assert writers.stdin is not None
        assert writers.stdout is not None
        for killed_before in range(1, 40, 3 if is_first else 1):
            writers.stdin.write(f"{killed_before}\n")
            writers.stdin.flush()
            status = int(writers.stdout.readline())
            assert seen(store) == before + (status == 0)
            if status == 0:
                survivors += 1
                break
            assert status == -signal.SIGKILL
    assert survivors == 1
    assert history.add(make_run(3000, workloads=WORKLOADS), store).is_new
    assert seen(store) == before + 2
