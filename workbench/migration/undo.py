"""Taking the last migration back, as far as nobody has worked on its files since."""

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
    """What came of it; paths are relative to the current directory where possible."""

    created: str
    """When the run was that is taken back: UTC, ISO 8601."""
    restored: tuple[str, ...]
    already: int
    """How many files were as before the run."""
    errors: tuple[FileError, ...]
    """What was left alone, and why."""
    earlier: int
    """How many runs before it can be taken back too."""

    @property
    def exit_code(self) -> int:
        """3 when a file was left alone, else 0."""
        return INCOMPLETE if self.errors else DONE


def undo(paths: Sequence[Path] = ()) -> Undone:
    """Restore the files of the last run that still are what it wrote.

    Only files below ``paths`` are touched, by default those below the directory that holds
    ``.workbench``: a journal that came with somebody's code base must not reach beyond it. When
    everything is restored the run is forgotten, and the next call takes back the run before it;
    else the journal stays. Raises WorkbenchError when no run is recorded.
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
            except _LeftAloneError as error:
                errors.append(FileError(shown, f"left alone: {error}"))
            except OSError as error:
                errors.append(FileError(shown, f"cannot be restored: {error.strerror or error}"))
        if not errors:
            journal.drop(run.path)
        already = len(run.entries) - len(restored) - len(errors)
        earlier = journal.count(directory) - bool(errors)
    return Undone(run.created, tuple(restored), already, tuple(errors), earlier)


class _LeftAloneError(Exception):
    """The file is not to be restored; the message says why."""


def _restore(entry: journal.JournalEntry, within: Sequence[Path]) -> bool:
    """Whether the file had to be changed; raises for one that is not what the run wrote."""
    location = entry.location
    if not _is_within(location, within):
        raise _LeftAloneError(f"outside; 'workbench migrate --undo {location.parent}' reaches it")
    if os.path.realpath(location) != str(location):
        raise _LeftAloneError("a symbolic link has taken its place")
    found = journal.digest(location.read_bytes())
    if found == entry.before:
        return False
    if found != entry.after:
        raise _LeftAloneError("changed since the migration")
    replace(location, entry.original, like=location.stat(), mode=entry.mode)
    return True


def _is_within(location: Path, roots: Sequence[Path]) -> bool:
    return any(location.is_relative_to(root) for root in roots)


def _shown(location: Path) -> str:
    here = Path.cwd()
    return (location.relative_to(here) if location.is_relative_to(here) else location).as_posix()
