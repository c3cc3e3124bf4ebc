"""Read the names of interest out of one file, parsing no more statements than it takes."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

import libcst as cst

from analyzers.binder import Binder
from analyzers.blocks import Piece, split, whole
from analyzers.depth import TooDeepError, is_deep
from analyzers.lexer import (
    LexerError,
    SpanIndex,
    SpanKind,
    Word,
    find_words,
    opaque_spans,
)
from analyzers.locate import Locator
from analyzers.names import Names
from analyzers.scopes import settle
from analyzers.source import Source, SourceError
from analyzers.strings import literals, roots

_STAR = re.compile(r"import[ \t]*\(?[ \t]*\*")
_FOLLOWED_BY_DOT = re.compile(r"[ \t]*\.")


@dataclass(frozen=True)
class Search:
    """What to look for: last parts of names, the modules that hold them, and other names."""

    heads: frozenset[str]
    modules: frozenset[str]
    others: frozenset[str] = frozenset()
    """Names whose bindings and uses matter although nothing is looked up through them."""
    package: tuple[str, ...] = ()
    whole: bool = False
    """Parse the whole file in any case."""
    deep: bool = False
    """Parse also what may exhaust the parser."""

    @property
    def tails(self) -> frozenset[str]:
        """Last parts of the modules: a statement that passes one on must be read."""
        return frozenset(module.rpartition(".")[2] for module in self.modules)


@dataclass
class Scan:
    """The names of one file and where they are."""

    source: Source
    index: SpanIndex
    names: Names
    offsets: dict[int, int] = field(default_factory=dict)
    """Offset in code points by ``id`` of the node; the trees live as long as this does."""
    used_elsewhere: set[str] = field(default_factory=set)
    """Names of the module that statements which were not parsed use."""
    trees: dict[Piece, cst.Module] = field(default_factory=dict)
    pieces: Sequence[Piece] = ()
    """What the text was split into."""

    def offset(self, node: cst.CSTNode) -> int:
        """Where a name or string of interest begins, in code points."""
        return self.offsets[id(node)]


def scan(source: Source, search: Search) -> Scan:
    """Record every binding and use of the names looked for, and of all they depend on.

    Raises `SourceError` when the file is not valid Python, `TooDeepError` when it may exhaust the
    parser.
    """
    try:
        index = SpanIndex(source.text, opaque_spans(source.text))
        pieces = split(source.text, index)
    except LexerError:
        return _scan(source, search, SpanIndex(source.text, []), whole(source.text), trusted=False)
    try:
        return _scan(source, search, index, pieces, trusted=True)
    except cst.ParserSyntaxError:
        return _scan(source, search, index, whole(source.text), trusted=True)


def _scan(
    source: Source, search: Search, index: SpanIndex, pieces: list[Piece], *, trusted: bool
) -> Scan:
    quoted = literals(source.text, index, search.heads)
    named = (root for literal in quoted for root in roots(literal, search.heads))
    interest = search.heads | search.others | frozenset(named)
    trees: dict[Piece, cst.Module] = {}
    while True:
        words = find_words(source.text, interest | search.tails, index)
        chosen, unparsed = _choose(source.text, pieces, words, search.heads)
        if search.whole or not trusted:
            chosen = pieces
        for piece in chosen:
            if piece not in trees:
                if not search.deep and is_deep(source.text, index, piece):
                    raise TooDeepError
                trees[piece] = _parse(source, piece, last=len(pieces) == 1)
        binder = Binder(interest, search.heads, search.modules, search.package)
        seen = [(piece, binder.add(trees[piece], piece.owner)) for piece in chosen]
        if binder.names.demanded <= interest:
            break
        interest |= binder.names.demanded
    for _, binding in settle(binder.names.module):
        binding.declared = True
    result = Scan(source, index, binder.names, used_elsewhere=unparsed, trees=trees, pieces=pieces)
    marked = [word for word in words if word.value in interest]
    locator = Locator(source.text, index, marked, search.heads)
    for piece, markers in seen:
        result.offsets.update(locator.locate(piece, trees[piece], markers))
    return result


def _choose(
    text: str, pieces: list[Piece], words: list[Word], heads: frozenset[str]
) -> tuple[list[Piece], set[str]]:
    """The pieces that must be parsed, and the names that the others use."""
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
    """Whether a word is certainly read: ``word.attribute`` outside an import statement."""
    if _FOLLOWED_BY_DOT.match(text, word.start + len(word.value)) is None:
        return False
    line = max(text.rfind("\n", 0, word.start), text.rfind("\r", 0, word.start)) + 1
    continued = text[max(0, line - 3) : line].rstrip("\r\n").endswith("\\")
    return not continued and "import" not in text[line : word.start]


def _parse(source: Source, piece: Piece, *, last: bool) -> cst.Module:
    code = piece.prefix + source.text[piece.start : piece.end] + piece.suffix
    try:
        return cst.parse_module(code)
    except cst.ParserSyntaxError as error:
        if not last:
            raise
        raise SourceError(syntax_message(source.data, error)) from None


def syntax_message(data: bytes, error: cst.ParserSyntaxError) -> str:
    """Why a file is not valid, in one line, as Python itself says it if it agrees."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, "<source>", "exec", dont_inherit=True)
    except SyntaxError as python_error:
        return f"line {python_error.lineno}: {python_error.msg}"
    except ValueError as python_error:
        return str(python_error)
    return "LibCST cannot parse it: " + " ".join(error.message.split())
