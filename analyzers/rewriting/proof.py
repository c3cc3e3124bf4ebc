"""Prove that edits change nothing but what they are meant to.

The statements that edits touch are parsed before and after. The two trees must be equal but for the
references that are rewritten, each one exactly, and for imports. Then the whole new file must
compile, and the symbol tables must show that no name lost its binding.
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
"""Statements that may come and go."""
_GENERIC = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
"""What may have type parameters."""


def failure(
    file: FileAnalysis,
    intention: Intention,
    pieces: Sequence[Piece] = (),
    trees: Mapping[Piece, ast.Module] | None = None,
) -> str | None:
    """Why the edits of a file are not proved to do what is meant; None if they are.

    ``pieces`` are the file's statements, and ``trees`` what Python's parser made of them before the
    edits, if they are known. No symbol table tells of a file in a syntax newer than this Python.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        comparison = _TreeComparison(trees or {})
        difference = _statements_differ(file, intention, pieces, comparison)
        # What no statement but the changed ones can tell: that a name is gone, or comes too early.
        whole_file = bool(intention.removed) or b"__future__" in file.original
        unsure = whole_file or difference or _unbound(comparison.tables, intention.names)
        fails = _whole_file_fails(file, intention, difference) if unsure else None
        early = _read_first(comparison.tables, intention.names)
        return fails or (
            _comes_late(apply_edits(file.original, file.edits), early) if early else None
        )


def _whole_file_fails(
    file: FileAnalysis, intention: Intention, difference: str | None
) -> str | None:
    new = apply_edits(file.original, file.edits)
    table = _table(new)
    if table is None:
        newer = _table(file.original) is None and _is_valid(new)
        return difference if newer else "after the edits it would not be valid Python"
    lost = _unbound([table], intention.names)
    if lost and (old := _table(file.original)) is not None:
        lost -= _unbound([old], lost)
    return f"after the edits `{min(lost)}` would be undefined" if lost else difference


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
    """Those of ``names`` that some scope reads from the module, while nothing binds them there.

    The module may come in several parts.
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


def _read_first(statements: Iterable[symtable.SymbolTable], names: Collection[str]) -> set[str]:
    """Those of ``names`` that a statement of the module reads before one of the others binds it."""
    bound: set[str] = set()
    read: set[str] = set()
    for table in statements:
        found = [table.lookup(name) for name in names if name in table.get_identifiers()]
        bound.update(s.get_name() for s in found if s.is_assigned() or s.is_imported())
        read.update(s.get_name() for s in found if s.is_referenced() and s.get_name() not in bound)
    return read


def _comes_late(data: bytes, names: Collection[str]) -> str | None:
    """Why code of a module reads one of ``names`` too early; None if it does not."""
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
            return f"after the edits line {read[name]} would read `{name}` before it is imported"
    return None


def _of_module(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that are executed with the module."""
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
            return f"the edits near line {line} would change more than they are meant to"
    if changes:
        return "an edit would cross the border of a statement"
    if comparison.observed != intention:
        return "the edits would not change exactly what they are meant to"
    return None


def _in_text(source: Source, edit: Edit) -> tuple[int, int, str]:
    """An edit in code points."""
    data, encoding = source.data[len(source.bom) :], source.encoding
    start, end = (
        len(data[: offset - len(source.bom)].decode(encoding)) for offset in (edit.start, edit.end)
    )
    return start, end, edit.replacement.decode(encoding)


class _TreeComparison:
    """Compares trees, and records each difference of the kinds that edits may make."""

    def __init__(self, trees: Mapping[Piece, ast.Module]) -> None:
        self._trees = trees
        self.observed = Intention()
        self.tables: list[symtable.SymbolTable] = []
        """Of the new pieces."""

    def same_piece(self, text: str, piece: Piece, changes: Sequence[tuple[int, int, str]]) -> bool:
        """Whether a piece has the same tree afterwards, references and imports aside."""
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
        # Before 3.12 type parameters are no field. A loop: a generator costs more than comparing.
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
        """The other statements of a block; the imports between any two may differ."""
        rest_old, runs_old = _runs(old)
        rest_new, runs_new = _runs(new)
        for before, after in zip(runs_old, runs_new, strict=False):
            self.observed.removed.update(before - after)
            self.observed.added.update(after - before)
        return rest_old, rest_new


def _runs(block: Iterable[ast.AST]) -> tuple[list[ast.AST], list[Counter[str]]]:
    """The statements of a block that import nothing, and the imports before, between and after."""
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
    """One statement for each name that is imported."""
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
