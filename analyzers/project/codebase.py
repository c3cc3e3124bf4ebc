"""Find the files of a code base and search their bytes for words."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from workbench.analyzers.model import FileError, PythonFile
from workbench.analyzers.project.discover import SUFFIXES, PathError, Selection, display

try:
    from workbench._native import search_files
except ImportError:  # not built: the Python search is slower and gives the same result
    search_files = None  # type: ignore[assignment]


@dataclass
class _SearchResult:
    """The result of one search: all locations, and the words that files contain."""

    locations: list[str] = field(default_factory=list)
    words: dict[str, set[str]] = field(default_factory=dict)


class CodeBase:
    """The files of a selection, searched again whenever there are new words.

    ``fail`` is called once for each file or directory that cannot be read. Raises `PathError` for
    a path that does not exist and for an invalid exclude pattern.
    """

    def __init__(self, selection: Selection, fail: Callable[[FileError], None]) -> None:
        self._selection = selection
        self._fail = fail
        self._failed: set[str] = set()
        self._here = Path.cwd()
        self._roots = selection.roots()
        self._locations: list[str] | None = None
        self._holding: dict[str, list[PythonFile]] = {}
        self._files: dict[str, PythonFile] = {}
        self._stdin = self._standard_input()

    @property
    def count(self) -> int:
        """Number of files; known after the first search."""
        return len(self._locations or ()) + (self._stdin is not None)

    @property
    def locations(self) -> list[str]:
        """Locations of the files, sorted."""
        return sorted(self._locations or ())

    @property
    def named(self) -> list[PythonFile]:
        """The files that the user named."""
        named = [self._file(location) for location, is_named in self._roots.items() if is_named]
        return named + ([self._stdin] if self._stdin is not None else [])

    def holding(self, words: Iterable[str]) -> list[PythonFile]:
        """Return the files that contain one of ``words``, sorted by displayed path."""
        wanted = frozenset(words)
        missing = wanted - self._holding.keys()
        if missing or self._locations is None:
            self._search(sorted(missing))
        files = {file.location: file for word in wanted for file in self._holding[word]}
        return sorted(files.values(), key=lambda file: file.display)

    def root_of(self, location: Path) -> Path:
        """Return the innermost searched directory that contains a file, else the file's own."""
        holding = (root for root in location.parents if str(root) in self._roots)
        return next(holding, location.parent)

    def content(self, file: PythonFile) -> bytes | None:
        """Return the bytes of a file; if it cannot be read, call ``fail`` and return None."""
        if file is self._stdin:
            return self._selection.stdin
        try:
            return file.location.read_bytes()
        except OSError as error:
            self._cannot_read(str(file.location), error.strerror or str(error))
            return None

    def _search(self, words: list[str]) -> None:
        search = self._search_natively if search_files is not None else self._search_in_python
        found = search(words)
        self._locations = found.locations
        self._holding.update({word: [] for word in words})
        for location, present in found.words.items():
            for word in present:
                self._holding[word].append(self._file(location))
        if self._stdin is not None and self._selection.stdin is not None:
            for word in (w for w in words if w.encode() in self._selection.stdin):
                self._holding[word].append(self._stdin)

    def _search_natively(self, words: list[str]) -> _SearchResult:
        selection = self._selection
        try:
            joined, hits, errors = search_files(
                list(self._roots),
                [word.encode() for word in words],
                list(selection.excludes),
                list(SUFFIXES),
                selection.follow_ignore,
            )
        except ValueError as error:
            raise PathError(str(error)) from None
        for location, reason in errors:
            self._cannot_read(location, reason)
        locations = os.fsdecode(joined).split("\0") if joined else []
        present = {locations[at]: {words[number] for number in numbers} for at, numbers in hits}
        return _SearchResult(locations, present)

    def _search_in_python(self, words: list[str]) -> _SearchResult:
        from workbench.analyzers.project.walk import walk  # imports pathspec

        found = _SearchResult()
        needles = {word: word.encode() for word in words}
        selection = self._selection
        for location in walk(
            self._roots, selection.excludes, selection.follow_ignore, self._cannot_read
        ):
            found.locations.append(location)
            try:
                with open(location, "rb") as stream:
                    data = stream.read()
            except OSError as error:
                self._cannot_read(location, error.strerror or str(error))
                continue
            if present := {word for word, needle in needles.items() if needle in data}:
                found.words[location] = present
        return found

    def _file(self, location: str) -> PythonFile:
        if location not in self._files:
            named = self._roots.get(location, False)
            shown = display(location, self._here)
            self._files[location] = PythonFile(Path(location), shown, named)
        return self._files[location]

    def _standard_input(self) -> PythonFile | None:
        if self._selection.stdin is None:
            return None
        location = os.path.abspath(self._selection.stdin_name)
        return PythonFile(Path(location), display(location, self._here), named=True)

    def _cannot_read(self, location: str, reason: str) -> None:
        if location not in self._failed:
            self._failed.add(location)
            self._fail(FileError(display(location, self._here), f"cannot be read: {reason}"))
