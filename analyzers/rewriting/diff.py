"""Write the edits of an audit as a unified diff for ``git apply`` and ``patch -p1``."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate
from pathlib import Path

from workbench.analyzers.model import Audit, Edit, FileAnalysis
from workbench.analyzers.syntax.source import apply_edits

_CONTEXT = 3
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_NO_NEWLINE = b"\n\\ No newline at end of file\n"


def unified_diff(audit: Audit, base: Path | None = None) -> bytes:
    """Return the whole migration as one diff; in bytes, because encodings differ between files.

    Paths are relative to ``base``. The default is the current directory if all files are below it,
    otherwise the deepest directory that contains all audited paths.
    """
    files = [file for file in audit.files if file.edits]
    directory = base or _base(files, audit.roots)
    return b"".join(_file_diff(file, directory) for file in files)


@dataclass(frozen=True)
class ChangedLines:
    """A run of changed lines: the 1-based original lines ``[first, last)``, and its hunk."""

    first: int
    last: int
    hunk: bytes

    def touches(self, line: int) -> bool:
        """Return whether the run changes a line, or adds something right before it."""
        return self.first <= line < max(self.last, self.first + 1)


def pieces(file: FileAnalysis) -> tuple[ChangedLines, ...]:
    """Return the runs of changed lines of one file, each with one line of context."""
    lines = _lines(file.original)
    found, shift = [], 0
    for region in _regions(file.original, lines, file.edits):
        hunk = _hunk(lines, [region], shift, context=1)
        found.append(ChangedLines(region.first + 1, region.last + 1, hunk))
        shift += len(region.lines) - (region.last - region.first)
    return tuple(found)


def _base(files: Sequence[FileAnalysis], roots: Sequence[Path]) -> Path:
    here = Path.cwd()
    if all(file.location.is_relative_to(here) for file in files):
        return here
    directories = [path if path.is_dir() else path.parent for path in roots]
    directories += [file.location.parent for file in files]
    return Path(os.path.commonpath(directories))


def _file_diff(file: FileAnalysis, base: Path) -> bytes:
    path = Path(os.path.relpath(file.location, base)).as_posix()
    header = b"--- %s\n+++ %s\n" % (_name(f"a/{path}"), _name(f"b/{path}"))
    return header + b"".join(_hunks(file.original, file.edits))


def _name(path: str) -> bytes:
    """Return a file name as git writes it: C-quoted if it has quotes or control characters."""
    raw = os.fsencode(path)
    if any(byte < 32 or byte in b'"\\' for byte in raw):
        quoted = b"".join(
            b"\\%03o" % byte if byte < 32 or byte in b'"\\' else bytes((byte,)) for byte in raw
        )
        return b'"' + quoted + b'"'
    return raw + b"\t" if b" " in raw else raw


@dataclass(frozen=True)
class _LineRange:
    """Lines ``[first, last)`` of the original, and the lines that replace them."""

    first: int
    last: int
    lines: tuple[bytes, ...]


def _hunks(original: bytes, edits: Sequence[Edit]) -> Iterator[bytes]:
    lines = _lines(original)
    groups: list[list[_LineRange]] = []
    for region in _regions(original, lines, edits):
        if groups and region.first - groups[-1][-1].last <= 2 * _CONTEXT:
            groups[-1].append(region)
        else:
            groups.append([region])
    shift = 0
    for group in groups:
        yield _hunk(lines, group, shift)
        shift += sum(len(region.lines) - (region.last - region.first) for region in group)


def _lines(content: bytes) -> list[bytes]:
    """Split content into lines as git does, at line feeds only."""
    return _LINE.findall(content)


def _regions(
    original: bytes, lines: Sequence[bytes], edits: Sequence[Edit]
) -> Iterator[_LineRange]:
    """Yield the smallest ranges of lines that change, in order."""
    starts = [0, *accumulate(map(len, lines))]
    touched: list[tuple[int, int, list[Edit]]] = []
    for edit in edits:
        first = min(bisect_right(starts, edit.start), len(lines)) - 1
        last = _last_line(starts, edit)
        if touched and first < touched[-1][1]:
            begin, end, together = touched.pop()
            touched.append((begin, max(end, last), [*together, edit]))
        else:
            touched.append((first, last, [edit]))
    for first, last, together in touched:
        offset = starts[first]
        shifted = [Edit(e.start - offset, e.end - offset, e.replacement) for e in together]
        new = _lines(apply_edits(original[offset : starts[last]], shifted))
        yield from _smallest(first, lines[first:last], new)


def _last_line(starts: Sequence[int], edit: Edit) -> int:
    """Return the index of the line after the last one that an edit touches."""
    line = bisect_right(starts, edit.end)
    whole = edit.end in starts[line - 1 : line] and edit.end > edit.start
    ends = edit.replacement.endswith(b"\n") or (not edit.replacement and edit.start in starts)
    return min(line - 1 if whole and ends else line, len(starts) - 1)


def _smallest(first: int, old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[_LineRange]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            yield _LineRange(first + i, first + j, tuple(new[k:m]))


def _hunk(
    lines: Sequence[bytes], group: Sequence[_LineRange], shift: int, context: int = _CONTEXT
) -> bytes:
    """Return one hunk; ``shift`` is the number of lines that the hunks before it added."""
    start = max(0, group[0].first - context)
    end = min(len(lines), group[-1].last + context)
    body: list[bytes] = []
    position, added = start, 0
    for region in group:
        body += [_line(b" ", line) for line in lines[position : region.first]]
        body += [_line(b"-", line) for line in lines[region.first : region.last]]
        body += [_line(b"+", line) for line in region.lines]
        added += len(region.lines) - (region.last - region.first)
        position = region.last
    body += [_line(b" ", line) for line in lines[position:end]]
    old, new = _range(start, end - start), _range(start + shift, end - start + added)
    return b"@@ -%s +%s @@\n%s" % (old, new, b"".join(body))


def _range(start: int, count: int) -> bytes:
    return b"%d,%d" % (start + 1 if count else start, count)


def _line(mark: bytes, line: bytes) -> bytes:
    return mark + line if line.endswith(b"\n") else mark + line + _NO_NEWLINE
