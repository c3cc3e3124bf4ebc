"""Tests for the input and output of an analysis, which go from process to process."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from tests.analyzers.sky_rules import RULES
from workbench.analyzers.file_analysis import analyze
from workbench.analyzers.model import FileContext, PythonFile
from workbench.analyzers.rules import RuleIndex
from workbench.analyzers.task import Outcome, Task

CODE = b"from sky.utils import common_utils as cu\ncu.format_float(1)\ncu.hash_file = None\n"
TASK = Task(
    PythonFile(Path("m.py"), "m.py"),
    CODE,
    ("m",),
    RuleIndex.of(RULES),
    FileContext(kept=frozenset(("cu",))),
)


def test_tasks_and_outcomes_survive_pickling() -> None:
    assert TASK.rules.heads  # cached properties are no part of a task
    outcome = analyze(TASK)
    assert outcome.analysis is not None
    again: Task = pickle.loads(pickle.dumps(TASK))
    assert again == TASK
    assert pickle.loads(pickle.dumps(outcome)) == analyze(again) == outcome


def test_outcomes_report_what_matters_to_other_files() -> None:
    outcome = analyze(replace(TASK, data=CODE + b"from sky.utils.common_utils import hash_file\n"))
    assert outcome.error == outcome.unproved == ""
    assert not outcome.too_deep
    assert outcome.replaced == {"cu"}
    assert outcome.patched == {"sky.utils.common_utils.hash_file": "m.py:3"}
    assert [name for name, rule in outcome.exports.items() if rule.label == "hash_file"] == [
        "m.hash_file"
    ]


def test_an_outcome_is_empty_by_default() -> None:
    assert analyze(replace(TASK, data=b"format_float = 1\n")) == Outcome()
    assert Outcome().exports is not Outcome().exports


def test_importing_it_imports_no_parser() -> None:
    code = (
        "import sys, workbench.analyzers.task\n"
        "print([name for name in sys.modules if name.startswith("
        "('libcst', 'workbench.analyzers.syntax', 'workbench.analyzers.names'))])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
