from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.workbench.command_line import MIGRATABLE
from workbench.analyzers.model import FileError
from workbench.cli import main
from workbench.migration.model import Committed, Migration, Mode

Captured = pytest.CaptureFixture[str]


def test_migrate_shows_checks_and_writes(here: Path, capsysbinary: Any) -> None:
    assert main(["migrate", "code"]) == 0
    diff = capsysbinary.readouterr().out
    assert b"--- a/code/uses.py\n+++ b/code/uses.py\n" in diff
    assert (here / "code" / "uses.py").read_text() == MIGRATABLE
    assert main(["migrate", "code", "--check"]) == 1
    assert capsysbinary.readouterr().out == b"would change code/uses.py\n"
    assert main(["migrate", "code", "--write"]) == 0
    assert capsysbinary.readouterr().out == b"changed code/uses.py\n"
    changed = (here / "code" / "uses.py").read_bytes()
    assert b"accelerated.format_float(x)" in changed
    assert main(["migrate", "code", "--check"]) == 0
    (here / "code" / "uses.py").write_text(MIGRATABLE)
    subprocess.run(["git", "apply"], input=diff, cwd=here, check=True)
    assert (here / "code" / "uses.py").read_bytes() == changed


def test_a_file_that_cannot_be_analysed_does_not_stop_the_others(here: Path) -> None:
    assert main(["migrate", ".", "--write"]) == 3
    assert "accelerated.format_float" in (here / "code" / "uses.py").read_text()


def test_what_was_written_can_be_undone(here: Path, capsys: Captured) -> None:
    assert main(["migrate", "code", "--write"]) == 0
    capsys.readouterr()
    assert main(["migrate", "--undo"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "restored code/uses.py\n"
    assert captured.err
    assert (here / "code" / "uses.py").read_text() == MIGRATABLE
    assert main(["migrate", "--undo"]) == 2


@pytest.mark.usefixtures("here")
def test_nothing_to_change_is_no_output(capsys: Captured) -> None:
    for flags in ([], ["--check"]):
        assert main(["migrate", "code/plain.py", *flags]) == 0
        captured = capsys.readouterr()
        assert (captured.out, captured.err) == ("", "")


@pytest.mark.usefixtures("here")
def test_a_diff_is_written_byte_for_byte(here: Path, capsysbinary: Any) -> None:
    source = MIGRATABLE.replace("float(x)", "float(x)  # \x1b[2J\xe9").replace("\n", "\r\n")
    text = f"# coding: latin-1\r\n{source}"
    (here / "code" / "uses.py").write_bytes(text.encode("latin-1"))
    assert main(["migrate", "code"]) == 0
    diff = capsysbinary.readouterr().out
    assert b"\n+    return accelerated.format_float(x)  # \x1b[2J\xe9\r\n" in diff


@pytest.fixture
def migrated(monkeypatch: pytest.MonkeyPatch) -> list[Migration]:
    """What migrations give, instead of a run."""
    results: list[Migration] = []
    monkeypatch.setattr("workbench.migration.run.migrate", lambda *_: results.pop())
    return results


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("mode", "verb"),
    [(Mode.CHECK, "would change"), (Mode.WRITE, "changed"), (Mode.COMMIT, "changed")],
)
def test_paths_go_to_standard_output_and_the_rest_to_standard_error(
    mode: Mode, verb: str, migrated: list[Migration], capsys: Captured
) -> None:
    errors = (FileError("b.py", "first\nsecond"),)
    migrated.append(Migration(mode, ("a\n.py",), warnings=("not\nclean",), errors=errors))
    assert main(["migrate", "code"]) == 3
    captured = capsys.readouterr()
    assert captured.out == rf"{verb} a\n.py" + "\n"
    warning, error, *summary = captured.err.splitlines()
    assert warning == r"workbench: warning: not\nclean"
    assert error == r"workbench: error: b.py: first\nsecond"
    assert bool(summary) == (mode is not Mode.CHECK)


@pytest.mark.usefixtures("here")
def test_a_refused_commit_shows_what_git_says(migrated: list[Migration], capsys: Captured) -> None:
    refused = Committed("", "faster", "git switch main", Path("pr.md"), "hook: no\nhook: never")
    migrated.append(
        Migration(Mode.COMMIT, errors=(FileError("git", "refused"),), committed=refused)
    )
    assert main(["migrate", "code"]) == 3
    assert capsys.readouterr().err.startswith("hook: no\nhook: never\n")


@pytest.mark.usefixtures("here")
def test_interactive_asks_about_each_reference(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    for given, expected in (("n\n", MIGRATABLE), ("y\n", "accelerated.format_float(x)")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        assert main(["migrate", "code", "--interactive"]) == 0
        assert "code/uses.py:5:12" in capsys.readouterr().out
        assert expected in Path("code/uses.py").read_text()
