"""Edits of bytes as regions of text."""

from __future__ import annotations

import codecs
import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workbench.analyzers.model import FileAnalysis

_NEWLINE = re.compile(r"\r\n?|\n")


@dataclass(frozen=True)
class Replacement:
    """Text instead of a region; lines and columns are 1-based, the end column is exclusive."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str


def replacements(file: FileAnalysis) -> Iterator[Replacement]:
    """Give the edits of a file in lines and in columns of code points, in their order.

    A byte order mark belongs to no line, and a line ends where Python ends it: at a line feed, at
    a carriage return, or at both.
    """
    edits = sorted(file.edits, key=lambda edit: (edit.start, edit.end))
    encoding, _ = tokenize.detect_encoding(io.BytesIO(file.original).readline)
    starts = [0, *(match.end() for match in _NEWLINE.finditer(file.original.decode(encoding)))]
    offsets = _code_points(file.original, encoding, (o for e in edits for o in (e.start, e.end)))

    def position(offset: int) -> tuple[int, int]:
        line = bisect_right(starts, offsets[offset])
        return line, offsets[offset] - starts[line - 1] + 1

    for edit in edits:
        text = edit.replacement.decode("utf-8" if encoding == "utf-8-sig" else encoding)
        yield Replacement(position(edit.start), position(edit.end), text)


def _code_points(data: bytes, encoding: str, offsets: Iterable[int]) -> dict[int, int]:
    """Count the code points before each offset of bytes, decoding the file once."""
    decoder = codecs.getincrementaldecoder(encoding)()
    found = {}
    done = total = 0
    for offset in sorted(set(offsets)):
        total += len(decoder.decode(data[done:offset]))
        done, found[offset] = offset, total
    return found
