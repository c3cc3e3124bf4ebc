"""Functions whose body is a copy of one that a rule replaces: vendored code."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbench.analyzers.copies.fingerprint import FunctionNode, fingerprint
from workbench.analyzers.names.positions import Columns
from workbench.analyzers.rules import Copy, Rule, RuleIndex
from workbench.analyzers.syntax.pieces import Piece, pieces_of
from workbench.analyzers.syntax.source import Source
from workbench.analyzers.syntax.tree import parse

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


def find_copies(
    module: str,
    source: Source,
    rules: RuleIndex,
    pieces: Sequence[Piece] = (),
    trees: Mapping[Piece, ast.Module] | None = None,
) -> list[Copied]:
    """The copies in a module, in order; the originals themselves are none.

    Only statements with all needles of a copy are parsed; ``pieces`` are the module's and ``trees``
    what was parsed of them, if they are known. One that this Python cannot parse, because its
    syntax is newer or wrong, is not searched.
    """
    wanted = [(rule, copy) for rule, copy in rules.copies.values() if _may_hold(source, copy)]
    if not wanted:
        return []
    search = _CopySearch(source, module, rules, trees or {})
    held = _holding(source.text, pieces or pieces_of(source.text), [copy for _, copy in wanted])
    found = [copied for piece in held for copied in search.piece(piece)]
    return sorted(found, key=lambda copied: copied.start)


def _may_hold(source: Source, copy: Copy) -> bool:
    return all(needle in source.text for needle in copy.needles)


def _holding(text: str, pieces: Sequence[Piece], copies: Iterable[Copy]) -> list[Piece]:
    """The pieces that hold all needles of a copy."""
    starts = [piece.start for piece in pieces]
    held: set[int] = set()
    for needles in {copy.needles for copy in copies}:
        offsets = _offsets(text, min(needles, key=text.count))
        for number in {bisect_right(starts, offset) - 1 for offset in offsets}:
            piece = pieces[number]
            if all(text.find(needle, piece.start, piece.end) >= 0 for needle in needles):
                held.add(number)
    return [pieces[number] for number in sorted(held)]


def _offsets(text: str, needle: str) -> Iterator[int]:
    offset = text.find(needle)
    while offset >= 0:
        yield offset
        offset = text.find(needle, offset + 1)


@dataclass(frozen=True)
class _CopySearch:
    source: Source
    module: str
    rules: RuleIndex
    trees: Mapping[Piece, ast.Module]

    def piece(self, piece: Piece) -> Iterator[Copied]:
        """The copies in one statement."""
        text, columns = self.source.text, Columns(self.source.text, piece)
        tree = self.trees.get(piece) or _parsed(piece.code(text))
        for function, name in _functions(tree, self._owner(piece)):
            hit = self.rules.copies.get(_fingerprint(function))
            if hit is not None and f"{self.module}.{name}" not in self.rules.by_name:
                match = _DEFINITION.match(text, columns.start(function))
                assert match is not None
                yield Copied(match.end(), *hit)

    def _owner(self, piece: Piece) -> str | None:
        """The class that a piece is a member of."""
        if piece.owner is None:
            return None
        match = _CLASS_NAME.search(self.source.text, piece.owner)
        return match.group(1) if match else ""


def _parsed(code: str) -> ast.Module:
    try:
        return parse(code)
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
