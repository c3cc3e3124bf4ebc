"""Apply the edits of an audit to the files, each one whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from analyzers.model import Audit, FileAnalysis, FileError
from analyzers.source import apply_edits


@dataclass(frozen=True)
class Written:
    """What a migration did: paths as the audit shows them, and what it left alone and why."""

    paths: tuple[str, ...]
    errors: tuple[FileError, ...]


def write(audit: Audit) -> Written:
    """Write every file that has edits; a file that changed since it was read is left alone.

    A file is replaced by renaming a complete one over it, with its mode and, where that is
    allowed, its owner; a symbolic link stays and the file that it names is replaced.
    """
    paths: list[str] = []
    errors: list[FileError] = []
    for file in audit.files:
        if not file.edits:
            continue
        try:
            _write(file)
        except OSError as error:
            errors.append(FileError(file.path, f"cannot be written: {error.strerror or error}"))
        except _ChangedError:
            errors.append(FileError(file.path, "changed since it was read; left alone"))
        else:
            paths.append(file.path)
    return Written(tuple(paths), tuple(errors))


class _ChangedError(Exception):
    """The file is not what was audited."""


def _write(file: FileAnalysis) -> None:
    location = Path(os.path.realpath(file.location))
    if location.read_bytes() != file.original:
        raise _ChangedError
    status = location.stat()
    replace(location, apply_edits(file.original, file.edits), status)


def replace(location: Path, content: bytes, status: os.stat_result) -> None:
    """Put ``content`` in the place of a file atomically, with the mode and owner in ``status``."""
    handle, name = tempfile.mkstemp(prefix=f".{location.name}.", dir=location.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            with contextlib.suppress(PermissionError):
                os.fchown(stream.fileno(), status.st_uid, status.st_gid)
            os.fchmod(stream.fileno(), stat.S_IMODE(status.st_mode))
            os.fsync(stream.fileno())
        os.replace(name, location)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    _sync_directory(location.parent)


def _sync_directory(directory: Path) -> None:
    """Make the renaming last, where the system lets a directory be synced."""
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
