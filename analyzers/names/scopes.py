"""Python's scoping rules (Language Reference, section 4.2, "Naming and binding")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeVar


class ScopeKind(Enum):
    """Kinds of scopes; a lambda is a FUNCTION, TYPE holds type parameters (PEP 695)."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    COMPREHENSION = "comprehension"
    TYPE = "type parameters"


class Declared(Enum):
    """Statements that declare that a name belongs to another scope."""

    GLOBAL = "global"
    NONLOCAL = "nonlocal"


B = TypeVar("B")


@dataclass(eq=False)
class Scope(Generic[B]):
    """One scope: the names that it binds, each with all its bindings, and those it declares."""

    kind: ScopeKind
    parent: Scope[B] | None = None
    bindings: dict[str, list[B]] = field(default_factory=dict)
    declared: dict[str, Declared] = field(default_factory=dict)
    children: list[Scope[B]] = field(default_factory=list)

    def open(self, kind: ScopeKind) -> Scope[B]:
        """Open a new scope inside this one."""
        child: Scope[B] = Scope(kind, self)
        self.children.append(child)
        return child

    @property
    def module(self) -> Scope[B]:
        """The outermost scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def bind(self, name: str, binding: B) -> None:
        """Record a binding by code of this scope; `settle` moves it if the name is declared."""
        self.bindings.setdefault(name, []).append(binding)

    @property
    def walrus_target(self) -> Scope[B]:
        """The scope in which an assignment expression binds (PEP 572)."""
        scope = self
        while scope.kind is ScopeKind.COMPREHENSION and scope.parent is not None:
            scope = scope.parent
        return scope

    def walk(self) -> Iterator[Scope[B]]:
        """Yield this scope and all scopes inside it."""
        yield self
        for child in self.children:
            yield from child.walk()


def settle(module: Scope[B]) -> list[tuple[Scope[B], B]]:
    """Move bindings of ``global`` and ``nonlocal`` names to the scopes they belong to.

    Return each moved binding with its new scope. Call this once, after all bindings are recorded.
    """
    moves = [
        (scope, name)
        for scope in module.walk()
        for name in scope.declared
        if name in scope.bindings and scope is not module
    ]
    moved = []
    for scope, name in moves:
        target = lookup(scope, name)
        bindings = scope.bindings.pop(name)
        if target is not None:
            target.bindings.setdefault(name, []).extend(bindings)
            moved += [(target, binding) for binding in bindings]
    return moved


def lookup(scope: Scope[B], name: str) -> Scope[B] | None:
    """Find the scope that binds ``name`` for code of ``scope``; return None for a builtin.

    A class is visible to its own code and to type parameters in it, not to other scopes in it.
    A name that a class body both binds and reads may also come from outside: see `outside`.
    """
    for current in visible(scope):
        declared = current.declared.get(name)
        if declared is Declared.GLOBAL:
            return current.module
        if declared is None and name in current.bindings and _may_bind(current, scope, name):
            return current
    return None


def visible(scope: Scope[B]) -> Iterator[Scope[B]]:
    """Yield the scopes in which code of ``scope`` looks up a name, in order."""
    current: Scope[B] | None = scope
    direct = True
    while current is not None:
        if current.kind is not ScopeKind.CLASS or direct:
            yield current
        direct = direct and current.kind is ScopeKind.TYPE
        current = current.parent


def _may_bind(current: Scope[B], scope: Scope[B], name: str) -> bool:
    """Return whether ``current`` may bind a name; the module never binds a ``nonlocal`` name."""
    return current.kind is not ScopeKind.MODULE or scope.declared.get(name) is not Declared.NONLOCAL


def outside(scope: Scope[B], name: str) -> Scope[B] | None:
    """Find the scope that a class body reads ``name`` from before it binds the name.

    Such a lookup skips enclosing functions. Return the module, or None if it does not bind the
    name.
    """
    module = scope.module
    return module if name in module.bindings else None
