"""Find comments and strings in Python source without parsing it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import NamedTuple


class LexerError(ValueError):
    """The lexer does not understand the text, so its results must not be used."""


class SpanKind(Enum):
    """Kinds of spans; FORMATTED is an f-string or t-string with replacement fields."""

    COMMENT = "comment"
    STRING = "string"
    FORMATTED = "formatted"


class Span(NamedTuple):
    """``[start, end)`` of a comment or of a string literal with its prefix and quotes."""

    start: int
    end: int
    kind: SpanKind


class Word(NamedTuple):
    """An occurrence of an identifier; ``span`` is the literal that contains it, if any."""

    start: int
    value: str
    span: Span | None


_OPAQUE = re.compile(
    r"""\#[^\r\n]*
    | \"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*\"""
    | '''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''
    | "[^"\\\r\n]*(?:\\(?:\r\n|.)[^"\\\r\n]*)*"
    | '[^'\\\r\n]*(?:\\(?:\r\n|.)[^'\\\r\n]*)*'
    | ["']""",
    re.VERBOSE | re.DOTALL,
)
_PREFIX_ENDS = frozenset("rRbBuUfFtT")
_PREFIXES = frozenset(("r", "b", "u", "f", "t", "br", "rb", "fr", "rf", "tr", "rt"))


def opaque_spans(text: str) -> list[Span]:
    """Return all comments and string literals, in order; raise `LexerError` if unterminated."""
    spans: list[Span] = []
    position = 0
    matches = _OPAQUE.finditer(text)
    while match := next(matches, None):
        start, end = match.span()
        if text[start] == "#":
            spans.append(Span(start, end, SpanKind.COMMENT))
        elif end - start > 2 and text[start - 1 : start] not in _PREFIX_ENDS:
            spans.append(Span(start, end, SpanKind.STRING))
        else:
            spans.append(Span(*_string(text, start, end, position)))
            if spans[-1].end != end:  # quotes inside a replacement field
                end = spans[-1].end
                matches = _OPAQUE.finditer(text, end)
        position = end
    return spans


def _string(text: str, quote: int, end: int, floor: int) -> tuple[int, int, SpanKind]:
    """Return start, end and kind of the literal whose quotes match at ``[quote, end)``."""
    start = _prefix_start(text, quote, floor)
    formatted = not {"f", "t"}.isdisjoint(text[start:quote].lower())
    if formatted and ("{" in text[quote:end] or end - quote == 1):
        if _may_nest_quotes(text, quote, end):
            end, _ = formatted_string(text, start)
        return start, end, SpanKind.FORMATTED
    if end - quote == 1 or (end - quote == 2 and text[end : end + 1] == text[quote]):
        raise LexerError(f"unterminated string at offset {quote}")
    return start, end, SpanKind.STRING


def _prefix_start(text: str, quote: int, floor: int) -> int:
    for length in (2, 1):
        start = quote - length
        if start >= floor and text[start:quote].lower() in _PREFIXES:
            before = text[start - 1] if start else " "
            if not (before.isalnum() or before == "_"):
                return start
    return quote


def _may_nest_quotes(text: str, quote: int, end: int) -> bool:
    """Return whether the match may end inside a replacement field (PEP 701)."""
    body = text[quote:end]
    doubled = "{{" in body or "}}" in body or "\\N{" in body
    return doubled or end - quote < 2 or body.count("{") != body.count("}")


@dataclass
class Fields:
    """The replacement fields of an f-string or t-string, including nested ones."""

    code: list[tuple[int, int]] = field(default_factory=list)
    """The ranges of code, without strings inside it."""
    shown: list[bool] = field(default_factory=list)
    """For each field, ordered by start, whether it shows its source text with ``=``."""


def formatted_string(text: str, start: int) -> tuple[int, Fields]:
    """Return the end of the f-string or t-string at ``start``, and the fields inside it."""
    fields = Fields()
    return _formatted(text, start, fields), fields


def _formatted(text: str, start: int, fields: Fields) -> int:
    quote = start
    while text[quote] not in "\"'":
        quote += 1
    mark = text[quote] * 3 if text.startswith(text[quote] * 3, quote) else text[quote]
    raw = "r" in text[start:quote].lower()
    return _literal(text, quote + len(mark), mark, raw, fields, in_spec=False) + len(mark)


def _literal(  # noqa: PLR0913 - the state of one scan
    text: str, position: int, mark: str, raw: bool, fields: Fields, *, in_spec: bool
) -> int:
    """Scan literal text up to ``mark`` (or up to the brace that ends a format specification)."""
    while position < len(text):
        character = text[position]
        if character == "\\" and not raw and text.startswith("N{", position + 1):
            position = _find(text, "}", position) + 1
        elif character == "\\":
            position += 1 if text[position + 1 : position + 2] in "{}" else 2
        elif (in_spec and character == "}") or text.startswith(mark, position):
            return position
        elif character == "{" and text.startswith("{{", position) and not in_spec:
            position += 2
        elif character == "{":
            position = _field(text, position + 1, mark, raw, fields)
        else:
            position += 1
    raise LexerError("unterminated f-string")


def _field(text: str, position: int, mark: str, raw: bool, fields: Fields) -> int:
    """Scan a replacement field from after its opening brace; return the offset after it."""
    depth, begin, number, last = 0, position, len(fields.shown), ""
    fields.shown.append(False)
    while position < len(text):
        character = text[position]
        if character in "([{":
            depth += 1
        elif character in ")]" or (character == "}" and depth):
            depth -= 1
        elif character in "\"'#":
            start = position if character == "#" else _prefix_start(text, position, begin)
            fields.code.append((begin, start))
            position = begin = _nested(text, position, start, fields)
            last = last if character == "#" else character
            continue
        elif not depth and _ends_expression(text, position):
            fields.code.append((begin, position))
            fields.shown[number] = last == "="
            if character == "!":
                position = min(_find(text, "}", position), _find(text, ":", position, len(text)))
            if text[position] == ":":
                position = _literal(text, position + 1, mark, raw, fields, in_spec=True)
            return position + 1
        last = last if character in " \t\f\r\n\\" else character
        position += 1
    raise LexerError("unterminated replacement field")


def _ends_expression(text: str, position: int) -> bool:
    character = text[position]
    return character in "}:" or (character == "!" and text[position + 1 : position + 2] != "=")


def _nested(text: str, position: int, floor: int, fields: Fields) -> int:
    """Skip a string or comment inside a replacement field; return its end."""
    match = _OPAQUE.match(text, position)
    if match is None or text[position] == "#":
        return match.end() if match else position + 1
    start, end, kind = _string(text, position, match.end(), floor)
    return _formatted(text, start, fields) if kind is SpanKind.FORMATTED else end


def _find(text: str, wanted: str, position: int, default: int | None = None) -> int:
    found = text.find(wanted, position)
    if found < 0 and default is None:
        raise LexerError(f"f-string without {wanted!r}")
    return len(text) if found < 0 else found


class SpanIndex:
    """The spans of a text, searchable by offset."""

    def __init__(self, text: str, spans: list[Span]) -> None:
        self.spans = spans
        self._text = text
        self._starts = [span.start for span in spans]

    @cached_property
    def code(self) -> str:
        """The text with comments replaced by blanks and strings by quotation marks."""
        parts, position = [], 0
        for start, end, kind in self.spans:
            filler = " " if kind is SpanKind.COMMENT else '"'
            parts += [self._text[position:start], filler * (end - start)]
            position = end
        return "".join([*parts, self._text[position:]])

    def holding(self, words: Iterable[str]) -> list[Span]:
        """Return the strings that contain one of ``words``, even as part of a longer word."""
        found: dict[int, Span] = {}
        for word in words:
            offset = self._text.find(word)
            while offset >= 0:
                span = self.at(offset)
                in_string = span is not None and span.kind is not SpanKind.COMMENT
                if span is not None and in_string and offset + len(word) <= span.end:
                    found[span.start] = span
                offset = self._text.find(word, offset + 1)
        return [found[start] for start in sorted(found)]

    def at(self, offset: int) -> Span | None:
        """Return the span that contains ``offset``, if any."""
        index = bisect_right(self._starts, offset) - 1
        return self.spans[index] if index >= 0 and offset < self.spans[index].end else None

    def within(self, start: int, end: int) -> Iterator[Span]:
        """Yield the spans that start in ``[start, end)``."""
        index = bisect_right(self._starts, start - 1)
        while index < len(self.spans) and self.spans[index].start < end:
            yield self.spans[index]
            index += 1


def find_words(
    text: str, words: Iterable[str], index: SpanIndex, first: int = 0, last: int | None = None
) -> list[Word]:
    """Find all whole-word occurrences outside comments, in order; offsets in code points.

    With ``first`` and ``last``, only those that start in ``[first, last)``.
    """
    found = []
    limit = len(text) if last is None else last
    for value in words:
        position = _whole_word(text, value, first, limit)
        while position >= 0:
            span = index.at(position)
            if span is None or span.kind is not SpanKind.COMMENT:
                found.append(Word(position, value, span))
            position = _whole_word(text, value, position + len(value), limit)
    return sorted(found, key=lambda word: word.start)


def next_word(text: str, word: str, index: SpanIndex, first: int, last: int) -> int:
    """Find the next offset of a word outside comments and strings in ``[first, last)``, or -1."""
    position = _whole_word(text, word, first, last)
    while position >= 0 and index.at(position) is not None:
        position = _whole_word(text, word, position + len(word), last)
    return position


def _whole_word(text: str, word: str, first: int, last: int) -> int:
    position = text.find(word, first, last)
    while position >= 0 and (
        _is_word_at(text, position - 1) or _is_word_at(text, position + len(word))
    ):
        position = text.find(word, position + len(word), last)
    return position


def _is_word_at(text: str, offset: int) -> bool:
    character = text[offset : offset + 1] if offset >= 0 else ""
    return character.isalnum() or character == "_"


def is_code(text: str, word: Word) -> bool:
    """Return whether a word is code: outside literals, or in a replacement field."""
    if word.span is None:
        return True
    if word.span.kind is not SpanKind.FORMATTED:
        return False
    _, fields = formatted_string(text, word.span.start)
    return any(start <= word.start < end for start, end in fields.code)
