"""Analyse many files, in processes of which each may crash or hang at the cost of one file."""

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
"""Seconds that one file may take in a process that is shared."""
BUG = "the analysis failed, please report it"
_WORTH_A_PROCESS = 300_000
"""Bytes of code; less is analysed sooner than a process has started."""
_GARBAGE = 100_000, 20, 20
"""Objects between collections: trees have no cycles, so that collecting finds little."""

Step = Callable[[], None]
"""Called after each file."""


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """Let the garbage collector look seldom at syntax trees, which live on."""
    before = gc.get_threshold()
    gc.set_threshold(*_GARBAGE)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def analyze_all(tasks: Sequence[Task], step: Step, jobs: int | None = None) -> list[Outcome]:
    """Do all tasks, in as many processes as there are processors (or ``jobs``) where it pays.

    What may exhaust the stack is done with a large one, in a process that may crash (see
    `isolation`). A file that ends its process is tried once more in one of its own; what it gives
    in the end, or if it holds its process up, is an outcome with an error.
    """
    from workbench.analyzers import file_analysis  # noqa: F401 - once, for all processes

    count = min(jobs or _processors(), len(tasks))
    alone = count < 2 or sum(len(task.data) for task in tasks) < _WORTH_A_PROCESS
    if alone or not sys.platform.startswith("linux"):  # elsewhere, forking is not safe
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
    """Of the task that it does."""
    until: float
    """When that must be done, by the monotonic clock."""


class _Pool:
    """Gives the largest tasks out first, so that all processes end at about the same time."""

    def __init__(self, tasks: Sequence[Task], step: Step) -> None:
        self._tasks = tasks
        self._step = step
        self._waiting = sorted(range(len(tasks)), key=lambda number: len(tasks[number].data))
        self._outcomes: dict[int, Outcome] = {}
        self._workers: dict[Any, _Worker] = {}

    def run(self, count: int) -> list[Outcome]:
        """Do all tasks in ``count`` processes."""
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
        self._give(_Worker(process, connection, -1, 0.0))

    def _give(self, worker: _Worker) -> None:
        """Hand the next task to a worker, or send it home."""
        if not self._waiting:
            self._end(worker)
            return
        worker.number = self._waiting.pop()
        worker.until = time.monotonic() + TIME_LIMIT
        self._workers[worker.connection] = worker
        with contextlib.suppress(OSError):  # it has died; reading will say so
            worker.connection.send(self._tasks[worker.number])

    def _wait(self) -> None:
        from multiprocessing.connection import wait

        patience = max(0.0, min(w.until for w in self._workers.values()) - time.monotonic())
        for connection in wait(list(self._workers), patience):
            worker = self._workers.pop(connection)
            try:
                outcome = worker.connection.recv()
            except (EOFError, OSError):
                self._replace(worker, _apart(self._tasks[worker.number]))
            else:
                self._done(worker.number, outcome)
                self._give(worker)
        now = time.monotonic()
        for worker in [w for w in self._workers.values() if w.until <= now]:
            del self._workers[worker.connection]
            self._replace(worker, Outcome(error=f"the parser took longer than {TIME_LIMIT:g} s"))

    def _replace(self, worker: _Worker, outcome: Outcome) -> None:
        """Take another process for one that crashed or hangs."""
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
    """Do tasks until there are no more."""
    parents.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted too, and ends this
    with contextlib.suppress(EOFError, OSError):  # nobody is there any more
        while True:
            task = connection.recv()
            outcome = _analyze(task)
            if outcome.too_deep:
                outcome = _analyze(replace(task, apart=True), deep=True)
            connection.send(outcome)
