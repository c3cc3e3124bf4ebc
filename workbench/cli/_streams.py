"""Standard streams that are closed, full or broken cause a one-line error, not a traceback."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class OutputError(OSError):
    """Standard output cannot be written; ``errno`` is the reason."""


@contextmanager
def standard_streams() -> Iterator[None]:
    """Make the standard streams safe to use while a command runs.

    A closed stream is replaced by one on which reading and writing fail. The first failed write to
    standard output raises `OutputError`; failed writes to standard error are ignored. Streams that
    other code has replaced are kept.
    """
    _reopen_closed()
    before = sys.stdin, sys.stdout, sys.stderr
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - never closed
    sys.stdout = _writer(sys.stdout, sys.__stdout__, 1, lossy=False)
    sys.stderr = _writer(sys.stderr, sys.__stderr__, 2, lossy=True)
    try:
        yield
    finally:
        with suppress(OSError):
            sys.stdout.flush()
        sys.stdin, sys.stdout, sys.stderr = before


def read_standard_input() -> bytes:
    """Return all of standard input. Raises WorkbenchError if it cannot be read."""
    with _reading():
        return sys.stdin.buffer.read()


def read_line() -> str:
    """Return the next line of standard input, empty at its end.

    Raises WorkbenchError if it cannot be read.
    """
    with _reading():
        return sys.stdin.readline()


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise WorkbenchError(f"cannot read standard input: {reason}") from error


class _Descriptor(io.FileIO):
    """A file descriptor that ignores all writes after the first failed one."""

    def __init__(self, number: int, *, lossy: bool) -> None:
        super().__init__(number, "w", closefd=False)
        self._lossy = lossy
        self._failed = False

    def write(self, data: ReadableBuffer, /) -> int:
        """Write some bytes; wait if a non-blocking pipe is full."""
        if not self._failed:
            try:
                return self._write(data)
            except OSError as error:
                self._failed = True
                if not self._lossy:
                    raise OutputError(error.errno, error.strerror) from error
        return memoryview(data).nbytes

    def _write(self, data: ReadableBuffer) -> int:
        # None if a non-blocking descriptor is full, which the type stub does not say.
        written: int | None = super().write(data)
        while written is None:
            import select

            select.select([], [self.fileno()], [])
            written = super().write(data)
        return written


def _reopen_closed() -> None:
    """Reopen closed streams, so that no file opened later gets their numbers.

    They are opened in the wrong direction, so reading and writing fail as on a closed stream.
    """
    for number, flags in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, flags), True)


def _writer(stream: TextIO | None, own: TextIO | None, number: int, *, lossy: bool) -> TextIO:
    """Return a replacement for the interpreter's own stream that fails as `_Descriptor` does."""
    if stream is not None and stream is not own:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
        return stream
    by_line = lossy
    if isinstance(stream, io.TextIOWrapper):
        by_line = stream.line_buffering or stream.write_through
    return io.TextIOWrapper(
        io.BufferedWriter(_Descriptor(number, lossy=lossy)),
        encoding=stream.encoding if stream is not None else "utf-8",
        errors="backslashreplace",
        line_buffering=by_line,
    )
