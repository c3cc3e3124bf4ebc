"""Replace files atomically: readers see the old or the new content, never a part."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
from pathlib import Path

UNFINISHED = ".workbench-new"
"""Suffix of unfinished files; they must not look like Python files."""


def replace(
    location: Path,
    content: bytes,
    *,
    like: os.stat_result | None = None,
    mode: int | None = None,
    durable: bool = True,
) -> None:
    """Write ``content`` to a new file and rename it to ``location``.

    ``like`` is the status of the old file: the new file gets its mode, its extended attributes and,
    if allowed, its owner. ``mode`` overrides the mode; without either, the umask decides. If
    ``durable``, the file is on disk on return. Raises OSError if the file cannot be written, and
    removes the new file.
    """
    handle, name = tempfile.mkstemp(UNFINISHED, f".{location.name[:50]}.", location.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            if like is not None:
                with contextlib.suppress(PermissionError):
                    os.fchown(stream.fileno(), like.st_uid, like.st_gid)
                _copy_attributes(location, stream.fileno())
            os.fchmod(stream.fileno(), _mode(like) if mode is None else mode)
            if durable:
                os.fsync(stream.fileno())
        os.replace(name, location)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    if durable:
        sync_directory(location.parent)


def sync_directory(directory: Path) -> None:
    """Make a rename in ``directory`` durable, if the system can sync directories."""
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _copy_attributes(source: Path, target: int) -> None:
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError):
        for name in os.listxattr(source):
            with contextlib.suppress(OSError):
                os.setxattr(target, name, os.getxattr(source, name))


def _mode(like: os.stat_result | None) -> int:
    if like is not None:
        return stat.S_IMODE(like.st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
