"""Analyse a file in a separate process, so that a crash or hang does not affect other files."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.analyzers.task import Outcome, Task

TIME_LIMIT = 60.0
"""Seconds for one file."""
_STACK_SIZES = (512 << 20, 64 << 20)
_RECURSION_LIMIT = 200_000
_START = """\
import json, sys
sys.path += json.loads(sys.argv[1])
from workbench.analyzers.execution.isolation import serve
serve()
"""


class IsolationError(Exception):
    """The process crashed, failed or timed out; the message says which."""


def analyze_apart(task: Task, time_limit: float = TIME_LIMIT) -> Outcome:
    """Run one task in a new process with a large stack; raise `IsolationError` if that fails."""
    command = [sys.executable, "-I", "-c", _START, json.dumps(_needed_directories())]
    try:
        run = subprocess.run(
            command, input=pickle.dumps(task), capture_output=True, timeout=time_limit, check=False
        )
    except subprocess.TimeoutExpired:
        raise IsolationError(f"the parser took longer than {time_limit:.0f} s") from None
    if run.returncode < 0:
        raise IsolationError("the parser crashed, probably because of deeply nested code")
    if run.returncode > 0:
        last = run.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise IsolationError(f"the analysis process failed: {last}")
    outcome: Outcome = pickle.loads(run.stdout)
    return outcome


def _needed_directories() -> list[str]:
    """Return where the workbench and LibCST are; the current directory may be audited code."""
    specs = (find_spec(package) for package in ("workbench", "libcst"))
    origins = (spec.origin for spec in specs if spec is not None and spec.origin)
    return [str(Path(origin).resolve().parents[1]) for origin in origins]


def serve() -> None:
    """Run the task on standard input, and write its outcome to standard output."""
    task = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(pickle.dumps(analyze_deep(task)))


def analyze_deep(task: Task) -> Outcome:
    """Run a task with the largest possible stack, in a process that may crash or hang."""
    from workbench.analyzers.file_analysis import analyze

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(_RECURSION_LIMIT)
    try:
        outcome: Outcome = on_large_stack(lambda: analyze(task))
    finally:
        sys.setrecursionlimit(limit)
    return outcome


def on_large_stack(function: Callable[[], Any]) -> Any:
    """Call a function in a thread with the largest stack that the system allows."""
    results: list[Any] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(function())
        except BaseException as error:  # a thread would only print it
            errors.append(error)

    before = threading.stack_size()
    try:
        for size in _STACK_SIZES:
            threading.stack_size(size)
            thread = threading.Thread(target=run)
            try:
                thread.start()
            except RuntimeError:
                continue
            thread.join()
            if errors:
                raise errors[0]
            return results[0]
    finally:
        threading.stack_size(before)
    return function()
