"""The journal of migrations: the original files, recorded before they change, for undo.

Each run has one file in ``.workbench/journal/`` of the current git work tree, or of the current
directory if there is none. It is a gzip stream of JSON lines: a header, then one line per file.
"""

from __future__ import annotations

import base64
import fcntl
import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbench.analyzers.rewriting.write import FileChange
from workbench.atomic import sync_directory
from workbench.errors import WorkbenchError
from workbench.files import decode_json, make_state_directory, read_bytes, write_atomically

KEPT_RUNS = 10
"""Older runs cannot be undone."""
_FORMAT = "workbench migration journal"
_VERSION = 1


@dataclass(frozen=True)
class JournalEntry:
    """One file of a run."""

    location: Path
    """Absolute path with links resolved."""
    before: str
    """SHA-256 of the original, in hexadecimal."""
    after: str
    mode: int
    original: bytes


@dataclass(frozen=True)
class JournalRun:
    """The changes that one run of ``workbench migrate`` planned."""

    path: Path
    """File of this run in the journal."""
    created: str
    """UTC, ISO 8601."""
    entries: tuple[JournalEntry, ...]


def home() -> Path:
    """Return the directory of ``.workbench``: the root of the git work tree or the current one."""
    here = Path.cwd().resolve()
    return next((d for d in (here, *here.parents) if os.path.exists(d / ".git")), here)


def state_directory() -> Path:
    """Return the directory of the workbench's own files; it may not exist yet."""
    return home() / ".workbench"


def digest(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal, by which undo recognises a file."""
    return hashlib.sha256(content).hexdigest()


@contextmanager
def writing() -> Iterator[Path]:
    """Create and lock the directory of the journal; a killed process releases the lock.

    Raises WorkbenchError if it cannot be created, or if another run has locked it.
    """
    state = state_directory()
    make_state_directory(state)
    directory = state / "journal"
    try:
        directory.mkdir(exist_ok=True)
        descriptor = os.open(directory, os.O_RDONLY)
    except OSError as error:
        raise WorkbenchError(f"cannot create {directory}: {error.strerror}") from error
    try:
        _lock(descriptor)
        yield directory
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise WorkbenchError(
            f"another 'workbench migrate' is running in {home()}; try again when it has finished"
        ) from None


def record(directory: Path, changes: Sequence[FileChange]) -> Path:
    """Record the files that the changes will replace, durably, and remove old runs.

    Returns the file of this run, to be dropped if no file changes.
    """
    numbers = [int(path.stem) for path in _journals(directory)]
    base = directory.parent.parent
    header = {
        "format": _FORMAT,
        "version": _VERSION,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": len(changes),
    }
    lines = (json.dumps(line) for line in (header, *(_to_json(c, base) for c in changes)))
    content = gzip.compress("\n".join(lines).encode("ascii"), compresslevel=1)
    run = directory / f"{max(numbers, default=0) + 1:06}.gz"
    write_atomically(run, content)
    for path in _journals(directory)[:-KEPT_RUNS]:
        drop(path)
    for leftover in directory.glob(".*.gz.*"):
        drop(leftover)
    return run


def drop(path: Path) -> None:
    """Remove a run from the journal."""
    with suppress(FileNotFoundError):
        path.unlink()
    sync_directory(path.parent)


def count(directory: Path) -> int:
    """Return how many runs can be undone."""
    return len(_journals(directory))


def latest(directory: Path) -> JournalRun | None:
    """Read the last run, if there is one. Raises WorkbenchError for a damaged journal."""
    journals = _journals(directory)
    return _read(journals[-1], directory.parent.parent) if journals else None


def _journals(directory: Path) -> list[Path]:
    found = (path for path in directory.glob("*.gz") if path.stem.isdecimal())
    return sorted(found, key=lambda path: int(path.stem))


def _to_json(change: FileChange, base: Path) -> dict[str, Any]:
    return {
        "path": os.path.relpath(change.location, base),
        "before": digest(change.file.original),
        "after": digest(change.after),
        "mode": change.status.st_mode & 0o7777,
        "original": base64.b64encode(change.file.original).decode("ascii"),
    }


def _read(path: Path, base: Path) -> JournalRun:
    data = read_bytes(path)
    try:
        header, *lines = [decode_json(line) for line in gzip.decompress(data).splitlines()]
        if (header["format"], header["version"]) != (_FORMAT, _VERSION):
            raise ValueError("unknown format or version")
        if len(lines) != header["files"]:
            raise ValueError("files are missing")
        entries = tuple(_from_json(line, base) for line in lines)
        return JournalRun(path, str(header["created"]), entries)
    except (ValueError, KeyError, TypeError, EOFError, OSError, zlib.error) as error:
        raise WorkbenchError(
            f"{path} is damaged or not a workbench journal ({_in_words(error)}); "
            "delete it to undo the run before it"
        ) from None


def _from_json(line: dict[str, Any], base: Path) -> JournalEntry:
    original = base64.b64decode(line["original"], validate=True)
    if digest(original) != line["before"]:
        raise ValueError("an original is damaged")
    path, mode = line["path"], line["mode"]
    if b"\0" in os.fsencode(path):  # raises ValueError for an impossible path
        raise ValueError("a path contains NUL")
    if type(mode) is not int or mode not in range(0o10000):
        raise ValueError("a mode is out of range")
    location = Path(os.path.normpath(base / path))
    return JournalEntry(location, line["before"], str(line["after"]), mode, original)


def _in_words(error: Exception) -> str:
    return (
        f"{error} is missing" if isinstance(error, KeyError) else str(error) or type(error).__name__
    )
