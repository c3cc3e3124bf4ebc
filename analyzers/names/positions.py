"""Locate the names of a syntax tree in the text."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Collection
from functools import cached_property

from workbench.analyzers.names.bindings import Token
from workbench.analyzers.syntax.lexer import (
    SpanIndex,
    SpanKind,
    find_words,
    formatted_string,
    is_code,
    next_word,
)
from workbench.analyzers.syntax.pieces import Piece
from workbench.analyzers.syntax.source import NEWLINE

Node = ast.expr | ast.stmt | ast.arg | ast.keyword | ast.alias | ast.pattern
"""Nodes that have lines and columns."""
_COLUMNS = 1 << 32


class PlaceError(ValueError):
    """A name of the tree cannot be located in the text."""


class Columns:
    """A converter from lines and columns of a piece's tree to offsets.

    Offsets are in code points of the whole text; Python's columns are in bytes of UTF-8.
    """

    def __init__(self, text: str, piece: Piece) -> None:
        self._text = text
        self._piece = piece

    def start(self, node: Node) -> int:
        """Return the offset of the start of a node."""
        return self._offset(node.lineno, node.col_offset)

    def end(self, node: Node) -> int:
        """Return the offset of the end of a node."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._offset(node.end_lineno, node.end_col_offset)

    def _offset(self, line: int, column: int) -> int:
        start = self._lines[line - 1]
        before = self._text[start : start + column]
        return start + (column if before.isascii() else len(before.encode()[:column].decode()))

    @cached_property
    def _lines(self) -> list[int]:
        """Offsets of the lines, as if the prefix were in the text before the piece."""
        piece = self._piece
        shift = piece.start - len(piece.prefix)
        before = [shift + match.end() for match in NEWLINE.finditer(piece.prefix)]
        inside = NEWLINE.finditer(self._text, piece.start, piece.end)
        return [shift, *before, *(match.end() for match in inside)]


class Places(Columns):
    """A locator that makes tokens for the names in a piece's tree.

    The tree has no position for the name that a function, a class, an ``except`` or a pattern
    binds, so the text is searched for it. Python 3.11 reports wrong positions inside f-strings,
    but in the right order. With ``exact``, another parser made the tree and they are right.
    """

    def __init__(self, text: str, index: SpanIndex, piece: Piece, *, exact: bool = False) -> None:
        super().__init__(text, piece)
        self._exact = exact
        self._index = index
        self._formatted: list[Token] | None = None
        """Tokens inside the current f-string that are not located yet."""
        self._strings: list[Token] = []
        """Tokens for names in strings inside the current f-string."""

    def first(self, name: str, node: Node) -> Token:
        """Return the token of the name at the start of a node."""
        if self._formatted is not None:
            return self._later(name, node.lineno, node.col_offset)
        start = self.start(node)
        return self._spelled(name, start, start + len(name))

    def last(self, name: str, node: Node) -> Token:
        """Return the token of the name at the end of a node."""
        if self._formatted is not None:
            assert node.end_lineno is not None
            assert node.end_col_offset is not None
            return self._later(name, node.end_lineno, node.end_col_offset - len(name.encode()))
        end = self.end(node)
        return self._spelled(name, end - len(name), end)

    def following(self, name: str, offset: int) -> Token:
        """Return the next occurrence of a name in the code; an inexact token if there is none."""
        found = next_word(self._text, name, self._index, offset, self._piece.end)
        return Token(name, found) if found >= 0 else Token(name, offset, is_exact=False)

    def quoted(self, name: str, node: ast.expr) -> Token:
        """Return a token for a name in a string, at the string's position."""
        if self._formatted is not None:
            self._strings.append(Token(name, -1))
            return self._strings[-1]
        return Token(name, self.start(node))

    def shown_fields(self, node: ast.expr) -> list[bool]:
        """Return whether each field of an f-string shows its code, ordered by start."""
        spans = self._index.within(self.start(node), self.end(node))
        starts = [span.start for span in spans if span.kind is SpanKind.FORMATTED]
        return [shown for start in starts for shown in formatted_string(self._text, start)[1].shown]

    def enter_formatted(self) -> None:
        """Start an f-string that is not inside another one."""
        self._formatted = None if self._exact else []

    def leave_formatted(self, node: ast.expr, interest: Collection[str]) -> None:
        """End an f-string and locate the names of interest in it by their order.

        Raises `PlaceError` if they do not match the names in its text.
        """
        tokens, self._formatted = self._formatted or [], None
        strings, self._strings = self._strings, []
        if not tokens and not strings:
            return
        start, end = self.start(node), self.end(node)
        tokens.sort(key=lambda token: token.start)
        wanted = [token for token in tokens if token.value in interest]
        values = {token.value for token in wanted}
        words = find_words(self._text, values, self._index, start, end)
        code = [word for word in words if is_code(self._text, word)]
        for token in (*tokens, *strings):
            token.start = start
        if [word.value for word in code] != [token.value for token in wanted]:
            raise PlaceError("cannot match the names in an f-string with its text")
        for token, word in zip(wanted, code, strict=True):
            token.start = word.start

    def _later(self, name: str, line: int, column: int) -> Token:
        assert self._formatted is not None
        token = Token(name, line * _COLUMNS + column)
        self._formatted.append(token)
        return token

    def _spelled(self, name: str, start: int, end: int) -> Token:
        """Return the name at ``[start, end)``; at one end only if it is not spelled exactly."""
        if self._text.startswith(name, start):
            return Token(name, start)
        for begin, stop in ((start, self._word_end(start)), (self._word_start(end), end)):
            if unicodedata.normalize("NFKC", self._text[begin:stop]) == name:
                return Token(name, begin, is_exact=False)
        raise PlaceError(f"cannot locate `{name}` in the source")

    def _word_end(self, start: int) -> int:
        end = start
        while end < len(self._text) and self._text[start : end + 1].isidentifier():
            end += 1
        return end

    def _word_start(self, end: int) -> int:
        start = end
        while start and f"_{self._text[start - 1 : end]}".isidentifier():
            start -= 1
        return start
