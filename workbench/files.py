"""Writing files so that nobody ever sees half of one."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from workbench import atomic
from workbench.errors import WorkbenchError


def check_output(path: Path, *, overwrite: bool = True) -> None:
    """Make sure that ``path`` can be written, before any work is done for it.

    Raises WorkbenchError when its directory is missing, when it is a directory, or when it exists
    and may not be overwritten.
    """
    if not path.parent.is_dir():
        raise WorkbenchError(
            f"cannot write {path}: directory {path.parent} does not exist; create it first"
        )
    if path.is_dir():
        raise WorkbenchError(f"cannot write {path}: it is a directory")
    if not os.access(path.parent, os.W_OK):
        raise WorkbenchError(f"cannot write {path}: directory {path.parent} is not writable")
    if not overwrite and path.exists():
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


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace the content of ``path``; other readers see the old or the new one, whole.

    Raises WorkbenchError when it cannot be written.
    """
    data = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    target = path.resolve()
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
