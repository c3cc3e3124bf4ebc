"""Analyse many files in several processes; a crash or hang affects only one file."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workbench.analyzers.task import Outcome, Task

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

TIME_LIMIT = 60.0
"""Seconds for one file in a shared process."""
BUG = "internal error, please report it"
_WORTH_A_PROCESS = 300_000
"""Bytes of code; analysing less is faster than starting a process."""
_GARBAGE = 100_000, 20, 20
"""Thresholds of the garbage collector; trees have no cycles, so it would find little."""

Step = Callable[[], None]
"""Called after each file."""


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """Run the garbage collector less often, because syntax trees stay alive."""
    before = gc.get_threshold()
    gc.set_threshold(*_GARBAGE)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def analyze_all(tasks: Sequence[Task], step: Step, jobs: int | None = None) -> list[Outcome]:
    """Run all tasks, in ``jobs`` processes (by default, one per CPU) if there is enough code.

    A file that may exhaust the stack is analysed with a large one, in a process that may crash (see
    `isolation`). A file that crashes its process is tried once more in a process of its own. If
    that fails too, or if the file takes too long, its outcome has an error.
    """
    from workbench.analyzers import file_analysis  # noqa: F401 - import it once, before forking

    count = min(jobs or _processors(), len(tasks))
    alone = count < 2 or sum(len(task.data) for task in tasks) < _WORTH_A_PROCESS
    if alone or not sys.platform.startswith("linux"):  # forking is not safe elsewhere
        return [_one(task, step) for task in tasks]
    return _Pool(tasks, step).run(count)


def _one(task: Task, step: Step) -> Outcome:
    outcome = _analyze(task)
    if outcome.too_deep:
        outcome = _apart(task)
    step()
    return outcome


def _analyze(task: Task, *, deep: bool = False) -> Outcome:
    from workbench.analyzers.execution.isolation import analyze_deep
    from workbench.analyzers.file_analysis import analyze

    try:
        return analyze_deep(task) if deep else analyze(task)
    except Exception as error:
        return Outcome(error=f"{BUG}: {type(error).__name__}: {' '.join(str(error).split())}")


def _apart(task: Task) -> Outcome:
    from workbench.analyzers.execution.isolation import IsolationError, analyze_apart

    try:
        return analyze_apart(replace(task, apart=True))
    except IsolationError as error:
        return Outcome(error=str(error))


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection
    number: int
    """Index of its current task."""
    until: float
    """Deadline of that task, by the monotonic clock."""


class _Pool:
    """Process pool that starts the largest tasks first, so that all processes end together."""

    def __init__(self, tasks: Sequence[Task], step: Step) -> None:
        self._tasks = tasks
        self._step = step
        self._waiting = sorted(range(len(tasks)), key=lambda number: len(tasks[number].data))
        self._outcomes: dict[int, Outcome] = {}
        self._workers: dict[Any, _Worker] = {}

    def run(self, count: int) -> list[Outcome]:
        """Run all tasks in ``count`` processes."""
        gc.freeze()
        try:
            for _ in range(count):
                self._start()
            while self._workers:
                self._wait()
        finally:
            gc.unfreeze()
            for worker in self._workers.values():
                self._end(worker)
        return [self._outcomes[number] for number in range(len(self._tasks))]

    def _start(self) -> None:
        from multiprocessing import get_context

        if not self._waiting:
            return
        context = get_context("fork")
        connection, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, connection), daemon=True)
        process.start()
        theirs.close()
        self._assign(_Worker(process, connection, -1, 0.0))

    def _assign(self, worker: _Worker) -> None:
        """Send the next task to a worker, or stop the worker if there is none."""
        if not self._waiting:
            self._end(worker)
            return
        worker.number = self._waiting.pop()
        worker.until = time.monotonic() + TIME_LIMIT
        self._workers[worker.connection] = worker
        with contextlib.suppress(OSError):  # the worker has died; `_wait` will see it
            worker.connection.send(self._tasks[worker.number])

    def _wait(self) -> None:
        from multiprocessing.connection import wait

        timeout = max(0.0, min(w.until for w in self._workers.values()) - time.monotonic())
        for connection in wait(list(self._workers), timeout):
            worker = self._workers.pop(connection)
            try:
                outcome = worker.connection.recv()
            except (EOFError, OSError):
                self._replace(worker, _apart(self._tasks[worker.number]))
            else:
                self._done(worker.number, outcome)
                self._assign(worker)
        now = time.monotonic()
        for worker in [w for w in self._workers.values() if w.until <= now]:
            del self._workers[worker.connection]
            self._replace(worker, Outcome(error=f"the parser took longer than {TIME_LIMIT:g} s"))

    def _replace(self, worker: _Worker, outcome: Outcome) -> None:
        """Replace a worker that crashed or hangs."""
        self._end(worker)
        self._start()
        self._done(worker.number, outcome)

    def _done(self, number: int, outcome: Outcome) -> None:
        self._outcomes[number] = outcome
        self._step()

    def _end(self, worker: _Worker) -> None:
        worker.connection.close()
        worker.process.kill()
        worker.process.join()


def _serve(connection: Connection, parents: Connection) -> None:
    """Run tasks until the parent closes the connection."""
    parents.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent gets it too, and ends this process
    with contextlib.suppress(EOFError, OSError):  # the parent is gone
        while True:
            task = connection.recv()
            outcome = _analyze(task)
            if outcome.too_deep:
                outcome = _analyze(replace(task, apart=True), deep=True)
            connection.send(outcome)
