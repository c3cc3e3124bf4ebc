"""Prove that edits change only what they are intended to change.

The statements that edits touch are parsed before and after. The two trees must be equal except for
imports and the rewritten references, which must match the intention exactly. Then the whole new
file must compile, and its symbol tables must show that no name lost its binding.
"""

from __future__ import annotations

import ast
import symtable
import warnings
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from workbench.analyzers.model import Edit, FileAnalysis
from workbench.analyzers.rewriting.intention import Intention
from workbench.analyzers.syntax.pieces import Piece, pieces_of
from workbench.analyzers.syntax.source import Source, apply_edits

_IGNORED = (ast.Import, ast.ImportFrom, ast.Pass)
"""Statements that edits may add or remove."""
_GENERIC = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
"""Statements that may have type parameters."""


def failure(
    file: FileAnalysis,
    intention: Intention,
    pieces: Sequence[Piece] = (),
    trees: Mapping[Piece, ast.Module] | None = None,
) -> str | None:
    """Return why the edits of a file cannot be proved correct; None if the proof succeeds.

    ``pieces`` are the file's statements and ``trees`` their syntax trees before the edits, if they
    are known. Files in newer syntax than this Python's are proved without symbol tables.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        comparison = _TreeComparison(trees or {})
        difference = _statements_differ(file, intention, pieces, comparison)
        # The changed statements alone do not show whether others still read a removed name.
        whole_file = bool(intention.removed) or b"__future__" in file.original
        unsure = whole_file or difference or _unbound(comparison.tables, intention.names)
        fails = _whole_file_fails(file, intention, difference) if unsure else None
        early = _read_unbound(comparison.tables, intention.names)
        return fails or (
            _read_too_early(apply_edits(file.original, file.edits), early) if early else None
        )


def _whole_file_fails(
    file: FileAnalysis, intention: Intention, difference: str | None
) -> str | None:
    new = apply_edits(file.original, file.edits)
    table = _table(new)
    if table is None:
        newer = _table(file.original) is None and _is_valid(new)
        return difference if newer else "the edited file would not be valid Python"
    lost = _unbound([table], intention.names)
    if lost and (old := _table(file.original)) is not None:
        lost -= _unbound([old], lost)
    return f"`{min(lost)}` would be undefined in the edited file" if lost else difference


def _table(data: bytes) -> symtable.SymbolTable | None:
    try:
        return symtable.symtable(data, "<source>", "exec")  # type: ignore[arg-type]
    except (SyntaxError, ValueError, RecursionError):
        return None


def _is_valid(data: bytes) -> bool:
    from workbench.analyzers.syntax.newer import parse  # slow to import

    try:
        parse(Source(data).text)
    except SyntaxError:
        return False
    return True


def _unbound(modules: Sequence[symtable.SymbolTable], names: Collection[str]) -> set[str]:
    """Return those of ``names`` that some scope reads from the module but nothing binds there.

    ``modules`` are the symbol tables of the module's parts.
    """
    bound: set[str] = set()
    read: set[str] = set()
    tables = list(modules)
    while tables:
        current = tables.pop()
        tables += current.get_children()
        identifiers = current.get_identifiers()
        for symbol in (current.lookup(name) for name in names if name in identifiers):
            in_module = current in modules or symbol.is_global()
            if in_module and (symbol.is_assigned() or symbol.is_imported()):
                bound.add(symbol.get_name())
            elif in_module and symbol.is_referenced():
                read.add(symbol.get_name())
    return read - bound


def _read_unbound(statements: Iterable[symtable.SymbolTable], names: Collection[str]) -> set[str]:
    """Return those of ``names`` that a statement reads and no statement up to it binds."""
    bound: set[str] = set()
    read: set[str] = set()
    for table in statements:
        found = [table.lookup(name) for name in names if name in table.get_identifiers()]
        bound.update(s.get_name() for s in found if s.is_assigned() or s.is_imported())
        read.update(s.get_name() for s in found if s.is_referenced() and s.get_name() not in bound)
    return read


def _read_too_early(data: bytes, names: Collection[str]) -> str | None:
    """Return a reason if a module reads one of ``names`` before it binds it, else None."""
    bound: dict[str, int] = {}
    read: dict[str, int] = {}
    for node in _of_module(ast.parse(data)):
        if isinstance(node, ast.alias):
            if node.name == "*":
                return None  # it may bind anything
            name = (node.asname or node.name).partition(".")[0]
            bound[name] = min(node.lineno, bound.get(name, node.lineno))
        elif isinstance(node, ast.Name):
            lines = read if isinstance(node.ctx, ast.Load) else bound
            lines[node.id] = min(node.lineno, lines.get(node.id, node.lineno))
    for name in sorted(names):
        if name in read and read[name] < bound.get(name, 0):
            return f"line {read[name]} of the edited file would use `{name}` before its import"
    return None


def _of_module(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that are executed when the module is imported."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _of_module(child)


def _statements_differ(
    file: FileAnalysis, intention: Intention, pieces: Sequence[Piece], comparison: _TreeComparison
) -> str | None:
    source = Source(file.original)
    changes = [_in_text(source, edit) for edit in file.edits]
    for piece in pieces or pieces_of(source.text):
        inside = [c for c in changes if piece.start <= c[0] and c[1] <= piece.end]
        changes = [change for change in changes if change not in inside]
        if inside and not comparison.same_piece(source.text, piece, inside):
            line, _ = source.position(inside[0][0])
            return f"the edits near line {line} would change more than intended"
    if changes:
        return "an edit would cross a statement boundary"
    if comparison.observed != intention:
        return "the edits would not make exactly the intended changes"
    return None


def _in_text(source: Source, edit: Edit) -> tuple[int, int, str]:
    """Convert an edit from bytes to code points."""
    data, encoding = source.data[len(source.bom) :], source.encoding
    start, end = (
        len(data[: offset - len(source.bom)].decode(encoding)) for offset in (edit.start, edit.end)
    )
    return start, end, edit.replacement.decode(encoding)


class _TreeComparison:
    """Comparison of syntax trees that records each difference of a kind that edits may make."""

    def __init__(self, trees: Mapping[Piece, ast.Module]) -> None:
        self._trees = trees
        self.observed = Intention()
        self.tables: list[symtable.SymbolTable] = []
        """Symbol tables of the new pieces."""

    def same_piece(self, text: str, piece: Piece, changes: Sequence[tuple[int, int, str]]) -> bool:
        """Return whether a piece keeps its syntax tree, except for references and imports."""
        new, position = [piece.prefix], piece.start
        for start, end, replacement in changes:
            new += [text[position:start], replacement]
            position = end
        new += [text[position : piece.end], piece.suffix]
        old, code = piece.code(text), "".join(new)
        try:
            self.tables.append(symtable.symtable(code, "<source>", "exec"))
            return self._same(self._trees.get(piece) or ast.parse(old), ast.parse(code))
        except SyntaxError:
            return self._same_in_newer_syntax(old, code)
        except RecursionError:
            return False

    def _same_in_newer_syntax(self, old: str, new: str) -> bool:
        from workbench.analyzers.syntax.newer import parse  # slow to import

        try:
            return self._same(parse(old), parse(new))
        except (SyntaxError, RecursionError):
            return False

    def _same(self, old: object, new: object) -> bool:
        if old is new:
            return True
        if isinstance(new, ast.Attribute) and isinstance(old, ast.Name | ast.Attribute):
            return self._same_name(old, new)
        if type(old) is not type(new):
            return False
        if isinstance(old, list) and isinstance(new, list):
            return self._same_items(old, new)
        return self._same_fields(old, new) if isinstance(old, ast.AST) else old == new

    def _same_fields(self, old: ast.AST, new: object) -> bool:
        # Before 3.12, `type_params` is not a field. A generator would cost more than this loop.
        more = ("type_params",) if isinstance(old, _GENERIC) else ()
        for name in (*old._fields, *more):
            if not self._same(getattr(old, name, None), getattr(new, name, None)):
                return False
        return True

    def _same_items(self, old: Sequence[ast.AST], new: Sequence[ast.AST]) -> bool:
        if any(isinstance(item, _IGNORED) for item in (*old, *new)):
            old, new = self._without_imports(old, new)
        return len(old) == len(new) and all(map(self._same, old, new))

    def _same_name(self, old: ast.Name | ast.Attribute, new: ast.Attribute) -> bool:
        before, after = _dotted(old), _dotted(new)
        if before == after and before is not None:
            return True
        if before is not None and after is not None and type(old.ctx) is type(new.ctx):
            self.observed.expressions[before, after] += 1
            return True
        if not isinstance(old, ast.Attribute):
            return False
        return old.attr == new.attr and self._same(old.value, new.value)

    def _without_imports(
        self, old: Sequence[ast.AST], new: Sequence[ast.AST]
    ) -> tuple[list[ast.AST], list[ast.AST]]:
        """Return the other statements of both blocks; the imports between them may differ."""
        rest_old, runs_old = _runs(old)
        rest_new, runs_new = _runs(new)
        for before, after in zip(runs_old, runs_new, strict=False):
            self.observed.removed.update(before - after)
            self.observed.added.update(after - before)
        return rest_old, rest_new


def _runs(block: Iterable[ast.AST]) -> tuple[list[ast.AST], list[Counter[str]]]:
    """Split a block into the other statements and the imports before, between and after them."""
    rest: list[ast.AST] = []
    runs: list[Counter[str]] = [Counter()]
    for statement in block:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            runs[-1].update(_imports(statement))
        elif not isinstance(statement, ast.Pass):
            rest.append(statement)
            runs.append(Counter())
    return rest, runs


def _imports(statement: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """Yield one import statement for each imported name."""
    start = ""
    if isinstance(statement, ast.ImportFrom):
        start = f"from {'.' * statement.level}{statement.module or ''} "
    for alias in statement.names:
        yield f"{start}import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")


def _dotted(node: ast.expr) -> str | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None
