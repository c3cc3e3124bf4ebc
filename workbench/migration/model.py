"""What a migration is asked for, and what came of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.audits.scope import AuditScope
from workbench.errors import DONE, FINDINGS, INCOMPLETE, WorkbenchError

if TYPE_CHECKING:
    from workbench.analyzers.model import FileError, Reference


class Mode(Enum):
    """What to do with the edits."""

    DIFF = "diff"
    CHECK = "check"
    WRITE = "write"
    COMMIT = "commit"
    UNDO = "undo"


@dataclass(frozen=True)
class Request:
    """What to do, in a combination that makes sense."""

    mode: Mode = Mode.DIFF
    interactive: bool = False
    branch: str | None = None
    """The branch to make; None for a default one."""
    pull_request: Path | None = None
    """The file for the pull request's text; None for one in ``.workbench``."""

    @property
    def writes(self) -> bool:
        """Whether files may change."""
        return self.mode in {Mode.WRITE, Mode.COMMIT}


def choose(
    scope: AuditScope,
    flags: dict[str, bool],
    branch: str | None = None,
    pull_request: Path | None = None,
) -> Request:
    """Turn options (by name, without dashes) into a request.

    Raises WorkbenchError for options that contradict each other or do nothing.
    """
    given = [name for name, is_set in flags.items() if is_set]
    writing = {"write", "interactive", "commit"}
    conflict = next((name for name in given if name not in writing and len(given) > 1), None)
    if conflict is not None:
        other = next(name for name in given if name != conflict)
        raise WorkbenchError(f"--{conflict} and --{other} cannot be combined: give one of them")
    for option, value in (("--branch", branch), ("--pr-file", pull_request)):
        if value is not None and "commit" not in given:
            raise WorkbenchError(f"{option} needs --commit")
    if "undo" in given and dataclasses.replace(scope, paths=(), cache=None) != AuditScope():
        raise WorkbenchError("--undo takes no options, and paths to reach files elsewhere")
    if writing & set(given) and scope.stdin is not None:
        raise WorkbenchError("code from standard input cannot be written: use --diff")
    mode = Mode(given[0]) if given and given[0] not in writing else Mode.DIFF
    if writing & set(given):
        mode = Mode.COMMIT if "commit" in given else Mode.WRITE
    return Request(mode, "interactive" in given, branch, pull_request)


@dataclass(frozen=True)
class Committed:
    """The commit that a migration made."""

    commit: str
    """Abbreviated; empty if git refused."""
    branch: str
    back: str
    """The git command that leads back."""
    pull_request: Path
    output: str = ""
    """What git and its hooks said, if they refused."""


@dataclass(frozen=True)
class Migration:
    """What came of it. ``paths`` are the files that change, or would."""

    mode: Mode
    paths: tuple[str, ...] = ()
    diff: bytes = b""
    """The unified diff, in mode DIFF alone."""
    rewritten: tuple[Reference, ...] = ()
    """The references in those files that now, or then, have a new name."""
    review: tuple[Reference, ...] = ()
    """The references anywhere that a person has to look at."""
    kept: tuple[Reference, ...] = ()
    """The references that stay because somebody wants it."""
    errors: tuple[FileError, ...] = ()
    warnings: tuple[str, ...] = ()
    committed: Committed | None = None
    roots: tuple[Path, ...] = ()
    """The paths that were audited, absolute."""

    @property
    def exit_code(self) -> int:
        """3 when a file could not be analysed or written, 1 when a check found changes, else 0."""
        if self.errors:
            return INCOMPLETE
        return FINDINGS if self.mode is Mode.CHECK and self.paths else DONE
