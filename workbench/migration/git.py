"""Run the git commands that a migration needs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import WorkbenchError

_Completed = subprocess.CompletedProcess[bytes]
_OPERATIONS = {
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "BISECT_LOG": "bisect",
}


@dataclass(frozen=True)
class Finished:
    """Exit status of a git command, and what it printed on both streams."""

    status: int
    output: str


@dataclass(frozen=True)
class Repository:
    """A git work tree, identified by its top directory."""

    root: Path

    def read(self, *arguments: str) -> str:
        """Return the standard output of a git command; raise WorkbenchError if it fails."""
        done = _git(self.root, "--no-optional-locks", *arguments)
        if done.returncode:
            raise WorkbenchError(f"git {arguments[0]} failed: {_reason(done.stderr)}")
        return os.fsdecode(done.stdout)

    def succeeds(self, *arguments: str) -> bool:
        """Return whether a git command exits with 0."""
        return not _git(self.root, "--no-optional-locks", *arguments).returncode

    def try_to(self, *arguments: str, given: bytes = b"") -> Finished:
        """Run a git command that changes something."""
        done = _git(self.root, *arguments, given=given)
        return Finished(done.returncode, os.fsdecode(done.stdout + done.stderr).strip())

    @property
    def branch(self) -> str:
        """The current branch; empty if HEAD is detached."""
        return self.read("branch", "--show-current").strip()

    @property
    def operation(self) -> str:
        """The operation in progress, such as a merge; empty if there is none."""
        paths = self.read("rev-parse", *(w for n in _OPERATIONS for w in ("--git-path", n)))
        names = zip(paths.splitlines(), _OPERATIONS.values(), strict=True)
        return next((name for path, name in names if (self.root / path).exists()), "")

    @property
    def is_locked(self) -> bool:
        """Whether another git process is changing the index, or crashed while doing so."""
        return (self.root / self.read("rev-parse", "--git-path", "index.lock").strip()).exists()

    def has_branch(self, name: str) -> bool:
        """Return whether a local branch of this name exists."""
        return self.succeeds("show-ref", "--verify", "--quiet", f"refs/heads/{name}")

    def uncommitted(self) -> list[str]:
        """Return the tracked files that differ from the last commit, staged or not."""
        status = self.read("status", "--porcelain", "-z", "--untracked-files=no")
        return list(_status_paths(status.split("\0")))

    def committed(self) -> frozenset[str]:
        """Return all files of the last commit."""
        return frozenset(self.read("ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0"))


def repository(directory: Path) -> Repository | None:
    """Return the work tree that contains a directory; None without a work tree or without git.

    Raises WorkbenchError, with git's message, if git refuses to use the work tree.
    """
    try:
        done = _git(directory, "rev-parse", "--show-toplevel")
    except WorkbenchError:
        return None
    if not done.returncode:
        return Repository(Path(os.fsdecode(done.stdout.removesuffix(b"\n"))))
    if any(os.path.exists(parent / ".git") for parent in (directory, *directory.parents)):
        raise WorkbenchError(f"git cannot use {directory}: {_reason(done.stderr)}")
    return None


def repositories(directories: Iterable[Path]) -> tuple[Repository, ...]:
    """Return the work trees that contain any of the directories."""
    holders = {holder for directory in set(directories) if (holder := _holder(directory))}
    found = (repository(holder) for holder in sorted(holders))
    return tuple(repository for repository in found if repository is not None)


def _holder(directory: Path) -> Path | None:
    """Return the nearest directory that looks like a work tree, without starting git."""
    return next((d for d in (directory, *directory.parents) if os.path.exists(d / ".git")), None)


def _git(directory: Path, *arguments: str, given: bytes = b"") -> _Completed:
    command = ["git", "-C", str(directory), *arguments]
    try:
        return subprocess.run(command, input=given, capture_output=True, check=False)
    except OSError as error:
        raise WorkbenchError(f"cannot run git: {error.strerror}; is it on PATH?") from error


def _reason(output: bytes) -> str:
    lines = os.fsdecode(output).strip().splitlines()
    named = [line for line in lines if line.startswith(("fatal: ", "error: "))]
    line = (named or lines[-1:] or ["no reason given"])[0]
    return line.removeprefix("fatal: ").removeprefix("error: ")


def _status_paths(fields: list[str]) -> Iterator[str]:
    """Yield the paths in ``status --porcelain -z`` output; both names of a renamed file."""
    entries = iter(fields)
    for entry in entries:
        if entry:
            yield entry[3:]
            if "R" in entry[:2] or "C" in entry[:2]:
                yield next(entries)
