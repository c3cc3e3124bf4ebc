"""A migration makes one commit on a new branch, or one error line and no changes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workbench.migration.migration_samples import MOVED, USES, Git
from workbench.cli import main

Captured = pytest.CaptureFixture[str]
Disturb = Callable[[Path, Git], None]


def state(here: Path, git: Git) -> tuple[str, ...]:
    """Return everything that a refused commit must not change."""
    return (
        git("status", "--porcelain", "--branch", "--ignored"),
        git("branch", "--list"),
        git("rev-parse", "HEAD"),
        git("diff", "HEAD"),
        git("diff", "--cached"),
        (here / "src" / "a.py").read_text(),
    )


def hook(here: Path, name: str, script: str) -> None:
    path = here / ".git" / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_makes_one_commit_on_a_new_branch(here: Path, git: Git, capsys: Captured) -> None:
    before = git("rev-parse", "HEAD")
    assert main(["migrate", "src", "--commit"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "changed src/a.py\nchanged src/deep/b.py\n"
    assert "on branch workbench/accelerated; nothing was pushed\n" in captured.err
    assert "to go back: git switch main\n" in captured.err
    assert git("branch", "--show-current") == "workbench/accelerated\n"
    assert git("rev-parse", "HEAD~1") == before
    assert git("show", "--format=", "--name-only") == "src/a.py\nsrc/deep/b.py\n"
    assert git("show", "HEAD:src/a.py") == MOVED
    assert git("status", "--porcelain") == ""
    subject, _, body = git("show", "--no-patch", "--format=%B").partition("\n\n")
    assert subject == "Move 2 references to accelerated"
    assert "  format_float      2\n" in body
    assert "was parsed again" in body
    git("switch", "--quiet", "main")
    assert (here / "src" / "a.py").read_text() == USES
    assert main(["migrate", "src", "--commit"]) == 0
    assert git("branch", "--show-current") == "workbench/accelerated-2\n"


def test_writes_the_text_of_a_pull_request(here: Path, git: Git) -> None:
    patched = 'mock.patch("sky.utils.common_utils.hash_file")\n'
    (here / "src" / "plain.py").write_text(patched)
    git("commit", "--quiet", "--all", "--message=Patch")
    assert main(["migrate", "src", "--commit", "--branch", "faster", "--pr-file", "pr.md"]) == 0
    assert git("branch", "--show-current") == "faster\n"
    text = (here / "pr.md").read_text()
    assert text.startswith("# Move 2 references to `accelerated`\n")
    assert "| `format_float` | 2 | 0 | 0 |\n" in text
    assert "| `hash_file` | 0 | 1 | 0 |\n" in text
    assert "\n- `src/plain.py:1:12` `sky.utils.common_utils.hash_file`: " in text
    assert "\n    workbench migrate src --write\n" in text
    assert main(["migrate", "src", "--commit"]) == 0
    assert not (here / ".workbench" / "pull_request.md").exists()


def test_other_staged_changes_stay_staged(here: Path, git: Git) -> None:
    (here / "src" / "plain.py").write_text("x = 2\n")
    (here / "new.txt").write_text("new\n")
    git("add", "src/plain.py", "new.txt")
    (here / "src" / "plain.py").write_text("x = 3\n")
    (here / "untracked.txt").touch()
    before = git("diff", "--cached")
    assert main(["migrate", "src", "--commit"]) == 0
    assert git("show", "--format=", "--name-only") == "src/a.py\nsrc/deep/b.py\n"
    assert git("diff", "--cached") == before
    assert git("status", "--porcelain") == "A  new.txt\nMM src/plain.py\n?? untracked.txt\n"


def test_works_in_a_subdirectory_with_odd_names(here: Path, git: Git) -> None:
    odd = here / "src" / "deep" / "[a] *é.py"
    odd.write_text(USES)
    git("add", ".")
    git("commit", "--quiet", "--message=Odd")
    os.chdir(here / "src" / "deep")
    assert main(["migrate", ".", "--commit"]) == 0
    shown = git("show", "-z", "--format=", "--name-only")
    assert shown == "src/deep/[a] *é.py\0src/deep/b.py\0"
    assert main(["migrate", "--undo"]) == 0
    assert odd.read_text() == USES


def test_a_detached_head_can_be_switched_back_to(here: Path, git: Git, capsys: Captured) -> None:
    head = git("rev-parse", "HEAD").strip()
    git("switch", "--quiet", "--detach")
    assert main(["migrate", "src", "--commit"]) == 0
    assert f"git switch --detach {head}\n" in capsys.readouterr().err


def test_nothing_to_change_makes_no_branch(here: Path, git: Git, capsys: Captured) -> None:
    before = state(here, git)
    assert main(["migrate", "src/plain.py", "--commit"]) == 0
    assert state(here, git) == before
    assert "nothing to change" in capsys.readouterr().err


def _merge(here: Path, git: Git) -> None:
    git("switch", "--quiet", "--create", "side")
    (here / "src" / "plain.py").write_text("side = 1\n")
    git("commit", "--quiet", "--all", "--message=Side")
    git("switch", "--quiet", "main")
    git("merge", "--quiet", "--no-ff", "--no-commit", "side")


def _rebase(here: Path, git: Git) -> None:
    for name in ("main2", "side"):
        git("switch", "--quiet", "--create", name, "main")
        (here / "src" / "plain.py").write_text(f"{name} = 1\n")
        git("commit", "--quiet", "--all", f"--message={name}")
    with pytest.raises(subprocess.CalledProcessError):
        git("rebase", "--quiet", "main2")


def _unmerged(here: Path, git: Git) -> None:
    (here / "src" / "plain.py").write_text("stashed = 1\n")
    git("stash", "--quiet")
    (here / "src" / "plain.py").write_text("committed = 1\n")
    git("commit", "--quiet", "--all", "--message=Other")
    with pytest.raises(subprocess.CalledProcessError):
        git("stash", "pop")


def _edit(here: Path, git: Git) -> None:
    del git
    (here / "src" / "a.py").write_text(USES + "# mine\n")


def _stage(here: Path, git: Git) -> None:
    _edit(here, git)
    git("add", "src/a.py")
    (here / "src" / "a.py").write_text(USES)


def _untracked(here: Path, git: Git) -> None:
    del git
    (here / "src" / "new.py").write_text(USES)


def _ignored(here: Path, git: Git) -> None:
    del git
    (here / "src" / "build.py").write_text(USES)
    (here / ".git" / "info" / "exclude").write_text("build.py\n")


def _nested(here: Path, git: Git) -> None:
    git("init", "--quiet", "src/other")
    (here / "src" / "other" / "c.py").write_text(USES)


def _locked(here: Path, git: Git) -> None:
    del git
    (here / ".git" / "index.lock").touch()


def _blocked(here: Path, git: Git) -> None:
    del here
    git("branch", "workbench")


REFUSED: list[tuple[Disturb | None, str, str]] = [
    (_merge, "", "has a merge in progress; finish or abort it first"),
    (_rebase, "", "has a rebase in progress; finish or abort it first"),
    (_unmerged, "", "has unmerged files; resolve them first"),
    (_edit, "", "src/a.py is modified; commit or stash the changes first"),
    (_stage, "", "src/a.py is modified; commit or stash the changes first"),
    (_untracked, "", "src/new.py is not in the last commit"),
    (_ignored, "", "src/build.py is not in the last commit"),
    (_nested, "", "src/other/c.py is not in the last commit"),
    (_locked, "", "another git process is using "),
    (_blocked, "", "cannot create branch workbench/accelerated: "),
    (None, "--branch main", "branch main already exists; choose another name"),
    (None, "--branch a..b", "'a..b' is not a valid branch name"),
    (None, "--branch -x", "'-x' is not a valid branch name"),
    (None, "--pr-file missing/pr.md", "directory missing does not exist"),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case[2][:30])
def test_a_refused_commit_is_one_error_line_and_changes_nothing(
    here: Path, git: Git, case: tuple[Disturb | None, str, str], capsys: Captured
) -> None:
    disturb, options, message = case
    if disturb is not None:
        disturb(here, git)
    (here / ".workbench" / "journal").mkdir(parents=True)
    (here / ".workbench" / ".gitignore").write_text("*\n")
    before = state(here, git)
    assert main(["migrate", "src", "--commit", *options.split()]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert message in error
    assert state(here, git) == before
    assert list((here / ".workbench" / "journal").iterdir()) == []


def test_needs_a_git_work_tree(here: Path, capsys: Captured) -> None:
    assert main(["migrate", "src", "--commit"]) == 2
    assert "src/a.py is not in a git work tree; use --write" in capsys.readouterr().err
    assert (here / "src" / "a.py").read_text() == USES


def test_needs_an_existing_commit(here: Path, capsys: Captured) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=here, check=True)
    assert main(["migrate", "src", "--commit"]) == 2
    assert "has no commits yet; create one first" in capsys.readouterr().err


@pytest.mark.usefixtures("git")
def test_needs_a_committer_name(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{role}_NAME")
        monkeypatch.delenv(f"GIT_{role}_EMAIL")
    (here / ".git" / "config").open("a").write("[user]\n\tuseConfigOnly = true\n")
    assert main(["migrate", "src", "--commit"]) == 2
    assert "user.name and user.email are not set" in capsys.readouterr().err
    assert (here / "src" / "a.py").read_text() == USES


@pytest.mark.usefixtures("git")
def test_needs_git(monkeypatch: pytest.MonkeyPatch, here: Path, capsys: Captured) -> None:
    monkeypatch.setenv("PATH", str(here))
    assert main(["migrate", "src", "--commit"]) == 2
    assert "is not in a git work tree" in capsys.readouterr().err


def test_a_failing_hook_leaves_the_changes_on_the_branch(
    here: Path, git: Git, capsys: Captured
) -> None:
    hook(here, "pre-commit", "echo 'line too long' >&2; exit 1")
    (here / "staged.txt").write_text("mine\n")
    git("add", "staged.txt")
    assert main(["migrate", "src", "--commit"]) == 3
    error = capsys.readouterr().err
    assert error.startswith("line too long\nworkbench: error: git commit: failed; ")
    assert "to undo: workbench migrate --undo\n" in error
    assert git("branch", "--show-current") == "workbench/accelerated\n"
    assert git("rev-parse", "main") == git("rev-parse", "HEAD")
    assert git("status", "--porcelain") == " M src/a.py\n M src/deep/b.py\nA  staged.txt\n"
    assert (here / "src" / "a.py").read_text() == MOVED
    (here / ".git" / "hooks" / "pre-commit").unlink()
    git("commit", "--quiet", "--file=.workbench/commit_message.txt", "--", "src")
    assert git("show", "--no-patch", "--format=%s") == "Move 2 references to accelerated\n"
    assert git("status", "--porcelain") == "A  staged.txt\n"


def test_hooks_run_as_git_runs_them(here: Path, git: Git) -> None:
    hook(here, "pre-commit", "git diff --cached --name-only -- '*.py' > seen; echo >> src/plain.py")
    hook(here, "commit-msg", 'echo "Checked-by: hook" >> "$1"')
    hook(here, "post-checkout", "exit 1")
    assert main(["migrate", "src", "--commit"]) == 0
    assert (here / "seen").read_text() == "src/a.py\nsrc/deep/b.py\n"
    assert git("show", "--no-patch", "--format=%B").rstrip().endswith("Checked-by: hook")


def test_undo_after_a_commit_changes_only_the_work_tree(here: Path, git: Git) -> None:
    assert main(["migrate", "src", "--commit"]) == 0
    head = git("rev-parse", "HEAD")
    assert main(["migrate", "--undo"]) == 0
    assert git("rev-parse", "HEAD") == head
    assert git("status", "--porcelain") == " M src/a.py\n M src/deep/b.py\n"
    assert git("diff", "main") == ""
