"""Request and result of a migration."""

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
    """A valid combination of options."""

    mode: Mode = Mode.DIFF
    interactive: bool = False
    branch: str | None = None
    """Branch to create; None for the default name."""
    pull_request: Path | None = None
    """File for the pull request text; None for one in ``.workbench``."""

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

    Raises WorkbenchError for options that conflict or have no effect.
    """
    given = [name for name, is_set in flags.items() if is_set]
    writing = {"write", "interactive", "commit"}
    conflict = next((name for name in given if name not in writing and len(given) > 1), None)
    if conflict is not None:
        other = next(name for name in given if name != conflict)
        raise WorkbenchError(f"--{conflict} and --{other} cannot be combined; use one of them")
    for option, value in (("--branch", branch), ("--pr-file", pull_request)):
        if value is not None and "commit" not in given:
            raise WorkbenchError(f"{option} needs --commit")
    if "undo" in given and not _has_only_paths(scope):
        raise WorkbenchError("--undo takes no other options, only paths")
    if writing & set(given) and scope.selection.stdin is not None:
        raise WorkbenchError("cannot write code read from standard input; use --diff")
    mode = Mode(given[0]) if given and given[0] not in writing else Mode.DIFF
    if writing & set(given):
        mode = Mode.COMMIT if "commit" in given else Mode.WRITE
    return Request(mode, "interactive" in given, branch, pull_request)


def _has_only_paths(scope: AuditScope) -> bool:
    selection = dataclasses.replace(scope.selection, paths=())
    settings = dataclasses.replace(scope.settings, cache=None)
    return dataclasses.replace(scope, selection=selection, settings=settings) == AuditScope()


@dataclass(frozen=True)
class Committed:
    """Commit of a migration."""

    commit: str
    """Abbreviated hash; empty if the commit failed."""
    branch: str
    back: str
    """Git command to go back."""
    pull_request: Path
    output: str = ""
    """Output of git and its hooks if the commit failed."""


@dataclass(frozen=True)
class Migration:
    """Result of a migration; ``paths`` are the files that changed or would change."""

    mode: Mode
    paths: tuple[str, ...] = ()
    diff: bytes = b""
    """Unified diff; only in mode DIFF."""
    rewritten: tuple[Reference, ...] = ()
    """References in those files that were or would be rewritten."""
    review: tuple[Reference, ...] = ()
    """References in any file that need review."""
    kept: tuple[Reference, ...] = ()
    """References that are suppressed or declined."""
    errors: tuple[FileError, ...] = ()
    warnings: tuple[str, ...] = ()
    committed: Committed | None = None
    roots: tuple[Path, ...] = ()
    """Audited paths, absolute."""

    @property
    def exit_code(self) -> int:
        """3 if a file could not be analysed or written, 1 if a check found changes, else 0."""
        if self.errors:
            return INCOMPLETE
        return FINDINGS if self.mode is Mode.CHECK and self.paths else DONE
