"""The git commands of a migration, in real repositories."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.workbench.migration.migration_samples import Git
from workbench.errors import WorkbenchError
from workbench.migration import git as commands
from workbench.migration.git import Repository, repositories, repository


@pytest.fixture
def tree(here: Path, git: Git) -> Repository:
    """A work tree with one commit on the branch main."""
    del git
    return Repository(here)


def test_a_directory_below_finds_its_work_tree(tree: Repository) -> None:
    for directory in (tree.root, tree.root / "src" / "deep"):
        assert repository(directory) == tree


def test_outside_of_a_work_tree_there_is_none(here: Path) -> None:
    assert repository(here) is None
    assert repositories([here, here / "src"]) == ()


def test_each_work_tree_is_found_once(tree: Repository, git: Git) -> None:
    git("init", "--quiet", "src/deep")
    inner = Repository(tree.root / "src" / "deep")
    directories = [tree.root, tree.root / "src", inner.root, tree.root.parent, tree.root / "src"]
    assert repositories(directories) == (tree, inner)


def test_a_work_tree_that_git_refuses_is_one_line(tree: Repository) -> None:
    (tree.root / ".git" / "config").write_text("[core\n")
    with pytest.raises(WorkbenchError, match="bad config") as caught:
        repository(tree.root)
    assert "\n" not in str(caught.value)
    assert "fatal: " not in str(caught.value)


def test_without_git_there_is_no_work_tree_and_commands_say_so(
    tree: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tree.root))
    assert repository(tree.root) is None
    with pytest.raises(WorkbenchError, match="PATH"):
        tree.read("status")


def test_the_branch_is_named_unless_head_is_detached(tree: Repository, git: Git) -> None:
    assert tree.branch == "main"
    git("switch", "--quiet", "--create", "other/日本")
    assert tree.branch == "other/日本"
    git("switch", "--quiet", "--detach")
    assert tree.branch == ""
    assert tree.has_branch("other/日本")
    assert not tree.has_branch("other")
    assert not tree.has_branch("HEAD")


def diverge(tree: Repository, git: Git) -> None:
    """Change the same line on main and on the branch side."""
    for branch in ("side", "main"):
        git("switch", "--quiet", *(["--create"] if branch == "side" else []), branch)
        (tree.root / "src" / "plain.py").write_text(f"x = '{branch}'\n")
        git("commit", "--quiet", "--all", f"--message={branch}")


@pytest.mark.parametrize(
    "command", ["merge side", "cherry-pick side", "revert HEAD~1", "rebase side", "bisect start"]
)
def test_an_operation_in_progress_is_named(command: str, tree: Repository, git: Git) -> None:
    diverge(tree, git)
    if command.startswith("revert"):
        (tree.root / "src" / "plain.py").write_text("x = 'last'\n")
        git("commit", "--quiet", "--all", "--message=last")
    assert tree.operation == ""
    if command.startswith("bisect"):
        git(*command.split())
    else:
        with pytest.raises(subprocess.CalledProcessError):
            git(*command.split())
    assert tree.operation == command.split(maxsplit=1)[0]


def test_a_lock_of_the_index_shows(tree: Repository) -> None:
    assert not tree.is_locked
    (tree.root / ".git" / "index.lock").touch()
    assert tree.is_locked


def test_a_linked_work_tree_has_its_own_lock_and_branch(tree: Repository, git: Git) -> None:
    linked = tree.root.parent / "linked"
    git("worktree", "add", "--quiet", "-b", "second", str(linked))
    assert repository(linked / "src") == Repository(linked)
    (tree.root / ".git" / "worktrees" / "linked" / "index.lock").touch()
    assert Repository(linked).is_locked
    assert not tree.is_locked
    assert (Repository(linked).branch, tree.branch) == ("second", "main")


ODD = ["src/[a] *é\n.py", "src/ leading.py", "src/a -> b.py"]


def test_names_of_files_are_exact(tree: Repository, git: Git) -> None:
    for name in ODD:
        (tree.root / name).write_text("x = 1\n")
    assert tree.uncommitted() == []
    git("add", ".")
    assert sorted(tree.uncommitted()) == sorted(ODD)
    git("commit", "--quiet", "--message=Odd")
    assert tree.committed() >= {*ODD, "src/a.py", "src/deep/b.py"}
    assert tree.uncommitted() == []


def test_both_names_of_a_renamed_file_are_uncommitted(tree: Repository, git: Git) -> None:
    git("mv", "src/a.py", ODD[0])
    (tree.root / "src" / "plain.py").write_text("x = 2\n")
    (tree.root / "src" / "deep" / "b.py").unlink()
    (tree.root / "src" / "untracked.py").touch()
    expected = {"src/a.py", ODD[0], "src/plain.py", "src/deep/b.py"}
    assert set(tree.uncommitted()) == expected


def test_a_command_that_fails_gives_its_reason(tree: Repository) -> None:
    with pytest.raises(WorkbenchError, match=r"^git show failed: \S.*no-such") as caught:
        tree.read("show", "no-such-commit")
    assert "\n" not in str(caught.value)
    assert not tree.succeeds("rev-parse", "--verify", "--quiet", "no-such-commit")
    assert tree.succeeds("rev-parse", "--verify", "--quiet", "HEAD")
    failed = tree.try_to("show", "no-such-commit")
    assert failed.status != 0
    assert "no-such-commit" in failed.output


def test_standard_input_is_passed_on(tree: Repository) -> None:
    done = tree.try_to("hash-object", "--stdin", given=b"content")
    assert (done.status, len(done.output)) == (0, 40)
    assert done != tree.try_to("hash-object", "--stdin", given=b"other")


def test_reading_leaves_the_index_alone(tree: Repository) -> None:
    # `git status` would otherwise refresh the index, and collide with other git processes.
    index = tree.root / ".git" / "index"
    os.utime(tree.root / "src" / "a.py", (1, 1))
    before = index.read_bytes()
    assert tree.uncommitted() == []
    assert index.read_bytes() == before


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (b"hint: x\nfatal: the reason\nhint: y\n", "the reason"),
        (b"error: the first\nfatal: the second\n", "the first"),
        (b"one\ntwo\n", "two"),
        (b"", "no reason given"),
    ],
)
def test_the_reason_is_the_line_that_git_marks(output: bytes, reason: str) -> None:
    assert commands._reason(output) == reason
