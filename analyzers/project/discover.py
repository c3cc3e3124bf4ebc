"""Select the Python files among the paths that a user names."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = (".py", ".pyi")

Fail = Callable[[str, str], None]
"""Called with the location of a file or directory that cannot be read, and the reason."""


class PathError(ValueError):
    """A path or a pattern is invalid; the message is one line."""


@dataclass(frozen=True)
class Selection:
    """The files and directories to audit, and what to skip in the directories.

    Hidden directories, ``__pycache__`` and symbolic links in a directory are always skipped.
    """

    paths: tuple[Path, ...] = ()
    """Files and directories; a file may have any name and must be valid Python."""
    listed: tuple[Path, ...] = ()
    """Further files and directories; files without references need not be valid Python."""
    excludes: tuple[str, ...] = ()
    """Patterns in ``.gitignore`` syntax, relative to the current directory."""
    follow_ignore: bool = True
    """Whether to follow ``.gitignore`` files in a git work tree, as git does."""
    stdin: bytes | None = None
    """The content of a file that is not read from disk."""
    stdin_name: str = "-"
    """Path of that file for messages and module names."""

    def roots(self) -> dict[str, bool]:
        """Return the absolute locations to search, and whether each is a file the user named.

        Raises `PathError` for a path that does not exist, or is a pipe or a device.
        """
        roots: dict[str, bool] = {}
        for path in (*self.paths, *self.listed):
            mode = _mode(path)
            if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
                raise PathError(f"{path}: not a file or directory; use - for standard input")
            location = os.path.abspath(path)
            named = path in self.paths and not stat.S_ISDIR(mode)
            roots[location] = roots.get(location, False) or named
        return roots


def _mode(path: Path) -> int:
    try:
        return os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise PathError(f"{path}: no such file or directory") from None
    except OSError as error:
        raise PathError(f"{path}: {error.strerror}") from None


def display(location: str, here: Path) -> str:
    """Return a location as shown to the user: relative to ``here`` if it is inside."""
    base = str(here)
    prefix = base if base.endswith(os.sep) else base + os.sep
    return location.removeprefix(prefix).replace(os.sep, "/")
