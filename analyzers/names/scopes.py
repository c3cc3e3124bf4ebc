"""Python's scoping rules, written once (Language Reference, section 4.2, "Naming and binding")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeVar


class ScopeKind(Enum):
    """What opens a scope; lambdas are functions, TYPE holds type parameters (PEP 695)."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    COMPREHENSION = "comprehension"
    TYPE = "type parameters"


class Declared(Enum):
    """A name that the scope says belongs elsewhere."""

    GLOBAL = "global"
    NONLOCAL = "nonlocal"


B = TypeVar("B")


@dataclass(eq=False)
class Scope(Generic[B]):
    """One scope: what it binds (each name to all of its bindings) and what it declares."""

    kind: ScopeKind
    parent: Scope[B] | None = None
    bindings: dict[str, list[B]] = field(default_factory=dict)
    declared: dict[str, Declared] = field(default_factory=dict)
    children: list[Scope[B]] = field(default_factory=list)

    def open(self, kind: ScopeKind) -> Scope[B]:
        """A new scope inside this one."""
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
        """Record a binding made by code of this scope, wherever the name belongs."""
        self.bindings.setdefault(name, []).append(binding)

    @property
    def walrus_target(self) -> Scope[B]:
        """The scope in which an assignment expression binds (PEP 572)."""
        scope = self
        while scope.kind is ScopeKind.COMPREHENSION and scope.parent is not None:
            scope = scope.parent
        return scope

    def walk(self) -> Iterator[Scope[B]]:
        """This scope and all inside it."""
        yield self
        for child in self.children:
            yield from child.walk()


def settle(module: Scope[B]) -> list[tuple[Scope[B], B]]:
    """Move what was bound under ``global`` and ``nonlocal`` to the scope it belongs to.

    Returns what was moved, with its new scope. Call once, when every binding is recorded.
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
    """The scope in which ``name``, used by code of ``scope``, is bound; None for a builtin.

    A class is visible to its own code and to type parameters in it, to no other scope inside it.
    A name that the code of a class both binds and reads may also come from outside: see `outside`.
    """
    for current in visible(scope):
        declared = current.declared.get(name)
        if declared is Declared.GLOBAL:
            return current.module
        if declared is None and name in current.bindings and _may_own(current, scope, name):
            return current
    return None


def visible(scope: Scope[B]) -> Iterator[Scope[B]]:
    """The scopes in which code of ``scope`` looks for a name, in this order."""
    current: Scope[B] | None = scope
    direct = True
    while current is not None:
        if current.kind is not ScopeKind.CLASS or direct:
            yield current
        direct = direct and current.kind is ScopeKind.TYPE
        current = current.parent


def _may_own(current: Scope[B], scope: Scope[B], name: str) -> bool:
    """A ``nonlocal`` name is never the module's."""
    return current.kind is not ScopeKind.MODULE or scope.declared.get(name) is not Declared.NONLOCAL


def outside(scope: Scope[B], name: str) -> Scope[B] | None:
    """Where a name that the class ``scope`` binds is read from before it is bound there.

    Such a name skips enclosing functions and comes from the module.
    """
    module = scope.module
    return module if name in module.bindings else None
