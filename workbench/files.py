"""Read files of unknown content, and write files atomically."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

from workbench import atomic
from workbench.errors import WorkbenchError

DAMAGE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""Exceptions that code raises for data that does not have the expected form."""


def check_output(path: Path, *, overwrite: bool = True) -> None:
    """Check that ``path`` can be written, before doing any work.

    Raises WorkbenchError if its directory is missing, if it is a directory, or if it exists and
    must not be overwritten.
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
        raise WorkbenchError(f"{path} already exists; use --force to overwrite it")


def make_state_directory(path: Path) -> None:
    """Create a directory for files of the workbench, ignored by git.

    An existing directory is left unchanged. Raises WorkbenchError if it cannot be created.
    """
    try:
        if not path.is_dir():
            path.mkdir()
            (path / ".gitignore").write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise WorkbenchError(f"cannot create {path}: {error.strerror}") from error


def read_bytes(path: Path) -> bytes:
    """Return the content of ``path``. Raises WorkbenchError if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise WorkbenchError(f"cannot read {path}: {error.strerror}") from error


def read_json(path: Path) -> Any:
    """Return the JSON document in ``path``.

    Raises WorkbenchError if it cannot be read or is not JSON.
    """
    data = read_bytes(path)
    try:
        return decode_json(data)
    except ValueError as error:
        raise WorkbenchError(f"{path} is not JSON: {error}") from error


def decode_json(data: bytes | str) -> Any:
    """Decode untrusted JSON.

    Raises ValueError if it cannot be decoded, also if it is nested too deeply.
    """
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace the content of ``path``; readers see the old or the new content, never a part.

    Raises WorkbenchError if it cannot be written.
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
    # A device such as /dev/null must not be replaced by a file.
    try:
        with path.open("wb") as file:
            file.write(data)
    except OSError as error:
        raise WorkbenchError(f"cannot write {path}: {error.strerror}") from error
