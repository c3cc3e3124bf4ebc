"""Fingerprint a function's body independently of local names and formatting.

Two bodies have the same fingerprint if they are equal up to renaming of local names (including
parameters), comments, docstrings, annotations, ``pass`` and formatting. This is equality up to
renaming of bound variables, as in the lambda calculus; each variable is numbered at its first
occurrence. Globals, attributes, keywords, constants and operators are significant. The name and
the signature of the function are not, so a method can be a copy too. The serialisation omits
empty fields and normalises f-strings, so that all Python versions give the same fingerprint.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NAME_FIELDS: dict[type[ast.AST], str] = {
    ast.Name: "id",
    ast.arg: "arg",
    ast.FunctionDef: "name",
    ast.AsyncFunctionDef: "name",
    ast.ClassDef: "name",
    ast.ExceptHandler: "name",
    ast.MatchAs: "name",
    ast.MatchStar: "name",
    ast.MatchMapping: "rest",
}
_IGNORED = frozenset(("annotation", "ctx", "kind", "returns", "type_comment", "type_params"))
_DIGITS = 32


def fingerprint(function: FunctionNode) -> str:
    """Return the fingerprint of a function's body, 128 bits in hexadecimal.

    Raises RecursionError if the body nests too deeply, ValueError if it contains a number that is
    too long to convert to decimal.
    """
    scope = _LocalScope(parent=None)
    scope.bound.update(argument.arg for argument in _arguments(function.args))
    scope.collect(function.body)
    text = _Serialiser(scope).body(function.body)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _arguments(arguments: ast.arguments) -> Iterator[ast.arg]:
    yield from (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    yield from (a for a in (arguments.vararg, arguments.kwarg) if a is not None)


@dataclass(eq=False)
class _LocalScope:
    """The names that one scope binds; names of a class are attributes and are not renamed."""

    parent: _LocalScope | None
    is_class: bool = False
    bound: set[str] = field(default_factory=set)
    global_names: set[str] = field(default_factory=set)
    """Names declared ``global``."""

    def lookup(self, name: str) -> _LocalScope | None:
        """Find the scope with the local variable ``name``; None for a global or an attribute."""
        scope: _LocalScope | None = self
        while scope is not None:
            if name in scope.global_names:
                return None
            if name in scope.bound and (scope is self or not scope.is_class):
                return None if scope.is_class else scope
            scope = scope.parent
        return None

    def collect(self, nodes: Iterable[ast.AST]) -> None:
        """Record the names that nodes bind in this scope, without inner scopes."""
        nonlocals: set[str] = set()
        for node in _of_one_scope(nodes):
            if isinstance(node, ast.Global):
                self.global_names.update(node.names)
            elif isinstance(node, ast.Nonlocal):
                nonlocals.update(node.names)
            else:
                self.bound.update(_bindings(node))
        self.bound -= self.global_names | nonlocals


def _of_one_scope(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield the nodes of one scope; in comprehensions only walruses, which bind outside them."""
    for node in nodes:
        yield node
        if isinstance(node, FunctionNode | ast.Lambda):
            outer = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
            yield from _of_one_scope((*outer, *getattr(node, "decorator_list", ())))
        elif isinstance(node, ast.ClassDef):
            yield from _of_one_scope((*node.bases, *node.keywords, *node.decorator_list))
        elif isinstance(node, _COMPREHENSIONS):
            inner = _of_one_scope(ast.iter_child_nodes(node))
            yield from (found for found in inner if isinstance(found, ast.NamedExpr))
        else:
            yield from _of_one_scope(ast.iter_child_nodes(node))


def _bindings(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            yield node.id
    elif isinstance(node, ast.NamedExpr):
        yield node.target.id
    elif isinstance(node, ast.alias):
        yield _bound_by(node)
    elif type(node) in _NAME_FIELDS and not isinstance(node, ast.arg):
        name: str | None = getattr(node, _NAME_FIELDS[type(node)])
        yield from [name] if name is not None else []


def _bound_by(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


class _Serialiser:
    """A writer of trees as text, with local variables as numbers."""

    def __init__(self, scope: _LocalScope) -> None:
        self._scope = scope
        self._numbers: dict[tuple[int, str], int] = {}
        self._scopes = [scope]
        """All scopes, kept alive so that their ids stay unique."""

    def body(self, statements: Iterable[ast.stmt]) -> str:
        """Return statements as text, without those that do nothing."""
        return "[" + " ".join(self._node(s) for s in statements if not _does_nothing(s)) + "]"

    def _node(self, node: ast.AST) -> str:
        handler = _HANDLERS.get(type(node))
        return handler(self, node) if handler is not None else self._fields(node)

    def _constant(self, node: ast.Constant) -> str:
        return f"{type(node.value).__name__}:{node.value!a}"

    def _alias(self, node: ast.alias) -> str:
        return f"alias({node.name} {self._name(_bound_by(node))})"

    def _annotated(self, node: ast.AnnAssign) -> str:
        assert node.value is not None
        return f"Assign(targets=[{self._node(node.target)}] value={self._node(node.value)})"

    def _formatted(self, node: ast.JoinedStr) -> str:
        return f"JoinedStr({' '.join(self._pieces(node))})"

    def _fields(self, node: ast.AST, without: frozenset[str] = frozenset()) -> str:
        parts = []
        named = _NAME_FIELDS.get(type(node))
        for name, value in ast.iter_fields(node):
            if name in _IGNORED or name in without or value is None or value == []:
                continue
            if name == "format_spec" and not value.values:
                continue
            shown = self._name(value) if name == named else self._value(value)
            parts.append(f"{name}={shown}")
        return f"{type(node).__name__}({' '.join(parts)})"

    def _value(self, value: object) -> str:
        if isinstance(value, list):
            if value and isinstance(value[0], ast.stmt):
                return self.body(value)
            return "[" + " ".join(self._value(item) for item in value) + "]"
        return self._node(value) if isinstance(value, ast.AST) else ascii(value)

    def _name(self, name: str) -> str:
        scope = self._scope.lookup(name)
        if scope is None:
            return name
        return str(self._numbers.setdefault((id(scope), name), len(self._numbers)))

    def _pieces(self, node: ast.JoinedStr) -> Iterator[str]:
        """Yield the parts of an f-string, with adjacent texts joined."""
        text = ""
        for part in node.values:
            if isinstance(part, ast.Constant):
                text += str(part.value)
                continue
            if text:
                yield ascii(text)
            text = ""
            yield self._node(part)
        if text:
            yield ascii(text)

    # -- scopes ---------------------------------------------------------------------------------

    def _enter(self, scope: _LocalScope) -> None:
        self._scopes.append(scope)
        self._scope = scope

    def _leave(self) -> None:
        assert self._scope.parent is not None
        self._scope = self._scope.parent

    def _function(self, node: FunctionNode | ast.Lambda) -> str:
        arguments, outside = node.args, frozenset(("defaults", "kw_defaults"))
        name = "" if isinstance(node, ast.Lambda) else self._name(node.name)
        decorators = self._value(getattr(node, "decorator_list", []))
        defaults = self._value([arguments.defaults, arguments.kw_defaults])
        inner = _LocalScope(self._scope)
        inner.bound.update(argument.arg for argument in _arguments(arguments))
        inner.collect([node.body] if isinstance(node, ast.Lambda) else node.body)
        self._enter(inner)
        parameters = self._fields(arguments, without=outside)
        body = self._value(node.body)
        self._leave()
        return f"{type(node).__name__}({name} {decorators} {defaults} {parameters} {body})"

    def _class(self, node: ast.ClassDef) -> str:
        header = self._fields(node, without=frozenset(("body",)))
        inner = _LocalScope(self._scope, is_class=True)
        inner.collect(node.body)
        self._enter(inner)
        body = self.body(node.body)
        self._leave()
        return f"{header}{body}"

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> str:
        first = self._node(node.generators[0].iter)
        inner = _LocalScope(self._scope)
        inner.collect(generator.target for generator in node.generators)
        self._enter(inner)
        loops = []
        for number, loop in enumerate(node.generators):
            skipped = frozenset(("iter",)) if number == 0 else frozenset[str]()
            loops.append(self._fields(loop, without=skipped))
        rest = self._fields(node, without=frozenset(("generators",)))
        self._leave()
        return f"{rest}({first} {' '.join(loops)})"


_HANDLERS: dict[type[ast.AST], Callable[[_Serialiser, Any], str]] = {
    ast.AnnAssign: _Serialiser._annotated,
    ast.AsyncFunctionDef: _Serialiser._function,
    ast.ClassDef: _Serialiser._class,
    ast.Constant: _Serialiser._constant,
    ast.DictComp: _Serialiser._comprehension,
    ast.FunctionDef: _Serialiser._function,
    ast.GeneratorExp: _Serialiser._comprehension,
    ast.JoinedStr: _Serialiser._formatted,
    ast.Lambda: _Serialiser._function,
    ast.ListComp: _Serialiser._comprehension,
    ast.SetComp: _Serialiser._comprehension,
    ast.alias: _Serialiser._alias,
}


def _does_nothing(statement: ast.stmt) -> bool:
    """Return whether a statement is ``pass``, a constant, a bare annotation or a declaration.

    The effect of ``global`` and ``nonlocal`` shows in the serialised names.
    """
    if isinstance(statement, ast.AnnAssign):
        return statement.value is None
    constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return constant or isinstance(statement, ast.Pass | ast.Global | ast.Nonlocal)
