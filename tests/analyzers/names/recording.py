"""The names that the binder records in a text, read as one piece."""

from __future__ import annotations

import ast

from workbench.analyzers.names.binder import Binder
from workbench.analyzers.names.bindings import Names, Token
from workbench.analyzers.names.positions import Places
from workbench.analyzers.names.scopes import settle
from workbench.analyzers.syntax.lexer import SpanIndex, opaque_spans
from workbench.analyzers.syntax.pieces import Piece

HEADS = frozenset(("work", "rest"))
MODULES = frozenset(("lib.core",))


def record(code: str, *interest: str, package: tuple[str, ...] = ()) -> Names:
    """Record the uses and bindings of some names; the heads are always of interest."""
    binder = Binder(HEADS.union(interest), HEADS, MODULES, package)
    places = Places(code, SpanIndex(code, opaque_spans(code)), Piece(0, len(code)))
    binder.add(ast.parse(code), places)
    settle(binder.names.module)
    return binder.names


def tokens(names: Names) -> list[Token]:
    """Return the tokens of all uses and bindings."""
    found = [token for use in names.uses for token in (use.root, *use.tokens)]
    bindings = [
        b for scope in names.module.walk() for same in scope.bindings.values() for b in same
    ]
    found += [binding.token for binding in bindings]
    return found + [binding.site.name for binding in bindings if binding.site is not None]
