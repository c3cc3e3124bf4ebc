"""Record how LibCST expressions use names of interest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import libcst as cst

from analyzers.names import Binding, Context, Dynamic, How, Names, Scope, Use
from analyzers.scopes import ScopeKind
from analyzers.tree import chain, child_fields, constant

_DOTTED = re.compile(r"(?<![\w.])[^\W\d]\w*(?:\.[^\W\d]\w*)*")
RECEIVERS = frozenset(("self", "cls"))
"""What methods call the object or class that they belong to."""
_READERS = frozenset(("getattr", "hasattr"))
_IMPORTERS = frozenset(("import_module", "__import__"))

Marker = cst.Name | cst.SimpleString
"""A node that the lexer finds too, so that its position is known."""


class UseRecorder:
    """Records names of interest in expressions; `Binder` adds what binds names.

    ``interest`` are the names whose bindings and uses count, ``heads`` among them the last parts
    of the names looked for, ``modules`` the qualified names of the modules that hold those.
    """

    def __init__(
        self, interest: frozenset[str], heads: frozenset[str], modules: frozenset[str]
    ) -> None:
        self.names = Names(Scope(ScopeKind.MODULE))
        self.seen: list[Marker] = []
        self._interest = interest
        self._heads = heads
        self._modules = modules
        self._scope = self.names.module
        self._nesting = 0
        self._quoting = False
        self._showing = False

    def visit(self, node: cst.CSTNode) -> None:
        """Record what ``node`` binds and uses."""
        for name in child_fields(type(node)):
            self._visit_all(getattr(node, name))

    def _visit_all(self, value: object) -> None:
        if isinstance(value, cst.CSTNode):
            self.visit(value)
        elif isinstance(value, list | tuple):
            for item in value:
                self._visit_all(item)

    @contextmanager
    def _inside(self, scope: Scope) -> Iterator[None]:
        outer, self._scope = self._scope, scope
        nesting, self._nesting = self._nesting, 0
        try:
            yield
        finally:
            self._scope, self._nesting = outer, nesting

    def _see(self, node: cst.Name) -> None:
        if node.value in self._interest:
            self.seen.append(node)

    def _bind(
        self, node: cst.Name, how: How = How.OTHER, scope: Scope | None = None, **more: Any
    ) -> None:
        if node.value in self._interest:
            target = scope or self._scope
            target.bind(node.value, Binding(node.value, how, node, **more))

    def _expression(self, node: cst.BaseExpression, context: Context = Context.LOAD) -> Use | None:
        """Record a (dotted) name in the given context; visit anything else."""
        if not isinstance(node, cst.Name | cst.Attribute):
            self.visit(node)
            return None
        root, attributes = chain(node)
        if not isinstance(root, cst.Name):
            self._attributes_of(root, attributes)
            return None
        for name in (root, *attributes):
            self._see(name)
        if any(name.value in self._heads for name in attributes):
            self.names.demanded.add(root.value)
            if root.value in RECEIVERS:
                self.names.demanded.add(attributes[0].value)
        if root.value not in self._interest:
            return None
        values = tuple(name.value for name in attributes)
        use = Use(self._scope, root, values, context, tuple(attributes), shown=self._showing)
        self.names.uses.append(use)
        return use

    def _name(self, node: cst.Name | cst.Attribute) -> None:
        self._expression(node)

    def _attributes_of(self, root: cst.BaseExpression, attributes: list[cst.Name]) -> None:
        self.visit(root)
        for name in attributes:
            self._see(name)
        head = next((name for name in attributes if name.value in self._heads), None)
        origin = self._imported_by(root) if head is not None else None
        if head is not None and origin is not None:
            values = tuple(name.value for name in attributes)
            self.names.dynamics.append(Dynamic(origin, values, head))

    def _imported_by(self, node: cst.BaseExpression) -> str | None:
        """The module that a call gives, as far as its first argument says so."""
        if not isinstance(node, cst.Call) or not node.args:
            return None
        module = constant(node.args[0].value)
        function, attributes = chain(node.func)
        importer = attributes[-1] if attributes else function
        known = isinstance(importer, cst.Name) and importer.value in _IMPORTERS
        return module if known or module in self._modules else None

    def _call(self, node: cst.Call) -> None:
        self._expression(node.func, Context.CALL)
        uses = []
        for argument in node.args:
            if argument.keyword is not None:
                self._see(argument.keyword)
            uses.append(self._expression(argument.value))
        for argument, use, following in zip(node.args, uses, node.args[1:], strict=False):
            text = constant(following.value)
            if text is not None:
                context = _naming(node.func)
                self._named(argument.value, use, text, following.value, context)
        if node.args:
            self._keywords(node, uses[0])

    def _named(
        self,
        holder: cst.BaseExpression,
        use: Use | None,
        text: str,
        node: cst.BaseExpression,
        context: Context,
    ) -> None:
        """An argument followed by a constant string that may name one of its attributes."""
        parts = tuple(text.split("."))
        if parts[-1] not in self._heads:
            return
        root, _ = chain(holder)
        if isinstance(root, cst.Name):
            self.names.demanded.add(root.value)
        origin = self._imported_by(holder)
        if use is not None:
            named = (*use.attributes, *parts)
            self.names.uses.append(Use(use.scope, use.root, named, context, use.nodes))
        elif origin is not None and isinstance(node, cst.SimpleString):
            self.names.dynamics.append(Dynamic(origin, parts, node))

    def _keywords(self, node: cst.Call, use: Use | None) -> None:
        """``patch.multiple(module, name=...)``: keywords that name attributes."""
        _, attributes = chain(node.func)
        named = [a.keyword.value for a in node.args[1:] if a.keyword is not None]
        if not attributes or attributes[-1].value != "multiple":
            return
        for name in self._heads.intersection(named):
            root, _ = chain(node.args[0].value)
            if isinstance(root, cst.Name):
                self.names.demanded.add(root.value)
            if use is not None:
                values = (*use.attributes, name)
                self.names.uses.append(Use(use.scope, use.root, values, Context.NAMED, use.nodes))

    def _annotation(self, node: cst.Annotation) -> None:
        quoting, self._quoting = self._quoting, True
        self.visit(node.annotation)
        self._quoting = quoting

    def _field(self, node: cst.FormattedStringExpression | cst.TemplatedStringExpression) -> None:
        showing = self._showing
        self._showing = (
            showing or isinstance(node, cst.TemplatedStringExpression) or (node.equal is not None)
        )
        UseRecorder.visit(self, node)
        self._showing = showing

    def _string(self, node: cst.SimpleString) -> None:
        if not any(head in node.value for head in self._heads):
            return
        self.seen.append(node)
        text = constant(node) if self._quoting else None
        for match in _DOTTED.finditer(text or ""):
            root, *attributes = match.group().split(".")
            if not self._heads.isdisjoint((root, *attributes)):
                self.names.demanded.add(root)
                use = Use(self._scope, node, tuple(attributes), Context.QUOTED, quoted=root)
                self.names.uses.append(use)


def _naming(function: cst.BaseExpression) -> Context:
    """What a call does with the attribute that a string argument names."""
    reads = isinstance(function, cst.Name) and function.value in _READERS
    return Context.LOOKED_UP if reads else Context.NAMED
