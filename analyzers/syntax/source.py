"""Decode a Python file, and map its text back to bytes, lines and columns."""

from __future__ import annotations

import codecs
import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from workbench.analyzers.model import Edit

NEWLINE = re.compile(r"\r\n?|\n")


class SourceError(ValueError):
    """The file cannot be read as Python source; the message is one line."""


@dataclass(frozen=True)
class Region:
    """A part of the text and its replacement; 1-based lines and columns, the end is exclusive."""

    start: tuple[int, int]
    end: tuple[int, int]
    replacement: str


class Source:
    """Decoded source; offsets are code points of ``text``, which starts after any BOM."""

    def __init__(self, data: bytes) -> None:
        """Decode ``data`` following PEP 263; raise `SourceError` if that is impossible."""
        self.data = data
        try:
            self.encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
            self.bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
            if self.bom:
                self.encoding = "utf-8"
            self.text = data[len(self.bom) :].decode(self.encoding)
        except SyntaxError as error:
            raise SourceError(str(error.msg)) from None
        except (UnicodeDecodeError, LookupError) as error:
            raise SourceError(f"cannot be decoded: {error}") from None
        if "\0" in self.text:
            raise SourceError("source code cannot contain null bytes")

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in NEWLINE.finditer(self.text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and column (in code points) of an offset."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line_start(self, offset: int) -> int:
        """Return the start of the line that contains ``offset``."""
        return self._line_starts[bisect_right(self._line_starts, offset) - 1]

    def line_end(self, offset: int) -> int:
        """Return the end of the line that contains ``offset``, before its newline."""
        match = NEWLINE.search(self.text, offset)
        return match.start() if match else len(self.text)

    def newline(self, offset: int) -> str:
        """Return the newline after ``offset``, else the first one of the file, else ``\\n``."""
        match = NEWLINE.search(self.text, offset) or NEWLINE.search(self.text)
        return match.group() if match else "\n"

    def to_edits(self, changes: Sequence[tuple[int, int, str]]) -> tuple[Edit, ...]:
        """Convert ``(start, end, replacement)`` in code points to sorted edits of the bytes.

        Raises `SourceError` if encoding the text again does not give the same bytes.
        """
        edits = []
        done, written = 0, len(self.bom)
        if changes and self.bom + self.text.encode(self.encoding) != self.data:
            raise SourceError(f"cannot be written back in its encoding {self.encoding}")
        for start, end, replacement in sorted(changes):
            first = written + len(self.text[done:start].encode(self.encoding))
            last = first + len(self.text[start:end].encode(self.encoding))
            edits.append(Edit(first, last, replacement.encode(self.encoding)))
            done, written = end, last
        return tuple(edits)

    def regions(self, edits: Sequence[Edit]) -> Iterator[Region]:
        """Yield where each of the sorted edits is in the text, and what it puts there."""
        body, done, total = self.data[len(self.bom) :], 0, 0

        def position(offset: int) -> tuple[int, int]:
            nonlocal done, total
            total += len(body[done:offset].decode(self.encoding))
            done = offset
            return self.position(total)

        for edit in edits:
            start, end = (position(offset - len(self.bom)) for offset in (edit.start, edit.end))
            yield Region(start, end, edit.replacement.decode(self.encoding))


def apply_edits(original: bytes, edits: Sequence[Edit]) -> bytes:
    """Apply sorted, non-overlapping edits and return the new content."""
    parts, done = [], 0
    for edit in edits:
        parts += [original[done : edit.start], edit.replacement]
        done = edit.end
    return b"".join([*parts, original[done:]])
