"""Undo the last migration, except for files that have changed since."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.analyzers.model import FileError
from workbench.analyzers.rewriting.write import remove_leftovers
from workbench.atomic import replace
from workbench.errors import DONE, INCOMPLETE, WorkbenchError
from workbench.migration import journal


@dataclass(frozen=True)
class Undone:
    """Result of an undo; paths are relative to the current directory where possible."""

    created: str
    """Time of the undone run: UTC, ISO 8601."""
    restored: tuple[str, ...]
    already: int
    """Number of files that were already as before the run."""
    errors: tuple[FileError, ...]
    """Skipped files, and why."""
    earlier: int
    """Number of earlier runs that can be undone too."""

    @property
    def exit_code(self) -> int:
        """3 if a file was skipped, else 0."""
        return INCOMPLETE if self.errors else DONE


def undo(paths: Sequence[Path] = ()) -> Undone:
    """Restore the files of the last run that have not changed since.

    Only files below ``paths`` are touched, by default those below the directory that contains
    ``.workbench``: a journal that came with a code base must not affect files outside it. If all
    files are restored, the run is removed from the journal, and the next call undoes the run before
    it. Raises WorkbenchError if no run is recorded.
    """
    directory = journal.state_directory() / "journal"
    nothing = WorkbenchError(f"nothing to undo: no run is recorded in {directory}")
    if not directory.is_dir():
        raise nothing
    with journal.writing():
        run = journal.latest(directory)
        if run is None:
            raise nothing
        within = [Path(os.path.realpath(path)) for path in paths] or [journal.home()]
        remove_leftovers(e.location for e in run.entries if _is_within(e.location, within))
        restored: list[str] = []
        errors: list[FileError] = []
        for entry in run.entries:
            shown = _shown(entry.location)
            try:
                if _restore(entry, within):
                    restored.append(shown)
            except _SkippedError as error:
                errors.append(FileError(shown, f"skipped: {error}"))
            except OSError as error:
                errors.append(FileError(shown, f"cannot be restored: {error.strerror or error}"))
        if not errors:
            journal.drop(run.path)
        already = len(run.entries) - len(restored) - len(errors)
        earlier = journal.count(directory) - bool(errors)
    return Undone(run.created, tuple(restored), already, tuple(errors), earlier)


class _SkippedError(Exception):
    """The file must not be restored; the message says why."""


def _restore(entry: journal.JournalEntry, within: Sequence[Path]) -> bool:
    """Restore a file and return whether it had changed; raise `_SkippedError` if it must not be."""
    location = entry.location
    if not _is_within(location, within):
        command = f"workbench migrate --undo {location.parent}"
        raise _SkippedError(f"out of scope; run '{command}' to restore it")
    if os.path.realpath(location) != str(location):
        raise _SkippedError("replaced by a symbolic link")
    found = journal.digest(location.read_bytes())
    if found == entry.before:
        return False
    if found != entry.after:
        raise _SkippedError("changed since the migration")
    replace(location, entry.original, like=location.stat(), mode=entry.mode)
    return True


def _is_within(location: Path, roots: Sequence[Path]) -> bool:
    return any(location.is_relative_to(root) for root in roots)


def _shown(location: Path) -> str:
    here = Path.cwd()
    return (location.relative_to(here) if location.is_relative_to(here) else location).as_posix()
