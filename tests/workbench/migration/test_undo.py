"""Undoing runs with the journal."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.workbench.migration.migration_samples import MOVED, USES, journals, write
from workbench.cli import main
from workbench.errors import WorkbenchError
from workbench.migration.undo import undo


def test_restores_what_the_last_run_wrote(here: Path) -> None:
    (here / "src" / "a.py").chmod(0o640)
    assert write().paths == ("src/a.py", "src/deep/b.py")
    assert (here / "src" / "a.py").read_text() == MOVED
    result = undo()
    assert result.restored == ("src/a.py", "src/deep/b.py")
    assert (result.already, result.errors, result.earlier) == (0, (), 0)
    assert (here / "src" / "a.py").read_text() == USES
    assert stat.S_IMODE((here / "src" / "a.py").stat().st_mode) == 0o640
    with pytest.raises(WorkbenchError, match="nothing to undo: no run is recorded in "):
        undo()


def test_undo_without_any_run_creates_nothing(here: Path) -> None:
    with pytest.raises(WorkbenchError, match="nothing to undo"):
        undo()
    assert not (here / ".workbench").exists()


def test_a_file_changed_since_is_skipped(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write()
    (here / "src" / "a.py").write_text(MOVED + "# more\n")
    assert main(["migrate", "--undo"]) == 3
    captured = capsys.readouterr()
    assert captured.out == "restored src/deep/b.py\n"
    message = "workbench: error: src/a.py: skipped: changed since the migration\n"
    assert captured.err.startswith(message)
    assert (here / "src" / "a.py").read_text() == MOVED + "# more\n"
    (here / "src" / "a.py").write_text(MOVED)
    assert main(["migrate", "--undo"]) == 0
    assert "1 file already in the original state" in capsys.readouterr().err
    assert (here / "src" / "a.py").read_text() == USES
    assert main(["migrate", "--undo"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_missing_file_is_reported(here: Path) -> None:
    write()
    (here / "src" / "a.py").unlink()
    (error,) = undo().errors
    assert (error.path, error.message) == (
        "src/a.py",
        "cannot be restored: No such file or directory",
    )
    assert not (here / "src" / "a.py").exists()


def test_runs_are_undone_one_after_the_other(here: Path) -> None:
    write("src/a.py")
    write("src")
    assert undo().earlier == 1
    assert (here / "src" / "deep" / "b.py").read_text() == USES
    assert (here / "src" / "a.py").read_text() == MOVED
    assert undo().restored == ("src/a.py",)


def test_a_run_that_changes_nothing_does_not_hide_the_last(here: Path) -> None:
    write()
    assert write().paths == ()
    assert len(undo().restored) == 2
    assert journals(here) == []


def test_files_outside_must_be_named(here: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "c.py").write_text(USES)
    write("../other", "src/a.py")
    leftover = other / ".c.py.01234567.workbench-new"
    leftover.touch()
    result = undo()
    assert leftover.exists()
    assert result.restored == ("src/a.py",)
    assert [error.path for error in result.errors] == [str(other / "c.py")]
    assert f"run 'workbench migrate --undo {other}' to restore it" in result.errors[0].message
    assert undo([other, here]).restored == (str(other / "c.py"),)
    assert not leftover.exists()


def test_file_names_are_escaped_for_the_terminal(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "src" / "x\n\x1b[31m.py").write_text(USES)
    for command in (["src", "--check"], ["src", "--write"], ["--undo"]):
        main(["migrate", *command])
        lines = capsys.readouterr().out.splitlines()
        assert "src/x\\n\\x1b[31m.py" in [line.split()[-1] for line in lines]


def test_a_file_replaced_by_a_link_is_skipped(here: Path, tmp_path: Path) -> None:
    write()
    precious = tmp_path / "precious.py"
    precious.write_text(MOVED)
    (here / "src" / "a.py").unlink()
    (here / "src" / "a.py").symlink_to(precious)
    (error,) = undo().errors
    assert error.message == "skipped: replaced by a symbolic link"
    assert precious.read_text() == MOVED
