"""Commit a migration on a new branch; nothing is pushed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from workbench.analyzers.rewriting.write import FileChange
from workbench.errors import WorkbenchError
from workbench.migration.git import Finished, Repository, repository

DEFAULT_BRANCH = "workbench/accelerated"


@dataclass(frozen=True)
class Target:
    """Where a commit goes, after all checks have passed."""

    repository: Repository
    branch: str
    before: str
    """Arguments of ``git switch`` to go back: a branch, or ``--detach`` and a commit."""


def prepare(changes: Sequence[FileChange], branch: str | None) -> Target:
    """Check that the changes can become one commit on a new branch, without changing anything.

    Raises WorkbenchError outside a git work tree, during a merge or similar operation, if the
    branch exists, and if a file to be changed differs from the last commit.
    """
    holder = repository(changes[0].location.parent)
    if holder is None:
        raise WorkbenchError(
            f"cannot commit: {changes[0].file.path} is not in a git work tree; use --write"
        )
    if not holder.succeeds("rev-parse", "--verify", "--quiet", "HEAD"):
        raise WorkbenchError(f"cannot commit: {holder.root} has no commits yet; create one first")
    if operation := holder.operation:
        raise WorkbenchError(
            f"cannot commit: {holder.root} has a {operation} in progress; finish or abort it first"
        )
    if holder.is_locked:
        raise WorkbenchError(
            f"cannot commit: another git process is using {holder.root}; wait for it to finish"
        )
    if not holder.succeeds("var", "GIT_COMMITTER_IDENT"):
        raise WorkbenchError("cannot commit: user.name and user.email are not set; use git config")
    _refuse_other_changes(holder, changes)
    name = _branch_name(holder, branch)
    commit = holder.read("rev-parse", "HEAD").strip()
    return Target(holder, name, holder.branch or f"--detach {commit}")


def _refuse_other_changes(holder: Repository, changes: Sequence[FileChange]) -> None:
    outside = [c for c in changes if not c.location.is_relative_to(holder.root)]
    if outside:
        raise WorkbenchError(
            f"cannot commit: {_named(outside)} outside {holder.root}; migrate each tree separately"
        )
    committed = holder.committed()
    unknown = [c for c in changes if _path(holder, c) not in committed]
    if unknown:
        raise WorkbenchError(
            f"cannot commit: {_named(unknown)} not in the last commit; commit or exclude new files"
        )
    uncommitted = frozenset(holder.uncommitted())
    changed = [c for c in changes if _path(holder, c) in uncommitted]
    if changed:
        raise WorkbenchError(
            f"cannot commit: {_named(changed)} modified; commit or stash the changes first"
        )
    if holder.read("ls-files", "--unmerged"):
        raise WorkbenchError(f"cannot commit: {holder.root} has unmerged files; resolve them first")


def _named(changes: Sequence[FileChange]) -> str:
    others = len(changes) - 1
    return f"{changes[0].file.path} {f'and {others:,} more are' if others else 'is'}"


def _path(holder: Repository, change: FileChange) -> str:
    return change.location.relative_to(holder.root).as_posix()


def _branch_name(holder: Repository, wanted: str | None) -> str:
    if wanted is None:
        names = (f"{DEFAULT_BRANCH}-{n}" if n > 1 else DEFAULT_BRANCH for n in count(1))
        return next(name for name in names if not holder.has_branch(name))
    if not holder.succeeds("check-ref-format", "--branch", wanted):
        raise WorkbenchError(f"cannot commit: '{wanted}' is not a valid branch name")
    if holder.has_branch(wanted):
        raise WorkbenchError(f"cannot commit: branch {wanted} already exists; choose another name")
    return wanted


def start(target: Target) -> None:
    """Create the branch and switch to it; no file changes. Raises WorkbenchError on failure."""
    done = target.repository.try_to("switch", "--quiet", "--no-track", "--create", target.branch)
    # A post-checkout hook may fail although git has switched.
    if done.status and target.repository.branch != target.branch:
        raise WorkbenchError(f"cannot create branch {target.branch}: {done.output}")


def abandon(target: Target) -> None:
    """Switch back from the new branch and delete it."""
    target.repository.try_to("switch", "--quiet", *target.before.split())
    target.repository.try_to("branch", "--quiet", "-D", target.branch)


def commit(target: Target, changes: Sequence[FileChange], message: Path) -> Finished:
    """Commit only the changed files; other staged changes stay staged.

    Hooks run. If one fails, the changed files stay uncommitted on the new branch.
    """
    holder = target.repository
    # Hooks would inherit --literal-pathspecs.
    paths = "".join(f":(top,literal){_path(holder, change)}\0" for change in changes)
    command = ["commit", "--quiet", "--only", "--cleanup=whitespace", f"--file={message}"]
    files = ["--pathspec-from-file=-", "--pathspec-file-nul"]
    return holder.try_to(*command, *files, given=paths.encode("utf-8", "surrogateescape"))
