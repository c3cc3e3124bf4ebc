"""One run of a migration: what it changes, and what it records first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.workbench.migration.migration_samples import MOVED, USES, Git, journals, write
from workbench.analyzers.model import FileError
from workbench.analyzers.rewriting.write import Written
from workbench.audits.run import audit
from workbench.cli import main
from workbench.errors import WorkbenchError
from workbench.migration import journal
from workbench.migration.model import Mode, Request
from workbench.migration.run import migrate
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


def contents(here: Path) -> dict[str, str]:
    return {str(path.relative_to(here)): path.read_text() for path in here.rglob("*.py")}


@pytest.mark.parametrize("mode", [Mode.DIFF, Mode.CHECK])
def test_showing_changes_no_file_and_records_nothing(mode: Mode, here: Path) -> None:
    before = contents(here)
    done = migrate(audit(["src"]), Request(mode))
    assert contents(here) == before
    assert not (here / ".workbench").exists()
    assert done.paths == ("src/a.py", "src/deep/b.py")
    assert [reference.label for reference in done.rewritten] == ["format_float"] * 2
    assert bool(done.diff) == (mode is Mode.DIFF)
    assert done.exit_code == (1 if mode is Mode.CHECK else 0)


def test_a_diff_is_what_a_write_changes(here: Path) -> None:
    diff = migrate(audit(["src"])).diff.decode()
    assert diff.count("+++ ") == 2
    for line in MOVED.splitlines():
        assert line in USES or f"+{line}" in diff
    done = write()
    assert done.paths == ("src/a.py", "src/deep/b.py")
    assert done.diff == b""
    assert contents(here) == {
        "src/a.py": MOVED,
        "src/deep/b.py": MOVED,
        "src/plain.py": "x = 1\n",
    }
    assert migrate(audit(["src"])).diff == b""


def test_a_file_that_changed_after_the_audit_is_left_and_named(here: Path) -> None:
    found = audit(["src"])
    (here / "src" / "a.py").write_text(USES + "# changed\n")
    done = migrate(found, Request(Mode.WRITE))
    assert done.paths == ("src/deep/b.py",)
    assert [error.path for error in done.errors] == ["src/a.py"]
    assert {reference.path for reference in done.rewritten} == {"src/deep/b.py"}
    assert done.exit_code == 3
    assert (here / "src" / "a.py").read_text() == USES + "# changed\n"
    assert undo().restored == ("src/deep/b.py",)


def test_what_is_left_is_part_of_the_result(here: Path) -> None:
    (here / "src" / "plain.py").write_text(
        'mock.patch("sky.utils.common_utils.hash_file")\n'
        "from sky.utils.common_utils import get_cpu_count  # workbench: keep[get_cpu_count] slow\n"
    )
    done = write()
    assert [reference.label for reference in done.review] == ["hash_file"]
    assert [reference.label for reference in done.kept] == ["get_cpu_count"]
    assert {reference.label for reference in done.rewritten} == {"format_float"}
    assert done.roots == (here / "src",)


def test_a_run_without_changes_leaves_no_journal(here: Path) -> None:
    done = migrate(audit(["src/plain.py"]), Request(Mode.WRITE))
    assert (done.paths, done.errors, done.exit_code) == ((), (), 0)
    assert not (here / ".workbench").exists()


@pytest.mark.parametrize("written", [("src/a.py",), ()])
def test_only_a_run_that_wrote_something_is_recorded(
    written: tuple[str, ...], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = FileError("src/deep/b.py", "disk full")
    monkeypatch.setattr("workbench.migration.run.carry_out", lambda _: Written(written, (error,)))
    done = write()
    assert (done.paths, done.errors) == (written, (error,))
    assert {reference.path for reference in done.rewritten} == set(written)
    assert len(journals(here)) == len(written)


def test_a_pull_request_that_cannot_be_written_stops_the_run(here: Path, git: Git) -> None:
    before = git("branch", "--list")
    request = Request(Mode.COMMIT, pull_request=here / "missing" / "pr.md")
    with pytest.raises(WorkbenchError, match="missing"):
        migrate(audit(["src"]), request)
    assert git("branch", "--list") == before
    assert (here / "src" / "a.py").read_text() == USES


def test_a_commit_names_its_branch_and_the_way_back(here: Path, git: Git) -> None:
    done = migrate(audit(["src"]), Request(Mode.COMMIT, branch="faster"))
    assert done.committed is not None
    assert (done.committed.branch, done.committed.back) == ("faster", "git switch main")
    assert git("rev-parse", "HEAD").startswith(done.committed.commit)
    assert done.committed.pull_request == here / ".workbench" / "pull_request.md"
    assert done.committed.pull_request.is_file()
