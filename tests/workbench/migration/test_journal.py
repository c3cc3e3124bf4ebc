"""The journal of migrations: what a run records before it changes a file."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbench.migration.migration_samples import USES, Git, journals, write
from workbench.analyzers.model import Audit, Edit, FileAnalysis
from workbench.analyzers.rewriting.write import plan
from workbench.audits.run import audit
from workbench.cli import main
from workbench.errors import WorkbenchError
from workbench.migration import journal
from workbench.migration.model import Mode, Request
from workbench.migration.run import migrate
from workbench.migration.undo import undo


def test_old_runs_are_dropped(here: Path) -> None:
    for _ in range(journal.KEPT_RUNS + 2):
        (here / "src" / "a.py").write_text(USES)
        write("src/a.py")
    assert len(journals(here)) == journal.KEPT_RUNS
    assert undo().earlier == journal.KEPT_RUNS - 1


def test_git_does_not_see_the_journal(here: Path, git: Git) -> None:
    (here / "src").mkdir(exist_ok=True)
    os.chdir(here / "src" / "deep")
    assert migrate(audit(["."]), Request(Mode.WRITE)).paths == ("b.py",)
    assert (here / ".workbench" / ".gitignore").read_text() == "*\n"
    assert git("status", "--porcelain") == " M src/deep/b.py\n"
    os.chdir(here)
    assert undo().restored == ("src/deep/b.py",)


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


def test_the_home_is_the_work_tree_or_the_current_directory(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(here / "src" / "deep")
    assert journal.home() == here / "src" / "deep"
    (here / ".git").mkdir()
    assert journal.home() == here
    assert journal.state_directory() == here / ".workbench"
    # In a linked work tree or a submodule, .git is a file.
    (here / "src" / ".git").write_text("gitdir: elsewhere\n")
    assert journal.home() == here / "src"


def test_the_last_run_is_the_one_with_the_highest_number(here: Path) -> None:
    with journal.writing() as directory:
        assert journal.latest(directory) is None
        assert journal.count(directory) == 0
        write_empty = [journal.record(directory, ()) for _ in range(3)]
        (directory / "notes.gz").touch()
        (directory / ".000009.gz.unfinished").touch()
        for name in ("999999.gz", "1000000.gz"):
            (directory / name).write_bytes(write_empty[0].read_bytes())
        found = journal.latest(directory)
        assert found is not None
        assert found.path.name == "1000000.gz"
        assert journal.count(directory) == 5
        assert journal.record(directory, ()).name == "1000001.gz"
        assert not (directory / ".000009.gz.unfinished").exists()
    assert (here / ".workbench" / "journal").is_dir()


def test_a_run_is_forgotten_even_twice(here: Path) -> None:
    with journal.writing() as directory:
        run = journal.record(directory, ())
        for _ in range(2):
            journal.drop(run)
            assert journal.count(directory) == 0
    assert (here / ".workbench" / "journal").is_dir()


def test_a_journal_is_held_by_one_at_a_time_and_freed(here: Path) -> None:
    directory = here / ".workbench" / "journal"
    for _ in range(2):
        with journal.writing() as held:
            assert held == directory
            with pytest.raises(WorkbenchError, match="running"), journal.writing():
                pytest.fail("two runs hold the journal")
