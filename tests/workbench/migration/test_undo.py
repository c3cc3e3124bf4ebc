"""The journal, and undoing runs with it."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbench.migration.migration_samples import MOVED, USES, Git
from workbench.analyzers.model import Audit, Edit, FileAnalysis
from workbench.analyzers.rewriting.write import plan
from workbench.audits.run import audit
from workbench.cli import main
from workbench.errors import WorkbenchError
from workbench.migration import journal
from workbench.migration.model import Migration, Mode, Request
from workbench.migration.run import migrate
from workbench.migration.undo import undo


def write(*paths: str) -> Migration:
    return migrate(audit(paths or ["src"]), Request(Mode.WRITE))


def journals(directory: Path) -> list[str]:
    return sorted(path.name for path in (directory / ".workbench" / "journal").iterdir())


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


def test_old_runs_are_dropped(here: Path) -> None:
    for _ in range(journal.KEPT_RUNS + 2):
        (here / "src" / "a.py").write_text(USES)
        write("src/a.py")
    assert len(journals(here)) == journal.KEPT_RUNS
    assert undo().earlier == journal.KEPT_RUNS - 1


def test_the_journal_exists_before_the_first_file_changes(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def look(changes: Sequence[object]) -> None:
        run = journal.latest(here / ".workbench" / "journal")
        assert run is not None
        seen.extend((len(run.entries), len(changes)))
        assert (here / "src" / "a.py").read_text() == USES
        raise KeyboardInterrupt

    monkeypatch.setattr("workbench.migration.run.carry_out", look)
    with pytest.raises(KeyboardInterrupt):
        write()
    assert seen == [2, 2]
    assert undo().already == 2


def test_without_a_journal_nothing_is_changed(here: Path) -> None:
    (here / ".workbench").write_text("in the way")
    with pytest.raises(WorkbenchError, match=r"cannot create .*\.workbench: File exists"):
        write()
    assert (here / "src" / "a.py").read_text() == USES


def test_git_does_not_see_the_journal(here: Path, git: Git) -> None:
    (here / "src").mkdir(exist_ok=True)
    os.chdir(here / "src" / "deep")
    assert migrate(audit(["."]), Request(Mode.WRITE)).paths == ("b.py",)
    assert (here / ".workbench" / ".gitignore").read_text() == "*\n"
    assert git("status", "--porcelain") == " M src/deep/b.py\n"
    os.chdir(here)
    assert undo().restored == ("src/deep/b.py",)


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


def test_two_runs_at_once_are_refused(here: Path) -> None:
    write("src/a.py")
    descriptor = os.open(here / ".workbench" / "journal", os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for action in (write, undo):
            with pytest.raises(WorkbenchError, match="another 'workbench migrate' is running"):
                action()
    finally:
        os.close(descriptor)
    assert (here / "src" / "deep" / "b.py").read_text() == USES
    assert undo().restored == ("src/a.py",)


EMPTY = hashlib.sha256(b"").hexdigest()


def _invalid(**changes: object) -> bytes:
    """Return a journal with other values in its header, or in its one file."""
    header = {"format": "workbench migration journal", "version": 1, "created": "x", "files": 1}
    entry = {"path": "a", "before": EMPTY, "after": "0", "mode": 1, "original": ""}
    lines = ({key: changes.get(key, part[key]) for key in part} for part in (header, entry))
    return gzip.compress("\n".join(map(json.dumps, lines)).encode())


INVALID = {
    "empty": b"",
    "no gzip": b"no gzip",
    "no lines": gzip.compress(b""),
    "no header": gzip.compress(b"[]"),
    "an empty header": gzip.compress(b"{}"),
    "another format": _invalid(format="another"),
    "a newer version": _invalid(version=2),
    "too few files": _invalid(files=2),
    "a damaged original": _invalid(before="0"),
    "deep JSON": gzip.compress(b"[" * 100_000),
    "cut gzip": _invalid()[:-9],
    "damaged gzip": _invalid()[:20] + b"\xff" * 20 + _invalid()[40:],
    "no text": gzip.compress(b"\xff\xfe\xfd\n{}"),
    "a path with a NUL": _invalid(path="a\0b"),
    "a path of no bytes": _invalid(path="\ud800"),
    "a path that is a number": _invalid(path=1),
    "a mode that is text": _invalid(mode="x"),
    "a mode out of range": _invalid(mode=1 << 40),
    "an infinite mode": _invalid(mode=float("inf")),
}


@pytest.mark.parametrize("content", INVALID.values(), ids=INVALID)
def test_an_invalid_journal_is_one_error_line(
    here: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    write("src/a.py")
    path = here / ".workbench" / "journal" / "000002.gz"
    path.write_bytes(content)
    capsys.readouterr()
    assert main(["migrate", "--undo"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert f"{path} is damaged or not a workbench journal (" in error
    path.unlink()
    assert undo().restored == ("src/a.py",)


def test_a_journal_truncated_anywhere_restores_nothing(here: Path) -> None:
    write()
    path = here / ".workbench" / "journal" / "000001.gz"
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(WorkbenchError, match="is damaged or not"):
            undo()
    path.write_bytes(whole)
    assert len(undo().restored) == 2


@given(st.binary(), st.binary(min_size=1), st.integers(0, 0o777))
def test_a_journal_round_trips(
    tmp_path_factory: pytest.TempPathFactory, old: bytes, more: bytes, mode: int
) -> None:
    base = tmp_path_factory.mktemp("base")
    directory = base / ".workbench" / "journal"
    directory.mkdir(parents=True)
    path = base / os.fsdecode(b"n\xe9\xff\n.py")
    path.write_bytes(old)
    path.chmod(mode | 0o400)
    file = FileAnalysis("x.py", path, old, (), (Edit(0, 0, more),))
    journal.record(directory, plan(Audit(1, (file,), ())).changes)
    run = journal.latest(directory)
    assert run is not None
    (entry,) = run.entries
    assert (entry.location, entry.original, entry.mode) == (path, old, mode | 0o400)
    assert (entry.before, entry.after) == (journal.digest(old), journal.digest(more + old))
