"""Record how expressions use names of interest."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from analyzers.names import Binding, Context, Dynamic, How, Names, Scope, Token, Use
from analyzers.places import Places
from analyzers.scopes import ScopeKind
from analyzers.tree import chain, constant

_DOTTED = re.compile(r"(?<![\w.])[^\W\d]\w*(?:\.[^\W\d]\w*)*")
RECEIVERS = frozenset(("self", "cls"))
"""What methods call the object or class that they belong to."""
_READERS = frozenset(("getattr", "hasattr"))
_IMPORTERS = frozenset(("import_module", "__import__"))


class UseRecorder:
    """Records names of interest in expressions; `Binder` adds what binds names.

    ``interest`` are the names whose bindings and uses count, ``heads`` among them the last parts
    of the names looked for, ``modules`` the qualified names of the modules that hold those.
    """

    def __init__(
        self, interest: frozenset[str], heads: frozenset[str], modules: frozenset[str]
    ) -> None:
        self.names = Names(Scope(ScopeKind.MODULE))
        self._interest = interest
        self._heads = heads
        self._modules = modules
        self._scope = self.names.module
        self._places: Places
        """Of the piece that is visited."""
        self._nesting = 0
        self._quoting = False
        self._showing = False
        self._shown: Iterator[bool] | None = None
        """Of the fields that are still to come in an f-string: whether each shows its code."""

    def visit(self, node: ast.AST) -> None:
        """Record what ``node`` binds and uses."""
        self.visit_parts(node)

    def visit_parts(self, node: ast.AST) -> None:
        """Record what the parts of ``node`` bind and use."""
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
        """Bind a name, if it is of interest and therefore a token."""
        if token is not None:
            target = scope or self._scope
            target.bind(token.value, Binding(token.value, how, token, **more))

    def _token(self, node: ast.Name) -> Token | None:
        return self._places.first(node.id, node) if node.id in self._interest else None

    def _expression(self, node: ast.expr, context: Context = Context.LOAD) -> Use | None:
        """Record a (dotted) name in the given context; visit anything else."""
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
        """The attributes that are named like something of interest."""
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
        """The module that a call gives, as far as its first argument says so."""
        arguments = _arguments(node) if isinstance(node, ast.Call) else []
        if not isinstance(node, ast.Call) or not arguments:
            return None
        module = constant(arguments[0])
        function, attributes = chain(node.func)
        plain = function.id if isinstance(function, ast.Name) else ""
        importer = attributes[-1].attr if attributes else plain
        return module if importer in _IMPORTERS or module in self._modules else None

    def _call(self, node: ast.Call) -> None:
        self._expression(node.func, Context.CALL)
        for keyword in node.keywords:
            self._keyword_name(keyword)
        arguments = _arguments(node)
        uses = [self._expression(argument) for argument in arguments]
        for argument, use, following in zip(arguments, uses, arguments[1:], strict=False):
            text = constant(following)
            if text is not None:
                self._named(argument, use, text, following, _naming(node.func))
        if arguments:
            self._keywords(node, arguments[0], uses[0])

    def _keyword_name(self, keyword: ast.keyword) -> None:
        """The name of an argument is no use of that name."""
        if keyword.arg is not None and keyword.arg in self._interest:
            self._places.first(keyword.arg, keyword)

    def _keyword(self, node: ast.keyword) -> None:
        self._keyword_name(node)
        self.visit(node.value)

    def _named(
        self, holder: ast.expr, use: Use | None, text: str, node: ast.expr, context: Context
    ) -> None:
        """An argument followed by a constant string that may name one of its attributes."""
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
        """``patch.multiple(module, name=...)``: keywords that name attributes."""
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
                self.names.uses.append(Use(use.scope, use.root, values, Context.NAMED, use.tokens))

    def _annotation(self, node: ast.expr | None) -> None:
        if node is not None:
            quoting, self._quoting = self._quoting, True
            self.visit(node)
            self._quoting = quoting

    def _formatted(self, node: Any) -> None:
        """The fields of an f-string or template; what is between them is only text."""
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
                use = Use(self._scope, token, tuple(attributes), Context.QUOTED)
                self.names.uses.append(use)


def _arguments(call: ast.Call) -> list[ast.expr]:
    """The values of all arguments in the order of the source, stars left out."""
    plain = [a.value if isinstance(a, ast.Starred) else a for a in call.args]
    values = [*plain, *(keyword.value for keyword in call.keywords)]
    return sorted(values, key=lambda value: (value.lineno, value.col_offset))


def _naming(function: ast.expr) -> Context:
    """What a call does with the attribute that a string argument names."""
    reads = isinstance(function, ast.Name) and function.id in _READERS
    return Context.LOOKED_UP if reads else Context.NAMED
