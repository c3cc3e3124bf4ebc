"""The Python files among the paths that a user names."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = (".py", ".pyi")

Fail = Callable[[str, str], None]
"""Called with the location of what cannot be read, and the reason."""


class PathError(ValueError):
    """A path or a pattern that cannot be used; the message is one line."""


@dataclass(frozen=True)
class Selection:
    """Which files to audit: files and directories, and what to pass over below the directories.

    Hidden directories, ``__pycache__`` and symbolic links in a directory are always passed over.
    """

    paths: tuple[Path, ...]
    """A file among them is taken whatever its name, and must be valid Python."""
    listed: tuple[Path, ...] = ()
    """Taken in the same way; one that has no reference may be anything."""
    excludes: tuple[str, ...] = ()
    """Lines of a ``.gitignore`` in the current directory."""
    follow_ignore: bool = True
    """Whether ``.gitignore`` files count in a git work tree, as they do for git."""
    stdin: bytes | None = None
    """The content of a file that is not read from disk."""
    stdin_name: str = "-"
    """Where that file would stand."""

    def roots(self) -> dict[str, bool]:
        """Absolute locations to search, and whether each is a file that the user named.

        Raises `PathError` for a path that does not exist, or is a pipe or a device.
        """
        roots: dict[str, bool] = {}
        for path in (*self.paths, *self.listed):
            if not path.exists():
                raise PathError(f"{path}: no such file or directory")
            if not path.is_file() and not path.is_dir():
                raise PathError(f"{path}: neither a file nor a directory; - reads standard input")
            location = os.path.abspath(path)
            named = path in self.paths and not os.path.isdir(location)
            roots[location] = roots.get(location, False) or named
        return roots


def display(location: str, here: Path) -> str:
    """How a location is shown: relative to ``here`` where it is below it."""
    base = str(here)
    prefix = base if base.endswith(os.sep) else base + os.sep
    return location.removeprefix(prefix).replace(os.sep, "/")
