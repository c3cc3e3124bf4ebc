"""Walk syntax trees once, in source order, and record what binds names and what uses them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from analyzers.assignments import AssignmentRecorder
from analyzers.modules import absolute
from analyzers.names import How, ImportSite, Scope, Star, Token
from analyzers.places import Places
from analyzers.scopes import ScopeKind
from analyzers.syntax import (
    ParamSpec,
    TemplateStr,
    TryStar,
    TypeAlias,
    TypeVar,
    TypeVarTuple,
)

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Binder(AssignmentRecorder):
    """Records the names of interest of one file, piece by piece.

    ``package`` is the dotted name, in parts, that relative imports start from.
    """

    def __init__(
        self,
        interest: frozenset[str],
        heads: frozenset[str],
        modules: frozenset[str],
        package: tuple[str, ...],
    ) -> None:
        super().__init__(interest, heads, modules)
        self._package = package
        self._owners: dict[int, Scope] = {}

    def add(self, tree: ast.Module, places: Places, owner: int | None = None) -> None:
        """Record a piece.

        With an ``owner`` the piece is a class, and its body belongs to the class of that key.
        Raises `analyzers.places.PlaceError` when it is not certain where something stands.
        """
        self._places = places
        if owner is None:
            self._visit_all(tree.body)
            return
        if owner not in self._owners:
            self._owners[owner] = self.names.module.open(ScopeKind.CLASS)
        definition = tree.body[0]
        assert isinstance(definition, ast.ClassDef)
        with self._inside(self._owners[owner]):
            self._visit_all(definition.body)

    def visit(self, node: ast.AST) -> None:
        """Record what ``node`` binds and uses."""
        handler = _HANDLERS.get(type(node))
        if handler is not None:
            handler(self, node)
        else:
            self.visit_parts(node)

    def _bind_after(self, name: str, after: int) -> None:
        """Bind a name that stands somewhere after an offset."""
        if name in self._interest:
            self._bind(self._places.following(name, after))

    # -- imports --------------------------------------------------------------------------------

    def _import(self, node: ast.Import) -> None:
        for number, alias in enumerate(node.names):
            root = alias.name.partition(".")[0]
            origin = alias.name if alias.asname else root
            self._imported(node, number, root, origin, alias.name)

    def _import_from(self, node: ast.ImportFrom) -> None:
        base = absolute(self._package, node.level, node.module or "")
        for number, alias in enumerate(node.names):
            if alias.name == "*":
                if base is not None:
                    self.names.stars.append(Star(base, self._places.start(node)))
                continue
            if alias.name in self._heads:
                self.names.demanded.add(alias.asname or alias.name)
            origin = f"{base}.{alias.name}" if base is not None else None
            self._imported(node, number, alias.name, origin, origin or "")

    def _imported(
        self,
        statement: ast.Import | ast.ImportFrom,
        number: int,
        name: str,
        origin: str | None,
        covers: str,
    ) -> None:
        """Bind what an alias of an import statement does; ``name`` is what it begins with."""
        alias = statement.names[number]
        bound = alias.asname or name
        if bound not in self._interest:
            return
        places = self._places
        imported = places.first(name, alias)
        token = places.last(alias.asname, alias) if alias.asname else imported
        start, end = places.start(statement), places.end(statement)
        nested = self._nesting > 0
        site = ImportSite(statement, start, end, number, imported, self._scope, nested)
        self._bind(token, How.IMPORT, origin=origin, covers=covers, site=site)

    # -- scopes ---------------------------------------------------------------------------------

    def _function(self, node: _Function) -> None:
        self._visit_all(node.decorator_list)
        self._bind_after(node.name, self._places.start(node) + len("def"))
        outer = self._scope
        variables = getattr(node, "type_params", ())
        header = self._type_scope(variables)
        function = header.open(ScopeKind.FUNCTION)
        with self._inside(header):
            self._visit_all(variables)
            self._parameters(node.args, function, outer)
            self._annotation(node.returns)
        with self._inside(function):
            self._visit_all(node.body)

    def _lambda(self, node: ast.Lambda) -> None:
        function = self._scope.open(ScopeKind.FUNCTION)
        self._parameters(node.args, function, self._scope)
        with self._inside(function):
            self.visit(node.body)

    def _class(self, node: ast.ClassDef) -> None:
        self._visit_all(node.decorator_list)
        self._bind_after(node.name, self._places.start(node) + len("class"))
        variables = getattr(node, "type_params", ())
        header = self._type_scope(variables)
        with self._inside(header):
            self._visit_all(variables)
            self._visit_all(node.bases)
            self._visit_all(node.keywords)
        with self._inside(header.open(ScopeKind.CLASS)):
            self._visit_all(node.body)

    def _type_scope(self, variables: Sequence[ast.AST]) -> Scope:
        return self._scope.open(ScopeKind.TYPE) if variables else self._scope

    def _parameters(self, node: ast.arguments, function: Scope, outer: Scope) -> None:
        """Annotations belong to the header, defaults to the enclosing scope."""
        plain = [*node.posonlyargs, *node.args]
        defaults = [*[None] * (len(plain) - len(node.defaults)), *node.defaults]
        parameters: list[tuple[ast.arg | None, ast.expr | None]] = [
            *zip(plain, defaults, strict=True),
            (node.vararg, None),
            *zip(node.kwonlyargs, node.kw_defaults, strict=True),
            (node.kwarg, None),
        ]
        for parameter, default in parameters:
            if parameter is not None:
                self._annotation(parameter.annotation)
                with self._inside(outer):
                    self._pass_on([self._parameter(parameter)], default, function)

    def _parameter(self, node: ast.arg) -> Token | None:
        return self._places.first(node.arg, node) if node.arg in self._interest else None

    def _type_variable(self, node: Any) -> None:
        self._bind_after(node.name, self._places.start(node))
        for part in ("bound", "default_value"):
            self._visit_all(getattr(node, part, None))

    def _type_alias(self, node: Any) -> None:
        self._target(node.name)
        with self._inside(self._type_scope(node.type_params)):
            self._visit_all(node.type_params)
            self.visit(node.value)

    def _comprehension(self, node: _Comprehension) -> None:
        outer, inner = self._scope, self._scope.open(ScopeKind.COMPREHENSION)
        with self._inside(inner):
            for part in ("key", "value", "elt"):
                self._visit_all(getattr(node, part, None))
            for number, loop in enumerate(node.generators):
                self._target(loop.target)
                with self._inside(inner if number else outer):
                    self.visit(loop.iter)
                self._visit_all(loop.ifs)

    def _block(self, node: ast.AST) -> None:
        self._nesting += 1
        self.visit_parts(node)
        self._nesting -= 1

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        self._nesting += 1
        self._target(node.target)
        self.visit(node.iter)
        self._visit_all(node.body)
        self._visit_all(node.orelse)
        self._nesting -= 1

    def _handler(self, node: ast.ExceptHandler) -> None:
        self._visit_all(node.type)
        if node.name is not None and node.type is not None:
            self._bind_after(node.name, self._places.end(node.type))
        self._visit_all(node.body)

    # -- patterns -------------------------------------------------------------------------------

    def _capture(self, node: ast.MatchAs | ast.MatchStar) -> None:
        if isinstance(node, ast.MatchAs):
            self._visit_all(node.pattern)
        if node.name in self._interest:
            assert node.name is not None
            self._bind(self._places.last(node.name, node))

    def _mapping(self, node: ast.MatchMapping) -> None:
        self._visit_all(node.keys)
        self._visit_all(node.patterns)
        if node.rest is not None:
            last = node.patterns[-1] if node.patterns else None
            places = self._places
            self._bind_after(
                node.rest, places.end(last) if last is not None else places.start(node)
            )


_HANDLERS: dict[type[ast.AST], Callable[[Binder, Any], None]] = {
    ast.AnnAssign: Binder._annotated,
    ast.Assign: Binder._assign,
    ast.AsyncFor: Binder._for,
    ast.AsyncFunctionDef: Binder._function,
    ast.AsyncWith: Binder._block,
    ast.Attribute: Binder._name,
    ast.AugAssign: Binder._augmented,
    ast.Call: Binder._call,
    ast.ClassDef: Binder._class,
    ast.Constant: Binder._constant,
    ast.Delete: Binder._delete,
    ast.DictComp: Binder._comprehension,
    ast.ExceptHandler: Binder._handler,
    ast.For: Binder._for,
    ast.FunctionDef: Binder._function,
    ast.GeneratorExp: Binder._comprehension,
    ast.Global: Binder._declare,
    ast.If: Binder._block,
    ast.Import: Binder._import,
    ast.ImportFrom: Binder._import_from,
    ast.JoinedStr: Binder._formatted,
    ast.Lambda: Binder._lambda,
    ast.ListComp: Binder._comprehension,
    ast.Match: Binder._block,
    ast.MatchAs: Binder._capture,
    ast.MatchMapping: Binder._mapping,
    ast.MatchStar: Binder._capture,
    ast.Name: Binder._name,
    ast.NamedExpr: Binder._walrus,
    ast.Nonlocal: Binder._declare,
    ast.SetComp: Binder._comprehension,
    ast.Try: Binder._block,
    TryStar: Binder._block,
    ast.While: Binder._block,
    ast.With: Binder._block,
    ast.keyword: Binder._keyword,
    ast.withitem: Binder._item,
    TemplateStr: Binder._formatted,
    TypeAlias: Binder._type_alias,
    TypeVar: Binder._type_variable,
    TypeVarTuple: Binder._type_variable,
    ParamSpec: Binder._type_variable,
}
