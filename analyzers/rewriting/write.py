"""Apply the edits of an audit to the files, each one whole or not at all."""

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
    """One file to replace: where it really is, links resolved, and what will stand there."""

    file: FileAnalysis
    location: Path
    after: bytes
    status: os.stat_result


@dataclass(frozen=True)
class WritePlan:
    """What a migration would do, and which files with edits it leaves alone and why."""

    changes: tuple[FileChange, ...]
    errors: tuple[FileError, ...]
    warnings: tuple[FileError, ...]
    """What to know about files that do change."""

    @property
    def files(self) -> tuple[FileAnalysis, ...]:
        """The files that change."""
        return tuple(change.file for change in self.changes)


@dataclass(frozen=True)
class Written:
    """What a migration did: paths as the audit shows them, and what it skipped and why."""

    paths: tuple[str, ...]
    errors: tuple[FileError, ...]


def without_links(audit: Audit) -> Audit:
    """The audit as far as `plan` would take it; no file is read."""
    chosen, errors = _reachable(audit)
    return dataclasses.replace(
        audit, files=tuple(chosen.values()), errors=audit.errors + tuple(errors)
    )


def plan(audit: Audit) -> WritePlan:
    """Look at every file that has edits again; nothing is written.

    Left alone are files that changed since they were read, and those that a symbolic link leads to
    from inside the audited paths to outside of them. A file with several names in the audit is
    taken once.
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
    """The files with edits by their real locations, and those that only a link leads to."""
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
    """Replace the planned files one after the other; skip one that has changed since.

    A file is replaced by renaming a complete one over it, with its mode and, where that is
    allowed, its owner; a symbolic link stays and the file that it names is replaced. A file that
    nobody may write to is replaced too, and stays so, if its directory can be written.
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
    """Write every file that has edits, as `plan` and `carry_out` say."""
    planned = plan(audit)
    written = carry_out(planned.changes)
    return Written(written.paths, planned.errors + written.errors)


class _ChangedError(Exception):
    """The file is not what was audited."""


def _real_root(root: Path) -> Path:
    """A directory as it is; a link to a file stays a link, so that it leads to nowhere new."""
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
