"""Many files at once: the same outcomes, and a crash or hang affects only its own file."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.analyzers.sky_rules import RULES
from workbench.analyzers import file_analysis
from workbench.analyzers.execution import pool
from workbench.analyzers.execution.pool import analyze_all
from workbench.analyzers.model import FileContext, PythonFile
from workbench.analyzers.rules import RuleIndex
from workbench.analyzers.task import Outcome, Task

CODE = "from sky.utils import common_utils\nx = common_utils.format_float({})\n"
INDEX = RuleIndex.of(RULES)


@pytest.fixture(autouse=True)
def _always_parallel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_WORTH_A_PROCESS", 1)


def tasks(count: int, directory: Path) -> list[Task]:
    files = [PythonFile(directory / f"m{n}.py", f"m{n}.py") for n in range(count)]
    return [
        Task(file, CODE.format("1" * n).encode(), (file.location.stem,), INDEX, FileContext())
        for n, file in enumerate(files, 1)
    ]


def test_same_outcomes_and_order_as_in_one_process(tmp_path: Path) -> None:
    steps: list[int] = []
    all_tasks = tasks(9, tmp_path)
    outcomes = analyze_all(all_tasks, lambda: steps.append(1), jobs=3)
    assert outcomes == analyze_all(all_tasks, lambda: None, jobs=1)
    assert len(steps) == 9
    assert all(outcome.analysis is not None for outcome in outcomes)


def test_works_in_other_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_analysis, "analyze", lambda _: Outcome(error=str(os.getpid())))
    processes = {outcome.error for outcome in analyze_all(tasks(6, tmp_path), lambda: None, 2)}
    assert len(processes) == 2
    assert str(os.getpid()) not in processes


@pytest.mark.parametrize("failure", ["crash", "hang"])
def test_a_crash_or_hang_affects_one_file(
    failure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = file_analysis.analyze
    done: list[bool] = []

    def clock() -> float:
        """Let the time limit pass at once when nothing but what hangs is left."""
        return time.monotonic() + (pool.TIME_LIMIT if failure == "hang" and len(done) == 6 else 0)

    def failing(task: Task) -> Outcome:
        if task.file.display == "m4.py":
            if failure == "crash":
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(600)
        return real(task)

    monkeypatch.setattr(pool, "time", SimpleNamespace(monotonic=clock))
    monkeypatch.setattr(pool, "_apart", lambda _: Outcome(error="apart"))
    monkeypatch.setattr(file_analysis, "analyze", failing)
    outcomes = analyze_all(tasks(7, tmp_path), lambda: done.append(True), jobs=2)
    assert [number for number, outcome in enumerate(outcomes) if outcome.error] == [4]
    reasons = {"crash": "apart", "hang": "the parser took longer than 60 s"}
    assert outcomes[4].error == reasons[failure]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_bug_affects_one_file(
    jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    real = file_analysis.analyze

    def buggy(task: Task) -> Outcome:
        if task.file.display == "m2.py":
            raise KeyError("a\nb")
        return real(task)

    monkeypatch.setattr(file_analysis, "analyze", buggy)
    outcomes = analyze_all(tasks(4, tmp_path), lambda: None, jobs)
    assert [outcome.error for outcome in outcomes] == ["", "", f"{pool.BUG}: KeyError: 'a\\nb'", ""]
    assert capfd.readouterr().err == ""


def test_deeply_nested_code_is_analysed_apart(tmp_path: Path) -> None:
    first, second = tasks(2, tmp_path)
    deep = Task(first.file, first.data + b"y = 1" + b" + 1" * 900, ("m",), INDEX, FileContext())
    outcomes = analyze_all([deep, second], lambda: None, jobs=2)
    assert [outcome.error for outcome in outcomes] == ["", ""]
    assert all(outcome.analysis is not None for outcome in outcomes)


def test_workers_ignore_an_interrupt_from_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def interrupted(task: Task) -> Outcome:
        os.kill(os.getpid(), signal.SIGINT)
        return Outcome(dropped=frozenset((task.file.display,)))

    monkeypatch.setattr(file_analysis, "analyze", interrupted)
    outcomes = analyze_all(tasks(3, tmp_path), lambda: None, jobs=2)
    assert [outcome.dropped for outcome in outcomes] == [{"m0.py"}, {"m1.py"}, {"m2.py"}]
    assert capfd.readouterr().err == ""
