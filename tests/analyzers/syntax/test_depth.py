"""Tests that code that exhausts the parser affects only its own file."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import libcst as cst
import pytest

from tests.analyzers.case_files import shown
from tests.analyzers.sky_rules import RULES
from workbench.analyzers.audit import audit
from workbench.analyzers.execution import isolation
from workbench.analyzers.execution.isolation import IsolationError, analyze_apart
from workbench.analyzers.file_analysis import analyze
from workbench.analyzers.model import FileContext, FileError, PythonFile
from workbench.analyzers.rules import RuleIndex
from workbench.analyzers.syntax.depth import is_deep
from workbench.analyzers.syntax.lexer import SpanIndex, opaque_spans
from workbench.analyzers.syntax.pieces import Piece
from workbench.analyzers.syntax.source import apply_edits
from workbench.analyzers.task import Task

IMPORT = "from sky.utils import common_utils\n"
CALL = "common_utils.format_float(1)"


def patterns(depth: int) -> str:
    """Return code that Python rejects and that takes LibCST exponential time to parse."""
    return f"match x:\n  case {'[' * depth}y{']' * depth}: {CALL} print 1\n"


def task(code: str, directory: Path) -> Task:
    file = PythonFile(directory / "a.py", "a.py")
    rules = RuleIndex.of(RULES)
    return Task(file, (IMPORT + code).encode(), ("a",), rules, FileContext(), apart=True)


@pytest.mark.parametrize("operator", ["and", "+", "<"])
def test_analyses_long_chains(
    operator: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    chain = f" {operator} 1" * 900
    (tmp_path / "deep.py").write_text(f"{IMPORT}x = {CALL}{chain}\n")
    found = audit([tmp_path], RULES)
    assert found.errors == ()
    assert [shown(reference) for reference in found.references] == ["2:5 call rewrite format_float"]
    new = apply_edits(found.files[0].original, found.files[0].edits).decode()
    assert new == f"import accelerated\nx = accelerated.format_float(1){chain}\n"


def test_parser_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(isolation.analyze_apart, "__defaults__", (1.5,))
    (tmp_path / "bad.py").write_text(IMPORT + patterns(60))
    (tmp_path / "good.py").write_text(f"{IMPORT}{CALL}\n")
    found = audit([tmp_path], RULES)
    assert found.errors == (FileError("bad.py", "the parser took longer than 2 s"),)
    assert [file.path for file in found.files] == ["good.py"]


def test_parser_crashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # On a small stack it crashes as it does on a large one, but much sooner.
    small = f"import {isolation.__name__} as here; here._STACK_SIZES = (1 << 22,)\nserve()"
    monkeypatch.setattr(isolation, "_START", isolation._START.replace("serve()", small))
    with pytest.raises(IsolationError, match="crashed"):
        analyze_apart(task(f"x = {'(' * 4_000}{CALL}{')' * 4_000}\n", tmp_path))


def test_never_imports_audited_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("libcst", "pickle", "threading", "analyzers", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported')\n")
    outcome = analyze_apart(task(f"{CALL}\n", tmp_path))
    assert outcome.analysis is not None
    assert os.listdir(tmp_path).count("__pycache__") == 0


def test_process_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_needed_directories", list)
    monkeypatch.setattr(isolation, "_START", "raise SystemExit('no such\\nmodule')")
    with pytest.raises(IsolationError, match=r"^the analysis process failed: module$"):
        analyze_apart(task(f"{CALL}\n", tmp_path))


def test_current_directory_can_contain_the_dependencies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(cst.__file__).parents[1])
    assert analyze_apart(task(f"{CALL}\n", tmp_path)).analysis is not None


def test_separate_process_gives_the_same_outcome(tmp_path: Path) -> None:
    one = task(f"x = [{CALL}]\ny = cu = common_utils\ncu.hash_file()\n", tmp_path)
    assert analyze_apart(one) == analyze(one)


@pytest.mark.parametrize(
    ("code", "deep"),
    [
        ("x = 1\n" * 1_000, False),
        ("x = [\n" + "    1,\n" * 1_000 + "]\n", False),
        ("x = '+ + +' \\\n + 1\n" * 300, False),
        ("x = 1" + " \\\n + 1" * 500 + "\n", True),
        ("x = (1" + "\n + 1" * 500 + ")\n", True),
        ("x = 'a'" + " 'a'" * 500 + "\n", True),
        ("x = {" + "'a': 'b',\n" * 900 + "}\n", False),
        ("x = " + "[" * 13 + "]" * 13 + "\n", True),
        ("if x:\n  y\n" + "elif x:\n  y\n" * 500, True),
    ],
)
def test_is_deep(code: str, deep: bool) -> None:
    index = SpanIndex(code, opaque_spans(code))
    assert is_deep(code, index, Piece(0, len(code))) is deep


def test_system_without_large_stacks(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert isolation.on_large_stack(lambda: 3) == 3
    monkeypatch.undo()
    assert isolation.on_large_stack(lambda: 4) == 4
