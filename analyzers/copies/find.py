"""Find functions whose body is a copy of a replaced function's body (vendored code)."""

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
    """A definition with a copy of the body that a rule replaces."""

    start: int
    """Offset of the function's name, in code points."""
    rule: Rule
    copy: Copy

    @property
    def reason(self) -> str:
        """What the definition copies, as text for the user."""
        return f"copies the body of {self.rule.old} from {self.copy.published}"


def find_copies(
    module: str,
    source: Source,
    rules: RuleIndex,
    pieces: Sequence[Piece] = (),
    trees: Mapping[Piece, ast.Module] | None = None,
) -> list[Copied]:
    """Find the copies in a module, in order; the original functions are not copies.

    Only statements with all needles of a copy are parsed. ``pieces`` are the pieces of the module
    and ``trees`` those already parsed, if known. Statements that this Python cannot parse, because
    of newer or invalid syntax, are skipped.
    """
    wanted = [(rule, copy) for rule, copy in rules.copies.values() if _may_contain(source, copy)]
    if not wanted:
        return []
    search = _CopySearch(source, module, rules, trees or {})
    candidates = _candidates(
        source.text, pieces or pieces_of(source.text), [copy for _, copy in wanted]
    )
    found = [copied for piece in candidates for copied in search.piece(piece)]
    return sorted(found, key=lambda copied: copied.start)


def _may_contain(source: Source, copy: Copy) -> bool:
    return all(needle in source.text for needle in copy.needles)


def _candidates(text: str, pieces: Sequence[Piece], copies: Iterable[Copy]) -> list[Piece]:
    """Return the pieces that contain all needles of a copy."""
    starts = [piece.start for piece in pieces]
    numbers: set[int] = set()
    for needles in {copy.needles for copy in copies}:
        offsets = _offsets(text, min(needles, key=text.count))
        for number in {bisect_right(starts, offset) - 1 for offset in offsets}:
            piece = pieces[number]
            if all(text.find(needle, piece.start, piece.end) >= 0 for needle in needles):
                numbers.add(number)
    return [pieces[number] for number in sorted(numbers)]


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
        """Yield the copies in one statement."""
        text, columns = self.source.text, Columns(self.source.text, piece)
        tree = self.trees.get(piece) or _parsed(piece.code(text))
        for function, name in _functions(tree, self._class_name(piece)):
            hit = self.rules.copies.get(_fingerprint(function))
            if hit is not None and f"{self.module}.{name}" not in self.rules.by_name:
                match = _DEFINITION.match(text, columns.start(function))
                assert match is not None
                yield Copied(match.end(), *hit)

    def _class_name(self, piece: Piece) -> str | None:
        """Return the name of the class that a piece is a member of, or None."""
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
    """Yield each function with its dotted name; ``owner`` is the name of a split class."""
    pending: list[tuple[ast.AST, str]] = [(module, "")]
    while pending:
        node, prefix = pending.pop()
        for child in ast.iter_child_nodes(node):
            inner = prefix
            if isinstance(child, FunctionNode | ast.ClassDef):
                name = child.name if owner is None or node is not module else owner
                inner = f"{prefix}{name}."
                if isinstance(child, FunctionNode):
                    yield child, inner[:-1]
            pending.append((child, inner))


def _fingerprint(function: FunctionNode) -> str:
    try:
        return fingerprint(function)
    except (RecursionError, ValueError):
        return ""
