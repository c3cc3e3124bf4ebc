"""A migration as one commit on a branch of its own; nothing is pushed."""

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
    """Where a commit goes, after everything that could forbid it was looked at."""

    repository: Repository
    branch: str
    before: str
    """What to give to ``git switch`` to come back: a branch, or ``--detach`` and a commit."""


def prepare(changes: Sequence[FileChange], branch: str | None) -> Target:
    """Make sure that the changes can become one commit on a new branch; nothing is changed.

    Raises WorkbenchError outside a git work tree, in the middle of a merge or the like, when the
    branch exists, and when a file to be changed differs from the last commit.
    """
    holder = repository(changes[0].location.parent)
    if holder is None:
        raise WorkbenchError(
            f"cannot commit: {changes[0].file.path} is in no git work tree; use --write"
        )
    if not holder.succeeds("rev-parse", "--verify", "--quiet", "HEAD"):
        raise WorkbenchError(f"cannot commit: {holder.root} has no commit yet; make the first one")
    if operation := holder.operation:
        raise WorkbenchError(
            f"cannot commit in the middle of a {operation} in {holder.root}: end or abort it first"
        )
    if holder.is_locked:
        raise WorkbenchError(
            f"cannot commit: another git process is at work in {holder.root}; wait for its end"
        )
    if not holder.succeeds("var", "GIT_COMMITTER_IDENT"):
        raise WorkbenchError("cannot commit: git does not know user.name and user.email; set them")
    _refuse_other_changes(holder, changes)
    name = _branch_name(holder, branch)
    commit = holder.read("rev-parse", "HEAD").strip()
    return Target(holder, name, holder.branch or f"--detach {commit}")


def _refuse_other_changes(holder: Repository, changes: Sequence[FileChange]) -> None:
    outside = [c for c in changes if not c.location.is_relative_to(holder.root)]
    if outside:
        raise WorkbenchError(
            f"cannot commit: {_named(outside)} outside of {holder.root}; migrate it for itself"
        )
    committed = holder.committed()
    unknown = [c for c in changes if _path(holder, c) not in committed]
    if unknown:
        raise WorkbenchError(
            f"cannot commit: {_named(unknown)} not in the last commit; commit or leave out first"
        )
    uncommitted = frozenset(holder.uncommitted())
    changed = [c for c in changes if _path(holder, c) in uncommitted]
    if changed:
        raise WorkbenchError(
            f"cannot commit: {_named(changed)} not as in the last commit; commit or stash first"
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
        raise WorkbenchError(f"cannot commit: '{wanted}' is no name for a branch")
    if holder.has_branch(wanted):
        raise WorkbenchError(f"cannot commit: branch {wanted} exists already; give another name")
    return wanted


def start(target: Target) -> None:
    """Make the branch and switch to it, which changes no file; raises WorkbenchError."""
    done = target.repository.try_to("switch", "--quiet", "--no-track", "--create", target.branch)
    # A hook that runs after the switching may fail without undoing it.
    if done.status and target.repository.branch != target.branch:
        raise WorkbenchError(f"cannot make branch {target.branch}: {done.output}")


def abandon(target: Target) -> None:
    """Go back to where the branch began and remove it."""
    target.repository.try_to("switch", "--quiet", *target.before.split())
    target.repository.try_to("branch", "--quiet", "-D", target.branch)


def commit(target: Target, changes: Sequence[FileChange], message: Path) -> Finished:
    """Commit the changed files and nothing else; what else is staged stays staged.

    Hooks run. If one refuses, the changed files stay as they are, on the new branch.
    """
    holder = target.repository
    # Not by --literal-pathspecs, which the hooks would inherit.
    paths = "".join(f":(top,literal){_path(holder, change)}\0" for change in changes)
    command = ["commit", "--quiet", "--only", "--cleanup=whitespace", f"--file={message}"]
    files = ["--pathspec-from-file=-", "--pathspec-file-nul"]
    return holder.try_to(*command, *files, given=paths.encode("utf-8", "surrogateescape"))
