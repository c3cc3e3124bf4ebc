"""Where the names of a syntax tree stand in the text."""

from __future__ import annotations

import ast
from collections.abc import Collection
from functools import cached_property

from analyzers.blocks import Piece
from analyzers.lexer import SpanIndex, find_words, is_code, next_word
from analyzers.names import Token
from analyzers.source import NEWLINE

Node = ast.expr | ast.stmt | ast.arg | ast.keyword | ast.alias | ast.pattern
"""What has lines and columns."""
_COLUMNS = 1 << 32


class PlaceError(ValueError):
    """The tree does not tell where one of its names stands in the text."""


class Places:
    """Makes tokens of what a piece's tree names.

    Offsets are in code points of the whole text. Python tells columns in bytes of UTF-8. It does
    not tell where a function, a class, an ``except`` or a pattern binds its name: that is looked
    for. Before 3.12 it tells what stands inside an f-string wrongly, but in the right order; with
    ``exact`` the tree is from elsewhere, and tells it rightly.
    """

    def __init__(self, text: str, index: SpanIndex, piece: Piece, *, exact: bool = False) -> None:
        self._text = text
        self._exact = exact
        self._index = index
        self._piece = piece
        self._formatted: list[Token] | None = None
        """Tokens inside the present f-string, whose place is yet to be found."""
        self._strings: list[Token] = []
        """Those of them that strings hold."""

    def start(self, node: Node) -> int:
        """Where a node begins."""
        return self._offset(node.lineno, node.col_offset)

    def end(self, node: Node) -> int:
        """Where a node ends."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._offset(node.end_lineno, node.end_col_offset)

    def first(self, name: str, node: Node) -> Token:
        """The name with which a node begins."""
        if self._formatted is not None:
            return self._later(name, node.lineno, node.col_offset)
        return self._checked(name, self.start(node))

    def last(self, name: str, node: Node) -> Token:
        """The name with which a node ends."""
        if self._formatted is not None:
            assert node.end_lineno is not None
            assert node.end_col_offset is not None
            return self._later(name, node.end_lineno, node.end_col_offset - len(name.encode()))
        return self._checked(name, self.end(node) - len(name))

    def following(self, name: str, offset: int) -> Token:
        """The next place of a name in the code after ``offset``."""
        return Token(name, next_word(self._text, name, self._index, offset, self._piece.end))

    def quoted(self, name: str, node: ast.expr) -> Token:
        """A name that a string holds, at the string's place."""
        if self._formatted is not None:
            self._strings.append(Token(name, -1))
            return self._strings[-1]
        return Token(name, self.start(node))

    def text(self, node: Node) -> str:
        """The code of a node."""
        return self._text[self.start(node) : self.end(node)]

    def enter_formatted(self) -> None:
        """Begin an f-string that is not inside of another one."""
        self._formatted = None if self._exact else []

    def leave_formatted(self, node: ast.expr, interest: Collection[str]) -> None:
        """End an f-string: find the names of interest in it, by their order.

        Raises `PlaceError` when they are not those of its text.
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
            raise PlaceError("the names inside a formatted string cannot be told apart")
        for token, word in zip(wanted, code, strict=True):
            token.start = word.start

    def _later(self, name: str, line: int, column: int) -> Token:
        assert self._formatted is not None
        token = Token(name, line * _COLUMNS + column)
        self._formatted.append(token)
        return token

    def _checked(self, name: str, start: int) -> Token:
        # Names are normalised by the parser: what stands in the text may be another spelling.
        if not self._text.startswith(name, start):
            raise PlaceError(f"cannot tell where `{name}` stands")
        return Token(name, start)

    def _offset(self, line: int, column: int) -> int:
        start = self._lines[line - 1]
        before = self._text[start : start + column]
        return start + (column if before.isascii() else len(before.encode()[:column].decode()))

    @cached_property
    def _lines(self) -> list[int]:
        """Where the lines begin, as if the prefix stood in the text before the piece."""
        piece = self._piece
        shift = piece.start - len(piece.prefix)
        before = [shift + match.end() for match in NEWLINE.finditer(piece.prefix)]
        inside = NEWLINE.finditer(self._text, piece.start, piece.end)
        return [shift, *before, *(match.end() for match in inside)]
