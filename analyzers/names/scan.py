"""Read the names of interest from one file, parsing only the statements that matter."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbench.analyzers.names.binder import Binder
from workbench.analyzers.names.bindings import Names
from workbench.analyzers.names.positions import PlaceError, Places
from workbench.analyzers.names.scopes import settle
from workbench.analyzers.names.strings import literals, roots
from workbench.analyzers.syntax.depth import TooDeepError, is_deep
from workbench.analyzers.syntax.lexer import (
    LexerError,
    SpanIndex,
    SpanKind,
    Word,
    find_words,
    opaque_spans,
)
from workbench.analyzers.syntax.pieces import Piece, split, whole
from workbench.analyzers.syntax.source import Source, SourceError
from workbench.analyzers.syntax.tree import parse

_STAR = re.compile(r"import[ \t]*\(?[ \t]*\*")
_FOLLOWED_BY_DOT = re.compile(r"[ \t]*\.")


@dataclass(frozen=True)
class Search:
    """What to search for: last parts of names, the modules that define them, and other names."""

    heads: frozenset[str]
    modules: frozenset[str]
    others: frozenset[str] = frozenset()
    """Further names whose bindings and uses are recorded."""
    package: tuple[str, ...] = ()
    whole: bool = False
    """Whether to parse the whole file."""
    deep: bool = False
    """Whether to parse code that may exhaust the parser."""

    @property
    def tails(self) -> frozenset[str]:
        """Last parts of the modules; statements that assign or import one must be parsed."""
        return frozenset(module.rpartition(".")[2] for module in self.modules)


@dataclass
class Scan:
    """The names of one file and their positions."""

    source: Source
    index: SpanIndex
    names: Names
    used_elsewhere: set[str] = field(default_factory=set)
    """Names of the module that unparsed statements use."""
    trees: Mapping[Piece, ast.Module] = field(default_factory=dict)
    """Trees of the pieces that Python's own parser has parsed."""
    pieces: Sequence[Piece] = ()
    """All pieces of the text."""


def scan(source: Source, search: Search) -> Scan:
    """Record all bindings and uses of the searched names and of the names they depend on.

    Raises `SourceError` if the file is not valid Python, `TooDeepError` if it may exhaust the
    parser.
    """
    try:
        index = SpanIndex(source.text, opaque_spans(source.text))
        pieces = split(source.text, index)
    except LexerError:
        index, pieces = SpanIndex(source.text, []), whole(source.text)
        return _Scanner(source, replace(search, whole=True), index, pieces).scan()
    try:
        return _Scanner(source, search, index, pieces).scan()
    except _SplitError:
        return _Scanner(source, search, index, whole(source.text)).scan()


class _SplitError(Exception):
    """A piece is not valid code on its own."""


class _Scanner:
    """One attempt to scan a file that is split into the given pieces."""

    def __init__(
        self, source: Source, search: Search, index: SpanIndex, pieces: Sequence[Piece]
    ) -> None:
        self._source = source
        self._search = search
        self._index = index
        self._pieces = pieces
        self._trees: dict[Piece, ast.Module] = {}
        self._newer: set[Piece] = set()
        """Pieces that LibCST has parsed."""

    def scan(self) -> Scan:
        """Parse the pieces that matter until every name that others depend on is recorded."""
        text, search, index = self._source.text, self._search, self._index
        quoted = literals(text, index, search.heads)
        named = (root for literal in quoted for root in roots(literal, search.heads))
        interest = search.heads | search.others | frozenset(named)
        while True:
            words = find_words(text, interest | search.tails, index)
            chosen, unparsed = _choose(text, self._pieces, words, search.heads)
            names = self._bind(self._pieces if search.whole else chosen, interest)
            if names.demanded <= interest:
                break
            interest |= names.demanded
        for _, binding in settle(names.module):
            binding.declared = True
        trees = {p: tree for p, tree in self._trees.items() if p not in self._newer}
        return Scan(self._source, index, names, unparsed, trees, self._pieces)

    def _bind(self, chosen: Sequence[Piece], interest: frozenset[str]) -> Names:
        search = self._search
        while True:
            binder = Binder(interest, search.heads, search.modules, search.package)
            try:
                for piece in chosen:
                    tree, exact = self._tree(piece), piece in self._newer
                    places = Places(self._source.text, self._index, piece, exact=exact)
                    binder.add(tree, places, piece.owner)
            except PlaceError as error:
                if piece in self._newer:
                    raise SourceError(str(error)) from None
                self._trees[piece] = self._newer_tree(piece)
            else:
                return binder.names

    def _tree(self, piece: Piece) -> ast.Module:
        if piece not in self._trees:
            try:
                self._trees[piece] = parse(piece.code(self._source.text))
            except (SyntaxError, ValueError, MemoryError):
                self._trees[piece] = self._newer_tree(piece)
        return self._trees[piece]

    def _newer_tree(self, piece: Piece) -> ast.Module:
        """Parse a piece that this Python cannot parse or reports wrong positions for."""
        from workbench.analyzers.syntax import newer  # slow to import

        if not self._search.deep and is_deep(self._source.text, self._index, piece):
            raise TooDeepError
        self._newer.add(piece)
        try:
            return newer.parse(piece.code(self._source.text))
        except SyntaxError as error:
            if len(self._pieces) > 1:
                raise _SplitError from None
            raise SourceError(_syntax_message(self._source.data, str(error))) from None


def _choose(
    text: str, pieces: Sequence[Piece], words: list[Word], heads: frozenset[str]
) -> tuple[list[Piece], set[str]]:
    """Return the pieces that must be parsed, and the names that the other pieces use."""
    chosen: list[Piece] = []
    used: set[str] = set()
    position = 0
    stars = [match.start() for match in _STAR.finditer(text)]
    for piece in pieces:
        needed = any(piece.start <= star < piece.end for star in stars)
        plain: set[str] = set()
        while position < len(words) and words[position].start < piece.end:
            word = words[position]
            position += 1
            if word.value in heads:
                needed = True
            elif word.span is None or word.span.kind is SpanKind.FORMATTED:
                plain.add(word.value)
                needed = needed or not _only_reads(text, word)
        if needed:
            chosen.append(piece)
        else:
            used |= plain
    return chosen, used


def _only_reads(text: str, word: Word) -> bool:
    """Return whether a word is only read: ``word.attribute`` outside an import statement."""
    if _FOLLOWED_BY_DOT.match(text, word.start + len(word.value)) is None:
        return False
    line = max(text.rfind("\n", 0, word.start), text.rfind("\r", 0, word.start)) + 1
    continued = text[max(0, line - 3) : line].rstrip("\r\n").endswith("\\")
    return not continued and "import" not in text[line : word.start]


def _syntax_message(data: bytes, message: str) -> str:
    """Return why a file is not valid, in one line; Python's own message if it rejects it too."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, "<source>", "exec", dont_inherit=True)
    except SyntaxError as python_error:
        return f"line {python_error.lineno}: {python_error.msg}"
    except ValueError as python_error:
        return str(python_error)
    return f"LibCST cannot parse it: {message}"
