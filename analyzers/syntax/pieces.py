"""Split a text into its top-level statements, and a class into its members, without parsing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.analyzers.syntax.lexer import LexerError, SpanIndex, opaque_spans

_CONTINUES = re.compile(r"(?:else|elif|except|finally)\b")
_CLASS = re.compile(r"class[ \t]+\w+")
_HEADER_END = re.compile(r":[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n)")
_BODY_INDENT = re.compile(r"(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n))*([ \t]+)(?=[^ \t\f\r\n#])")
_NO_CODE = re.compile(r"(?:[ \t\f\r\n]+|#[^\r\n]*)*")
_SPLIT_CLASSES_FROM = 4_096
"""Code points; for smaller classes, several parses cost more than one."""


@dataclass(frozen=True)
class Piece:
    """A part of the text that can be parsed on its own, between ``prefix`` and ``suffix``.

    For a member of a split class, ``owner`` is the offset of the class.
    """

    start: int
    end: int
    prefix: str = ""
    suffix: str = ""
    owner: int | None = None

    def code(self, text: str) -> str:
        """Return the code to parse."""
        return self.prefix + text[self.start : self.end] + self.suffix


def whole(text: str) -> list[Piece]:
    """Return the text as one piece, for when splitting is not safe."""
    return [Piece(0, len(text))]


def split(text: str, index: SpanIndex) -> list[Piece]:
    """Split into top-level statements, and large classes into header and members."""
    pieces: list[Piece] = []
    for start, end in _statements(text, index.code, 0, len(text), ""):
        members = _members(text, index, start, end) if end - start > _SPLIT_CLASSES_FROM else None
        pieces += members or [Piece(start, end)]
    return pieces


def pieces_of(text: str) -> list[Piece]:
    """Split the text if that is safe; else return one piece."""
    try:
        return split(text, SpanIndex(text, opaque_spans(text)))
    except LexerError:
        return whole(text)


def _members(text: str, index: SpanIndex, start: int, end: int) -> list[Piece] | None:
    """Split the class in ``[start, end)`` into header and members; None if that is not safe."""
    head = next((m for m in _CLASS.finditer(text, start, end) if _at_margin(text, m.start())), None)
    if head is None or index.at(head.start()) is not None or _has_margin_code(text, start, head):
        return None
    body_start = _header_end(text, index, head.end(), end)
    body = _BODY_INDENT.match(text, body_start, end) if body_start is not None else None
    if body is None:
        return None
    indent = body.group(1)
    try:
        members = _statements(text, index.code, body.start(1), end, indent)
    except LexerError:
        return None
    header = Piece(start, body.start(), suffix=f"{indent}pass\n")
    prefix = f"class _:\n{indent}pass\n"
    return [header, *(Piece(first, last, prefix, owner=start) for first, last in members)]


def _header_end(text: str, index: SpanIndex, position: int, end: int) -> int | None:
    """Return the offset after the line that ends a class's header; None for a one-line body."""
    depth = 0
    while position < end:
        span = index.at(position)
        if span is not None:
            position = span.end
            continue
        if text[position] == ":" and not depth:
            match = _HEADER_END.match(text, position, end)
            return match.end() if match else None
        depth += (text[position] in "([{") - (text[position] in ")]}")
        position += 1
    return None


def _at_margin(text: str, offset: int) -> bool:
    return offset == 0 or text[offset - 1] in "\r\n\f"


def _has_margin_code(text: str, start: int, head: re.Match[str]) -> bool:
    """Return whether anything but decorators is at the margin before a class."""
    lines = re.findall(r"(?:^|[\r\n])([^ \t\f\r\n#])", text[start : head.start()])
    return any(first not in "@)" for first in lines)


def _statements(text: str, code: str, start: int, end: int, indent: str) -> list[tuple[int, int]]:
    """Return the ranges of the statements at one indentation that fill ``[start, end)``."""
    lines = [(start, _first_code(text, start, end)), *_lines(code, start, end, indent)]
    statements: list[tuple[int, int]] = []
    begin, depth, decorated = start, 0, False
    for (first, token), last in zip(lines, [*(line for line, _ in lines[1:]), end], strict=True):
        joined = depth > 0 or decorated or _CONTINUES.match(text, token) is not None
        if first > begin and not joined:
            statements.append((begin, first))
            begin = first
        decorated = decorated if depth else text.startswith("@", token)
        depth += _depth(code, first, last)
        if depth < 0:
            raise LexerError("unmatched closing bracket")
    if depth:
        raise LexerError("bracket is never closed")
    statements.append((begin, end))
    return statements


def _first_code(text: str, start: int, end: int) -> int:
    match = _NO_CODE.match(text, start, end)
    return match.end() if match else start


def _lines(code: str, start: int, end: int, indent: str) -> Iterator[tuple[int, int]]:
    """Yield the start, and the start of the code, of each line indented by exactly ``indent``.

    Continued lines and lines inside strings are omitted, lines inside brackets are not.
    """
    # No look-behind: a pattern that starts with one is tried at every code point.
    pattern = re.compile(r"[\r\n]\f*" + indent + r"(?=[^ \t\f\r\n])")
    for match in pattern.finditer(code, start, end):
        newline = match.start()
        if not code.endswith(("\\", "\\\r"), 0, newline):
            yield newline + 1, match.end()


def _depth(code: str, start: int, end: int) -> int:
    """Return the number of opening minus closing brackets in ``[start, end)``."""
    count = code.count
    opened = count("(", start, end) + count("[", start, end) + count("{", start, end)
    return opened - count(")", start, end) - count("]", start, end) - count("}", start, end)
