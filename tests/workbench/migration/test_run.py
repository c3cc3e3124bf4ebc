"""One run of a migration: what it changes, and what it records first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.workbench.migration.migration_samples import MOVED, USES, Git, write
from workbench.cli import main
from workbench.errors import WorkbenchError
from workbench.migration import journal
from workbench.migration.undo import undo

Captured = pytest.CaptureFixture[str]


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


def test_writing_into_a_dirty_tree_warns(here: Path, git: Git, capsys: Captured) -> None:
    assert main(["migrate", "src/deep", "--write"]) == 0
    assert "warning" not in capsys.readouterr().err
    git("mv", "src/plain.py", "src/moved.py")
    assert main(["migrate", "src", "--write"]) == 0
    (warning,) = [line for line in capsys.readouterr().err.splitlines() if "warning" in line]
    assert warning.startswith(
        f"workbench: warning: git work tree {here} has uncommitted changes in"
    )
    assert "commit or stash them first" in warning
    assert (here / "src" / "a.py").read_text() == MOVED
