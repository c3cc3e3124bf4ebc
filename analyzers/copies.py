"""Functions whose body is a copy of one that a rule replaces: vendored code."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from analyzers.blocks import Piece, split, whole
from analyzers.fingerprint import FunctionNode, fingerprint
from analyzers.lexer import LexerError, SpanIndex, opaque_spans
from analyzers.model import Copy, Rule
from analyzers.rules import RuleIndex
from analyzers.source import NEWLINE, Source

_DEFINITION = re.compile(r"(?:async[ \t\f\\\r\n]+)?def[ \t\f\\\r\n]+")
_CLASS_NAME = re.compile(r"^class[ \t]+(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Copied:
    """A definition that copies what a rule replaces."""

    start: int
    """Offset of the function's name, in code points."""
    rule: Rule
    copy: Copy

    @property
    def reason(self) -> str:
        """What it copies, for people."""
        return f"its body is that of {self.rule.old} in {self.copy.published}"


def find_copies(module: str, source: Source, rules: RuleIndex) -> list[Copied]:
    """The copies in a module, in order; the originals themselves are none.

    Only statements with all needles of a copy are parsed. One that this Python cannot parse,
    because its syntax is newer or wrong, is not searched.
    """
    wanted = [(rule, copy) for rule, copy in rules.copies.values() if _may_hold(source, copy)]
    if not wanted:
        return []
    search = _Search(source, module, rules)
    found = [copied for piece in _pieces(source.text) for copied in search.piece(piece, wanted)]
    return sorted(found, key=lambda copied: copied.start)


def _may_hold(source: Source, copy: Copy) -> bool:
    return all(needle in source.text for needle in copy.needles)


def _pieces(text: str) -> list[Piece]:
    try:
        return split(text, SpanIndex(text, opaque_spans(text)))
    except LexerError:
        return whole(text)


@dataclass(frozen=True)
class _Search:
    source: Source
    module: str
    rules: RuleIndex

    def piece(self, piece: Piece, wanted: list[tuple[Rule, Copy]]) -> Iterator[Copied]:
        """The copies in one statement."""
        text = self.source.text[piece.start : piece.end]
        if not any(all(needle in text for needle in copy.needles) for _, copy in wanted):
            return
        code = piece.prefix + text + piece.suffix
        lines = [0, *(match.end() for match in NEWLINE.finditer(code))]
        for function, name in _functions(_parsed(code), self._owner(piece)):
            hit = self.rules.copies.get(_fingerprint(function))
            if hit is not None and f"{self.module}.{name}" not in self.rules.by_name:
                first = lines[function.lineno - 1]
                before = code[first:].encode()[: function.col_offset].decode()
                match = _DEFINITION.match(code, first + len(before))
                assert match is not None
                yield Copied(piece.start + match.end() - len(piece.prefix), *hit)

    def _owner(self, piece: Piece) -> str | None:
        """The class that a piece is a member of."""
        if piece.owner is None:
            return None
        match = _CLASS_NAME.search(self.source.text, piece.owner)
        return match.group(1) if match else ""


def _parsed(code: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _functions(module: ast.Module, owner: str | None) -> Iterator[tuple[FunctionNode, str]]:
    """Every function with its dotted name; with an owner the module is a class without its name."""
    waiting: list[tuple[ast.AST, str]] = [(module, "")]
    while waiting:
        node, prefix = waiting.pop()
        for child in ast.iter_child_nodes(node):
            inner = prefix
            if isinstance(child, FunctionNode | ast.ClassDef):
                name = child.name if owner is None or node is not module else owner
                inner = f"{prefix}{name}."
                if isinstance(child, FunctionNode):
                    yield child, inner[:-1]
            waiting.append((child, inner))


def _fingerprint(function: FunctionNode) -> str:
    try:
        return fingerprint(function)
    except (RecursionError, ValueError):
        return ""
