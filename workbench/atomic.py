"""Replace a file as a whole: readers see the old content or the new content, never a part."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
from pathlib import Path

UNFINISHED = ".workbench-new"
"""Suffix of unfinished files, so that nobody takes one for Python."""


def replace(
    location: Path,
    content: bytes,
    *,
    like: os.stat_result | None = None,
    mode: int | None = None,
    durable: bool = True,
) -> None:
    """Write ``content`` to a new file and rename it to ``location``.

    With ``like``, the status of the old file, the new one gets its owner, where that is allowed,
    its mode and its extended attributes, such as access lists. ``mode`` overrides the mode; without
    either it is what the umask leaves. A ``durable`` file is on the disk on return.
    Raises OSError, and leaves nothing behind, when the file cannot be written.
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
    """Make a rename in ``directory`` durable, where the system can sync a directory."""
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
