"""Tests with the small code base: its references, and its content after migration."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.analyzers.case_files import FIXTURES
from tests.analyzers.sky_rules import RULES
from workbench.analyzers.audit import audit
from workbench.analyzers.model import Verdict
from workbench.analyzers.rewriting.diff import unified_diff
from workbench.analyzers.rewriting.write import write


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the code base and make the copy the current directory."""
    directory = tmp_path / "copy"
    shutil.copytree(FIXTURES / "codebase", directory)
    monkeypatch.chdir(directory)
    return directory


def contents(directory: Path) -> dict[str, bytes]:
    files = (path for path in directory.rglob("*.py"))
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}


def test_references(copy: Path) -> None:
    found = audit([copy], RULES)
    assert found.errors == ()
    assert found.files_scanned == len(contents(copy))
    rows = [
        [r.path, r.line, r.column, r.qualified_name, r.kind, r.verdict, r.reason]
        for r in found.references
    ]
    assert rows == json.loads((FIXTURES / "codebase.json").read_text(encoding="utf-8"))
    assert sum(found.by_label.values()) == len(rows)
    assert next(iter(found.by_label)) == "format_float"


def test_migration(copy: Path) -> None:
    before = contents(copy)
    found = audit([copy], RULES)
    with_edits = {file.path for file in found.files if file.edits}
    written = write(found)
    assert (set(written.paths), written.errors) == (with_edits, ())
    after = contents(copy)
    assert after == contents(FIXTURES / "codebase_expected")
    assert {path for path in before if before[path] != after[path]} == with_edits
    for path, content in after.items():
        compile(content, path, "exec", dont_inherit=True)


def test_second_migration_changes_nothing(copy: Path) -> None:
    write(audit([copy], RULES))
    before = contents(copy)
    again = audit([copy], RULES)
    assert write(again).paths == ()
    assert unified_diff(again) == b""
    assert contents(copy) == before
    assert {reference.verdict for reference in again.references} == {Verdict.REVIEW}


def test_git_applies_the_diff(copy: Path) -> None:
    (copy / "migration.diff").write_bytes(unified_diff(audit([copy], RULES)))
    subprocess.run(["git", "apply", "migration.diff"], cwd=copy, check=True)
    assert contents(copy) == contents(FIXTURES / "codebase_expected")


def test_progress_counts_analyses(copy: Path) -> None:
    seen: list[tuple[int, int]] = []
    audit([copy], RULES, lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == list(range(1, len(seen) + 1))
    assert all(done <= total for done, total in seen)
    assert seen[-1][0] == seen[-1][1]
