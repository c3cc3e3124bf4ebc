"""Walk LibCST trees once, in source order, and record what binds names and what uses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst

from analyzers.assignments import AssignmentRecorder
from analyzers.modules import absolute
from analyzers.names import How, ImportSite, Scope, Star
from analyzers.scopes import ScopeKind
from analyzers.tree import dotted
from analyzers.uses import Marker


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

    def add(self, tree: cst.Module, owner: int | None = None) -> list[Marker]:
        """Record a piece; returns its nodes that the lexer finds too, in source order.

        With an ``owner`` the piece is a class, and its body belongs to the class of that key.
        """
        self.seen = []
        if owner is None:
            self.visit(tree)
            return self.seen
        if owner not in self._owners:
            self._owners[owner] = self.names.module.open(ScopeKind.CLASS)
        definition = tree.body[0]
        assert isinstance(definition, cst.ClassDef)
        with self._inside(self._owners[owner]):
            self.visit(definition.body)
        return self.seen

    def visit(self, node: cst.CSTNode) -> None:
        """Record what ``node`` binds and uses."""
        handler = _HANDLERS.get(type(node))
        if handler is not None:
            handler(self, node)
        else:
            super().visit(node)

    # -- imports --------------------------------------------------------------------------------

    def _import(self, node: cst.Import) -> None:
        for alias in node.names:
            parts = dotted(alias.name)
            for part in parts:
                self._see(part)
            full = ".".join(part.value for part in parts)
            bound = self._as(alias) or parts[0]
            origin = full if alias.asname else parts[0].value
            self._imported(node, alias, bound, origin, full)

    def _import_from(self, node: cst.ImportFrom) -> None:
        parts = dotted(node.module) if node.module is not None else []
        for part in parts:
            self._see(part)
        module = ".".join(part.value for part in parts)
        base = absolute(self._package, len(node.relative), module)
        if isinstance(node.names, cst.ImportStar):
            if base is not None:
                self.names.stars.append(Star(base, self._scope, node))
            return
        for alias in node.names:
            assert isinstance(alias.name, cst.Name)
            self._see(alias.name)
            bound = self._as(alias) or alias.name
            if alias.name.value in self._heads:
                self.names.demanded.add(bound.value)
            origin = f"{base}.{alias.name.value}" if base is not None else None
            self._imported(node, alias, bound, origin, origin or "")

    def _as(self, alias: cst.ImportAlias) -> cst.Name | None:
        if alias.asname is None:
            return None
        assert isinstance(alias.asname.name, cst.Name)
        self._see(alias.asname.name)
        return alias.asname.name

    def _imported(
        self,
        statement: cst.Import | cst.ImportFrom,
        alias: cst.ImportAlias,
        bound: cst.Name,
        origin: str | None,
        covers: str,
    ) -> None:
        site = ImportSite(statement, alias, self._scope, self._nesting > 0)
        self._bind(bound, How.IMPORT, origin=origin, covers=covers, site=site)

    # -- scopes ---------------------------------------------------------------------------------

    def _function(self, node: cst.FunctionDef) -> None:
        self._visit_all(node.decorators)
        self._see(node.name)
        self._bind(node.name)
        outer = self._scope
        header = self._type_scope(node.type_parameters)
        function = header.open(ScopeKind.FUNCTION)
        with self._inside(header):
            self._visit_all(node.type_parameters)
            self._parameters(node.params, function, outer)
            self._visit_all(node.returns)
        with self._inside(function):
            self.visit(node.body)

    def _lambda(self, node: cst.Lambda) -> None:
        function = self._scope.open(ScopeKind.FUNCTION)
        self._parameters(node.params, function, self._scope)
        with self._inside(function):
            self.visit(node.body)

    def _class(self, node: cst.ClassDef) -> None:
        self._visit_all(node.decorators)
        self._see(node.name)
        self._bind(node.name)
        header = self._type_scope(node.type_parameters)
        with self._inside(header):
            self._visit_all(node.type_parameters)
            self._visit_all(node.bases)
            self._visit_all(node.keywords)
        with self._inside(header.open(ScopeKind.CLASS)):
            self.visit(node.body)

    def _type_scope(self, parameters: cst.TypeParameters | None) -> Scope:
        return self._scope.open(ScopeKind.TYPE) if parameters is not None else self._scope

    def _parameters(self, node: cst.Parameters, function: Scope, outer: Scope) -> None:
        """Annotations belong to the header, defaults to the enclosing scope."""
        groups = (node.posonly_params, node.params, (node.star_arg,), node.kwonly_params)
        for parameter in (*(p for group in groups for p in group), node.star_kwarg):
            if not isinstance(parameter, cst.Param):
                continue
            self._see(parameter.name)
            self._visit_all(parameter.annotation)
            with self._inside(outer):
                self._pass_on([parameter.name], parameter.default, function)

    def _type_variable(self, node: cst.TypeVar | cst.TypeVarTuple | cst.ParamSpec) -> None:
        self._see(node.name)
        self._bind(node.name)
        if isinstance(node, cst.TypeVar):
            self._visit_all(node.bound)

    def _type_alias(self, node: cst.TypeAlias) -> None:
        self._see(node.name)
        self._bind(node.name)
        with self._inside(self._type_scope(node.type_parameters)):
            self._visit_all(node.type_parameters)
            self.visit(node.value)

    def _comprehension(self, node: cst.BaseSimpleComp | cst.DictComp) -> None:
        outer, inner = self._scope, self._scope.open(ScopeKind.COMPREHENSION)
        with self._inside(inner):
            if isinstance(node, cst.DictComp):
                self.visit(node.key)
                self.visit(node.value)
            else:
                self.visit(node.elt)
            loop: cst.CompFor | None = node.for_in
            while loop is not None:
                self._target(loop.target)
                with self._inside(outer if loop is node.for_in else inner):
                    self.visit(loop.iter)
                self._visit_all(loop.ifs)
                loop = loop.inner_for_in

    def _block(self, node: cst.CSTNode) -> None:
        self._nesting += 1
        super().visit(node)
        self._nesting -= 1

    def _for(self, node: cst.For) -> None:
        self._nesting += 1
        self._target(node.target)
        self._visit_all((node.iter, node.body, node.orelse))
        self._nesting -= 1

    # -- patterns -------------------------------------------------------------------------------

    def _capture(self, node: cst.MatchAs | cst.MatchStar) -> None:
        if isinstance(node, cst.MatchAs):
            self._visit_all(node.pattern)
        if node.name is not None:
            self._target(node.name)

    def _mapping(self, node: cst.MatchMapping) -> None:
        self._visit_all(node.elements)
        if node.rest is not None:
            self._target(node.rest)

    def _keyword(self, node: cst.Arg | cst.MatchKeywordElement) -> None:
        """The name of an argument is no use of that name."""
        name = node.keyword if isinstance(node, cst.Arg) else node.key
        if name is not None:
            self._see(name)
        self.visit(node.value if isinstance(node, cst.Arg) else node.pattern)


_HANDLERS: dict[type[cst.CSTNode], Callable[[Binder, Any], None]] = {
    cst.AnnAssign: Binder._annotated,
    cst.Annotation: Binder._annotation,
    cst.Arg: Binder._keyword,
    cst.AsName: Binder._as_name,
    cst.Assign: Binder._assign,
    cst.Attribute: Binder._name,
    cst.AugAssign: Binder._augmented,
    cst.Call: Binder._call,
    cst.ClassDef: Binder._class,
    cst.Del: Binder._delete,
    cst.DictComp: Binder._comprehension,
    cst.For: Binder._for,
    cst.FormattedStringExpression: Binder._field,
    cst.FunctionDef: Binder._function,
    cst.GeneratorExp: Binder._comprehension,
    cst.Global: Binder._declare,
    cst.If: Binder._block,
    cst.Import: Binder._import,
    cst.ImportFrom: Binder._import_from,
    cst.Lambda: Binder._lambda,
    cst.ListComp: Binder._comprehension,
    cst.Match: Binder._block,
    cst.MatchAs: Binder._capture,
    cst.MatchKeywordElement: Binder._keyword,
    cst.MatchMapping: Binder._mapping,
    cst.MatchStar: Binder._capture,
    cst.Name: Binder._name,
    cst.NamedExpr: Binder._walrus,
    cst.Nonlocal: Binder._declare,
    cst.ParamSpec: Binder._type_variable,
    cst.SetComp: Binder._comprehension,
    cst.SimpleString: Binder._string,
    cst.TemplatedStringExpression: Binder._field,
    cst.Try: Binder._block,
    cst.TryStar: Binder._block,
    cst.TypeAlias: Binder._type_alias,
    cst.TypeVar: Binder._type_variable,
    cst.TypeVarTuple: Binder._type_variable,
    cst.While: Binder._block,
    cst.With: Binder._block,
}
