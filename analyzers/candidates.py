"""Which files can hold a reference at all, judged by their bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from analyzers.discover import PythonFile
from analyzers.model import FileError


def read_candidates(
    files: Iterable[PythonFile],
    words: Iterable[str],
    fail: Callable[[FileError], None],
    step: Callable[[], None],
) -> Iterator[tuple[PythonFile, bytes]]:
    """The files that contain one of ``words``, and those the user named, with their content.

    A file that cannot be read is passed to ``fail``; ``step`` is called after each file.
    """
    needles = [word.encode() for word in sorted(words)]
    for file in files:
        try:
            with open(file.location, "rb") as stream:
                data = stream.read()
        except OSError as error:
            fail(FileError(file.display, f"cannot be read: {error.strerror}"))
        else:
            if file.named or any(needle in data for needle in needles):
                yield file, data
        step()
