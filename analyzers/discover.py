"""The Python files among the paths that a user names."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analyzers.model import FileError

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


def discover(
    paths: Sequence[Path], fail: Callable[[FileError], None] | None = None
) -> list[PythonFile]:
    """Every Python file in ``paths``, once, sorted by how it is shown.

    Directories are searched, without hidden ones and without following symbolic links; one that
    cannot be read is passed to ``fail``. A file is taken whatever its name. Raises `PathError` for
    a path that does not exist.
    """
    here = Path.cwd()
    found: dict[str, PythonFile] = {}

    def unreadable(directory: str, error: OSError) -> None:
        if fail is not None:
            fail(FileError(_display(directory, here), f"cannot be read: {error.strerror}"))

    for path in paths:
        if not path.exists():
            raise PathError(f"{path}: no such file or directory")
        absolute = Path(os.path.abspath(path))
        named = not absolute.is_dir()
        for location in [str(absolute)] if named else _walk(str(absolute), unreadable):
            if location not in found or named:
                found[location] = PythonFile(Path(location), _display(location, here), named)
    return sorted(found.values(), key=lambda file: file.display)


def _walk(directory: str, unreadable: Callable[[str, OSError], None]) -> Iterator[str]:
    try:
        with os.scandir(directory) as entries:
            listed = list(entries)
    except OSError as error:
        unreadable(directory, error)
        return
    for entry in listed:
        if entry.is_dir(follow_symlinks=False):
            if not entry.name.startswith(".") and entry.name not in _SKIPPED:
                yield from _walk(entry.path, unreadable)
        elif entry.name.endswith(_SUFFIXES) and entry.is_file(follow_symlinks=False):
            yield entry.path


def _display(location: str, here: Path) -> str:
    base = str(here)
    prefix = base if base.endswith(os.sep) else base + os.sep
    return location.removeprefix(prefix).replace(os.sep, "/")
