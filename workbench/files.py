"""Reading files of unknown content, and writing them so that nobody ever sees half of one."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

from workbench import atomic
from workbench.errors import WorkbenchError

DAMAGE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What code that expects data of a certain form raises for data that somebody else has written."""


def check_output(path: Path, *, overwrite: bool = True) -> None:
    """Make sure that ``path`` can be written, before any work is done for it.

    Raises WorkbenchError when its directory is missing, when it is a directory, or when it exists
    and may not be overwritten.
    """
    if not os.path.isdir(path.parent):
        raise WorkbenchError(
            f"cannot write {path}: directory {path.parent} does not exist; create it first"
        )
    try:
        found = os.stat(path)
    except FileNotFoundError:
        found = None
    except OSError as error:
        raise WorkbenchError(f"cannot write {path}: {error.strerror}") from error
    if found is not None and stat.S_ISDIR(found.st_mode):
        raise WorkbenchError(f"cannot write {path}: it is a directory")
    if not os.access(path.parent, os.W_OK):
        raise WorkbenchError(f"cannot write {path}: directory {path.parent} is not writable")
    if not overwrite and found is not None:
        raise WorkbenchError(f"{path} exists already; --force overwrites it")


def make_state_directory(path: Path) -> None:
    """Make the directory in which the workbench keeps its own things, hidden from git.

    Raises WorkbenchError when that is impossible; a directory that exists stays as it is.
    """
    try:
        if not path.is_dir():
            path.mkdir()
            (path / ".gitignore").write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise WorkbenchError(f"cannot make {path}: {error.strerror}") from error


def read_bytes(path: Path) -> bytes:
    """Return the content of ``path``; raises WorkbenchError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise WorkbenchError(f"cannot read {path}: {error.strerror}") from error


def read_json(path: Path) -> Any:
    """Return the JSON document in ``path``.

    Raises WorkbenchError, one line, when it cannot be read or is not JSON.
    """
    data = read_bytes(path)
    try:
        return decode_json(data)
    except ValueError as error:
        raise WorkbenchError(f"{path} is not JSON: {error}") from error


def decode_json(data: bytes | str) -> Any:
    """Decode JSON that anybody may have written; raises ValueError for all that cannot be decoded.

    `json.loads` raises RecursionError for arrays that are nested too deeply.
    """
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace the content of ``path``; other readers see the old or the new one, whole.

    Raises WorkbenchError when it cannot be written.
    """
    data = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        _write_into(path, data)
        return
    try:
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
        atomic.replace(target, data, mode=mode)
    except OSError as error:
        raise WorkbenchError(f"cannot write {path}: {error.strerror}") from error


def _write_into(path: Path, data: bytes) -> None:
    # A device such as /dev/null must stay one.
    try:
        with path.open("wb") as file:
            file.write(data)
    except OSError as error:
        raise WorkbenchError(f"cannot write {path}: {error.strerror}") from error
