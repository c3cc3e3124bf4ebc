"""The Python files among the paths that a user names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_SUFFIXES = (".py", ".pyi")
_SKIPPED = frozenset(("__pycache__",))


class PathError(ValueError):
    """A path that cannot be audited; the message is one line."""


@dataclass(frozen=True)
class PythonFile:
    """A file to look at. ``named`` if the user named it, not one of its directories."""

    location: Path
    display: str
    """Relative to the current directory where possible, with forward slashes."""
    named: bool = False


def discover(paths: Sequence[Path]) -> list[PythonFile]:
    """Every Python file in ``paths``, once, sorted by how it is shown.

    Directories are searched, without hidden ones and without following symbolic links; a file
    is taken whatever its name. Raises `PathError` for a path that does not exist.
    """
    here = Path.cwd()
    found: dict[str, PythonFile] = {}
    for path in paths:
        if not path.exists():
            raise PathError(f"{path}: no such file or directory")
        absolute = Path(os.path.abspath(path))
        locations = (str(absolute),) if absolute.is_file() else _walk(str(absolute))
        for location in locations:
            if location not in found or absolute.is_file():
                file = PythonFile(Path(location), _display(location, here), absolute.is_file())
                found[location] = file
    return sorted(found.values(), key=lambda file: file.display)


def _walk(directory: str) -> Iterator[str]:
    try:
        entries = list(os.scandir(directory))
    except PermissionError as error:
        raise PathError(f"{directory}: {error.strerror}") from None
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if not entry.name.startswith(".") and entry.name not in _SKIPPED:
                yield from _walk(entry.path)
        elif entry.name.endswith(_SUFFIXES) and entry.is_file(follow_symlinks=False):
            yield entry.path


def _display(location: str, here: Path) -> str:
    base = str(here)
    prefix = base if base.endswith(os.sep) else base + os.sep
    return location.removeprefix(prefix).replace(os.sep, "/")
