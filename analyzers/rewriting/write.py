"""Apply the edits of an audit to the files; each file changes completely or not at all."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.analyzers.model import Audit, FileAnalysis, FileError
from workbench.analyzers.syntax.source import apply_edits
from workbench.atomic import UNFINISHED, replace

_LEFTOVER = re.compile(rf"\..+\.\w{{8}}{re.escape(UNFINISHED)}")


@dataclass(frozen=True)
class FileChange:
    """One file to replace: its location with links resolved, and its new content."""

    file: FileAnalysis
    location: Path
    after: bytes
    status: os.stat_result


@dataclass(frozen=True)
class WritePlan:
    """The changes of a migration, and the files with edits that it skips, with reasons."""

    changes: tuple[FileChange, ...]
    errors: tuple[FileError, ...]
    warnings: tuple[FileError, ...]
    """Warnings about files that change."""

    @property
    def files(self) -> tuple[FileAnalysis, ...]:
        """The files that change."""
        return tuple(change.file for change in self.changes)


@dataclass(frozen=True)
class Written:
    """Result of a migration: changed paths as in the audit, and skipped files with reasons."""

    paths: tuple[str, ...]
    errors: tuple[FileError, ...]


def without_links(audit: Audit) -> Audit:
    """Return the audit with only the files that `plan` would change; reads no file."""
    chosen, errors = _reachable(audit)
    return dataclasses.replace(
        audit, files=tuple(chosen.values()), errors=audit.errors + tuple(errors)
    )


def plan(audit: Audit) -> WritePlan:
    """Plan the changes of all files with edits; writes nothing.

    Skips files that have changed since they were read, and files outside the audited paths that
    only a symbolic link leads to. A file with several names in the audit changes once.
    """
    chosen, errors = _reachable(audit)
    changes = []
    for location, file in chosen.items():
        try:
            changes.append(_change(file, location))
        except (OSError, _ChangedError) as error:
            errors.append(FileError(file.path, _reason(error)))
    return WritePlan(tuple(changes), tuple(errors), tuple(_shared_files(changes)))


def _reachable(audit: Audit) -> tuple[dict[Path, FileAnalysis], list[FileError]]:
    """Return the files with edits by their real locations, and errors for skipped links."""
    roots = [_real_root(root) for root in audit.roots]
    chosen: dict[Path, FileAnalysis] = {}
    errors: list[FileError] = []
    for file in audit.files:
        if not file.edits:
            continue
        location = Path(os.path.realpath(file.location))
        linked = location != file.location
        if linked and roots and not any(location.is_relative_to(root) for root in roots):
            message = f"skipped: a symbolic link leads to {location}, outside the given paths"
            errors.append(FileError(file.path, message))
        elif location not in chosen or not linked:
            chosen[location] = file
    return chosen, errors


def carry_out(changes: Sequence[FileChange]) -> Written:
    """Replace the planned files one by one; skip those that have changed since.

    A complete new file is renamed over the old one, with its mode and, if allowed, its owner. A
    symbolic link is kept, and its target is replaced. A read-only file is replaced too, and remains
    read-only, if its directory is writable.
    """
    paths: list[str] = []
    errors: list[FileError] = []
    remove_leftovers(change.location for change in changes)
    for change in changes:
        try:
            if change.location.read_bytes() != change.file.original:
                raise _ChangedError
            replace(change.location, change.after, like=change.status)
        except (OSError, _ChangedError) as error:
            errors.append(FileError(change.file.path, _reason(error)))
        else:
            paths.append(change.file.path)
    return Written(tuple(paths), tuple(errors))


def write(audit: Audit) -> Written:
    """Plan and carry out the changes of all files with edits."""
    planned = plan(audit)
    written = carry_out(planned.changes)
    return Written(written.paths, planned.errors + written.errors)


class _ChangedError(Exception):
    """The file has changed since the audit."""


def _real_root(root: Path) -> Path:
    """Resolve links in a path, except for the last part if it is a file."""
    if root.is_dir():
        return Path(os.path.realpath(root))
    return Path(os.path.realpath(root.parent), root.name)


def _change(file: FileAnalysis, location: Path) -> FileChange:
    if location.read_bytes() != file.original:
        raise _ChangedError
    return FileChange(file, location, apply_edits(file.original, file.edits), location.stat())


def _reason(error: OSError | _ChangedError) -> str:
    if isinstance(error, OSError):
        return f"cannot be written: {error.strerror or error}"
    return "skipped: changed since it was read"


def _shared_files(changes: Iterable[FileChange]) -> Iterable[FileError]:
    for change in changes:
        others = change.status.st_nlink - 1
        if others > 0:
            names = "1 other name" if others == 1 else f"{others:,} other names"
            message = f"shares its content with {names} (hard links) and becomes a file of its own"
            yield FileError(change.file.path, message)


def remove_leftovers(locations: Iterable[Path]) -> None:
    """Remove the unfinished files that a killed run left beside any of ``locations``."""
    for directory in {location.parent for location in locations}:
        with contextlib.suppress(OSError), os.scandir(directory) as entries:
            for name in [entry.path for entry in entries if _LEFTOVER.fullmatch(entry.name)]:
                with contextlib.suppress(OSError):
                    os.unlink(name)
