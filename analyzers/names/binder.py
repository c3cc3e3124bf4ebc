"""Walk syntax trees once, in source order, and record bindings and uses of names."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from workbench.analyzers.names.bindings import (
    Binding,
    Dynamic,
    Held,
    How,
    ImportSite,
    NameContext,
    Names,
    Scope,
    Star,
    Token,
    Use,
)
from workbench.analyzers.names.positions import Places
from workbench.analyzers.names.scopes import Declared, ScopeKind
from workbench.analyzers.syntax.nodes import (
    ParamSpec,
    TemplateStr,
    TryStar,
    TypeAlias,
    TypeVar,
    TypeVarTuple,
)
from workbench.analyzers.syntax.tree import chain, constant

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_DOTTED = re.compile(r"(?<![\w.])[^\W\d]\w*(?:\.[^\W\d]\w*)*")
RECEIVERS = frozenset(("self", "cls"))
"""Names by which methods refer to their object or class."""
_READERS = frozenset(("getattr", "hasattr"))
_IMPORTERS = frozenset(("import_module", "__import__"))


class Binder:
    """A recorder of the names of interest in one file, piece by piece.

    ``interest`` is the set of names whose bindings and uses are recorded; ``heads``, a subset,
    are the last parts of the searched names, and ``modules`` the qualified names of the modules
    that define them. ``package`` has the parts of the package that relative imports start from.
    """

    def __init__(
        self,
        interest: frozenset[str],
        heads: frozenset[str],
        modules: frozenset[str],
        package: tuple[str, ...],
    ) -> None:
        self.names = Names(Scope(ScopeKind.MODULE))
        self._interest = interest
        self._heads = heads
        self._modules = modules
        self._package = package
        self._owners: dict[int, Scope] = {}
        self._scope = self.names.module
        self._places: Places
        """Positions in the current piece."""
        self._nesting = 0
        self._quoting = False
        self._showing = False
        self._shown: Iterator[bool] | None = None
        """For each remaining field of the current f-string, whether it shows its code."""

    def add(self, tree: ast.Module, places: Places, owner: int | None = None) -> None:
        """Record the names of a piece.

        With an ``owner``, the piece is a class whose body belongs to the class with that key.
        Raises `PlaceError` if the position of a name is uncertain.
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
        """Record the bindings and uses in ``node``."""
        handler = _HANDLERS.get(type(node))
        if handler is not None:
            handler(self, node)
        else:
            self.visit_parts(node)

    def visit_parts(self, node: ast.AST) -> None:
        """Record the bindings and uses in the fields of ``node``."""
        for name in node._fields:
            self._visit_all(getattr(node, name, None))

    def _visit_all(self, value: object) -> None:
        if isinstance(value, ast.AST):
            self.visit(value)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, ast.AST):
                    self.visit(item)

    @contextmanager
    def _inside(self, scope: Scope) -> Iterator[None]:
        outer, self._scope = self._scope, scope
        nesting, self._nesting = self._nesting, 0
        try:
            yield
        finally:
            self._scope, self._nesting = outer, nesting

    def _bind(
        self, token: Token | None, how: How = How.OTHER, scope: Scope | None = None, **more: Any
    ) -> None:
        """Bind a name if it has a token, which only names of interest have."""
        if token is not None:
            target = scope or self._scope
            target.bind(token.value, Binding(token.value, how, token, **more))

    def _bind_after(self, name: str, after: int) -> None:
        """Bind a name at its first occurrence after an offset."""
        if name in self._interest:
            self._bind(self._places.following(name, after))

    # -- expressions ------------------------------------------------------------------------------

    def _token(self, node: ast.Name) -> Token | None:
        return self._places.first(node.id, node) if node.id in self._interest else None

    def _expression(self, node: ast.expr, context: NameContext = NameContext.LOAD) -> Use | None:
        """Record a (dotted) name in the given context, or visit any other expression."""
        if not isinstance(node, ast.Name | ast.Attribute):
            self.visit(node)
            return None
        root, attributes = chain(node)
        if not isinstance(root, ast.Name):
            self._attributes_of(root, attributes)
            return None
        values = tuple(attribute.attr for attribute in attributes)
        if not self._heads.isdisjoint(values):
            self.names.demanded.add(root.id)
            if root.id in RECEIVERS:
                self.names.demanded.add(values[0])
        token = self._token(root)
        if token is None:
            self._tokens_of(attributes)
            return None
        tokens = tuple(self._places.last(attribute.attr, attribute) for attribute in attributes)
        use = Use(self._scope, token, values, context, tokens, shown=self._showing)
        self.names.uses.append(use)
        return use

    def _tokens_of(self, attributes: Iterable[ast.Attribute]) -> dict[str, Token]:
        """Return tokens of the attributes whose names are of interest."""
        named = (one for one in attributes if one.attr in self._interest)
        tokens = [self._places.last(one.attr, one) for one in named]
        return {token.value: token for token in reversed(tokens)}

    def _name(self, node: ast.Name | ast.Attribute) -> None:
        self._expression(node)

    def _attributes_of(self, root: ast.expr, attributes: list[ast.Attribute]) -> None:
        self.visit(root)
        tokens = self._tokens_of(attributes)
        head = next((token for name, token in tokens.items() if name in self._heads), None)
        origin = self._imported_by(root) if head is not None else None
        if head is not None and origin is not None:
            values = tuple(attribute.attr for attribute in attributes)
            self.names.dynamics.append(Dynamic(origin, values, head))

    def _imported_by(self, node: ast.expr) -> str | None:
        """Return the module that a call imports, if its first argument names it."""
        arguments = _arguments(node) if isinstance(node, ast.Call) else []
        if not isinstance(node, ast.Call) or not arguments:
            return None
        module = constant(arguments[0])
        function, attributes = chain(node.func)
        plain = function.id if isinstance(function, ast.Name) else ""
        importer = attributes[-1].attr if attributes else plain
        return module if importer in _IMPORTERS or module in self._modules else None

    def _call(self, node: ast.Call) -> None:
        self._expression(node.func, NameContext.CALL)
        for keyword in node.keywords:
            self._keyword_name(keyword)
        arguments = _arguments(node)
        uses = [self._expression(argument) for argument in arguments]
        for argument, use, following in zip(arguments, uses, arguments[1:], strict=False):
            text = constant(following)
            if text is not None:
                self._named(argument, use, text, following, _string_context(node.func))
        if arguments:
            self._keywords(node, arguments[0], uses[0])

    def _keyword_name(self, keyword: ast.keyword) -> None:
        """Locate the name of a keyword argument, which is not a use of that name."""
        if keyword.arg is not None and keyword.arg in self._interest:
            self._places.first(keyword.arg, keyword)

    def _keyword(self, node: ast.keyword) -> None:
        self._keyword_name(node)
        self.visit(node.value)

    def _named(
        self, holder: ast.expr, use: Use | None, text: str, node: ast.expr, context: NameContext
    ) -> None:
        """Record an argument followed by a string that may name one of its attributes."""
        parts = tuple(text.split("."))
        if parts[-1] not in self._heads:
            return
        root, _ = chain(holder)
        if isinstance(root, ast.Name):
            self.names.demanded.add(root.id)
        origin = self._imported_by(holder)
        if use is not None:
            named = (*use.attributes, *parts)
            self.names.uses.append(Use(use.scope, use.root, named, context, use.tokens))
        elif origin is not None:
            token = self._places.quoted(parts[-1], node)
            self.names.dynamics.append(Dynamic(origin, parts, token, by_string=True))

    def _keywords(self, node: ast.Call, first: ast.expr, use: Use | None) -> None:
        """Record keywords that name attributes: ``patch.multiple(module, name=...)``."""
        _, attributes = chain(node.func)
        if not attributes or attributes[-1].attr != "multiple":
            return
        named = [k.arg for k in node.keywords if k.arg is not None and k.value is not first]
        for name in self._heads.intersection(named):
            root, _ = chain(first)
            if isinstance(root, ast.Name):
                self.names.demanded.add(root.id)
            if use is not None:
                values = (*use.attributes, name)
                self.names.uses.append(
                    Use(use.scope, use.root, values, NameContext.NAMED, use.tokens)
                )

    def _annotation(self, node: ast.expr | None) -> None:
        if node is not None:
            quoting, self._quoting = self._quoting, True
            self.visit(node)
            self._quoting = quoting

    def _formatted(self, node: Any) -> None:
        """Visit the fields of an f-string or template; the rest is plain text."""
        outermost, showing = self._shown is None, self._showing
        if self._shown is None:
            self._shown = iter(self._places.shown_fields(node))
            self._places.enter_formatted()
        for value in node.values:
            if not isinstance(value, ast.Constant):
                is_shown = next(self._shown, True) or not isinstance(value, ast.FormattedValue)
                self._showing = showing or is_shown
                self.visit_parts(value)
        self._showing = showing
        if outermost:
            self._shown = None
            self._places.leave_formatted(node, self._interest)

    def _constant(self, node: ast.Constant) -> None:
        text = node.value if self._quoting and isinstance(node.value, str) else ""
        for match in _DOTTED.finditer(text):
            root, *attributes = match.group().split(".")
            if not self._heads.isdisjoint((root, *attributes)):
                self.names.demanded.add(root)
                token = self._places.quoted(root, node)
                use = Use(self._scope, token, tuple(attributes), NameContext.QUOTED)
                self.names.uses.append(use)

    # -- assignments ------------------------------------------------------------------------------

    def _target(self, node: ast.expr, how: How = How.OTHER) -> None:
        """Record a target of an assignment, ``for``, ``with`` or ``del``."""
        if isinstance(node, ast.Name):
            self._bind(self._token(node), how)
        elif isinstance(node, ast.Attribute):
            deletes = how is How.DELETED
            self._expression(node, NameContext.DELETE if deletes else NameContext.STORE)
        elif isinstance(node, ast.Tuple | ast.List):
            for element in node.elts:
                self._target(element, how)
        elif isinstance(node, ast.Starred):
            self._target(node.value, how)
        else:
            self.visit(node)

    def _assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if not isinstance(target, ast.Name):
                self._target(target)
        names = [target for target in node.targets if isinstance(target, ast.Name)]
        use = self._assign_names([self._token(name) for name in names], node.value, self._scope)
        self._assign_attributes(node.targets, node.value, use)

    def _assign_attributes(
        self, targets: Sequence[ast.expr], value: ast.expr | None, use: Use | None
    ) -> None:
        """Record attributes of plain names to which a (dotted) name is assigned."""
        root = chain(value)[0] if value is not None else None
        for target in targets:
            if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
                continue
            if use is not None:
                token = self._places.last(target.attr, target)
                self.names.held.append(Held(self._scope, target.value.id, token, use))
            if target.attr in self._interest and isinstance(root, ast.Name):
                self.names.demanded.add(root.id)

    def _assign_names(
        self, tokens: Sequence[Token | None], value: ast.expr | None, scope: Scope
    ) -> Use | None:
        """Visit a value and bind names of ``scope`` to it; names not of interest are None."""
        use = self._expression(value) if value is not None else None
        origin = self._imported_by(value) if value is not None else None
        for token in tokens:
            if use is not None:
                self._bind(token, How.ASSIGNED, scope, value=use)
            elif origin is not None:
                self._bind(token, How.DYNAMIC, scope, origin=origin)
            else:
                self._bind(token, How.OTHER, scope)
            if token is not None and value is not None:
                root, _ = chain(value)
                if isinstance(root, ast.Name):
                    self.names.demanded.add(root.id)
        return use

    def _annotated(self, node: ast.AnnAssign) -> None:
        target = node.target
        if not isinstance(target, ast.Name):
            self._target(target)
        self._annotation(node.annotation)
        tokens = [self._token(target)] if isinstance(target, ast.Name) else []
        use = self._assign_names(tokens, node.value, self._scope)
        self._assign_attributes([target], node.value, use)

    def _augmented(self, node: ast.AugAssign) -> None:
        self._target(node.target)
        self.visit(node.value)

    def _walrus(self, node: ast.NamedExpr) -> None:
        self._assign_names([self._token(node.target)], node.value, self._scope.walrus_target)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self._target(target, How.DELETED)

    def _item(self, node: ast.withitem) -> None:
        self.visit(node.context_expr)
        if node.optional_vars is not None:
            self._target(node.optional_vars)

    def _declare(self, node: ast.Global | ast.Nonlocal) -> None:
        declared = Declared.GLOBAL if isinstance(node, ast.Global) else Declared.NONLOCAL
        for name in node.names:
            self._scope.declared[name] = declared

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
        """Record an import alias; ``name`` is the first part of the imported name."""
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
        """Bind parameters; annotations belong to the header, defaults to the enclosing scope."""
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
                    self._assign_names([self._parameter(parameter)], default, function)

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


def absolute(package: tuple[str, ...], level: int, module: str) -> str | None:
    """Resolve a relative import; return None if it goes beyond the top package."""
    if level == 0:
        return module
    if level > len(package):
        return None
    base = package[: len(package) - level + 1]
    return ".".join((*base, module) if module else base)


def _arguments(call: ast.Call) -> list[ast.expr]:
    """Return the values of all arguments in source order, without stars."""
    plain = [a.value if isinstance(a, ast.Starred) else a for a in call.args]
    values = [*plain, *(keyword.value for keyword in call.keywords)]
    return sorted(values, key=lambda value: (value.lineno, value.col_offset))


def _string_context(function: ast.expr) -> NameContext:
    """Return the context of an attribute that a string argument of a call names."""
    reads = isinstance(function, ast.Name) and function.id in _READERS
    return NameContext.LOOKED_UP if reads else NameContext.NAMED
