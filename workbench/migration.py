"""Moving a code base to `accelerated`: showing, testing or making the edits of an audit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from workbench.errors import DONE, FINDINGS, INCOMPLETE

if TYPE_CHECKING:
    from analyzers.model import Audit, FileError


class Mode(Enum):
    """What to do with the edits."""

    DIFF = "diff"
    WRITE = "write"
    CHECK = "check"


@dataclass(frozen=True)
class Migration:
    """What came of it. ``paths`` are the files that change, or would."""

    mode: Mode
    paths: tuple[str, ...]
    diff: bytes
    """The unified diff, in mode DIFF alone."""
    errors: tuple[FileError, ...]

    @property
    def exit_code(self) -> int:
        """3 when a file could not be analysed or written, 1 when a check found changes, else 0."""
        if self.errors:
            return INCOMPLETE
        return FINDINGS if self.mode is Mode.CHECK and self.paths else DONE


def migrate(found: Audit, mode: Mode = Mode.DIFF) -> Migration:
    """Apply the edits of an audit in one of three modes; only WRITE touches a file."""
    from analyzers.diff import unified_diff
    from analyzers.write import write

    errors = list(found.errors)
    paths = [file.path for file in found.files if file.edits]
    if mode is Mode.WRITE:
        written = write(found)
        errors += written.errors
        paths = list(written.paths)
    diff = unified_diff(found) if mode is Mode.DIFF else b""
    return Migration(mode, tuple(paths), diff, tuple(errors))
