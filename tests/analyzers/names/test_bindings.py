"""Tests for the records of names, which are compared by identity."""

from __future__ import annotations

import ast

from tests.analyzers.names.recording import record
from workbench.analyzers.names.bindings import (
    Binding,
    How,
    NameContext,
    Names,
    Scope,
    Token,
    Use,
)
from workbench.analyzers.names.scopes import ScopeKind, lookup


def test_the_name_of_a_use_is_its_root() -> None:
    use = Use(Scope(ScopeKind.MODULE), Token("a", 3), ("b", "c"), NameContext.LOAD)
    assert use.name == "a"
    assert (use.tokens, use.shown) == ((), False)


def test_equal_records_are_different_ones() -> None:
    scope = Scope(ScopeKind.MODULE)
    token = Token("a", 0)
    assert token.is_exact
    assert token != Token("a", 0)
    bindings = [Binding("a", How.OTHER, token) for _ in range(2)]
    assert bindings[0] not in bindings[1:]
    assert len({*bindings, *bindings, bindings[0]}) == 2
    assert Use(scope, token, (), NameContext.LOAD) != Use(scope, token, (), NameContext.LOAD)


def test_a_scope_keeps_every_binding_in_order() -> None:
    names = record("m = m\nm = m\nimport m\ndel m\n", "m")
    bindings = names.module.bindings["m"]
    assert [binding.how for binding in bindings] == [
        How.ASSIGNED,
        How.ASSIGNED,
        How.IMPORT,
        How.DELETED,
    ]
    assert [binding.value for binding in bindings[:2]] == names.uses
    assert all(lookup(use.scope, use.name) is names.module for use in names.uses)


def test_an_import_binding_has_its_statement() -> None:
    (binding,) = record("import a.b as m\n", "m").module.bindings["m"]
    assert binding.site is not None
    assert isinstance(binding.site.statement, ast.Import)
    assert binding.site.statement.names[binding.site.number].asname == binding.name
    assert (binding.site.name.value, binding.token.value) == ("a", "m")


def test_files_do_not_share_their_names() -> None:
    first, second = Names(Scope(ScopeKind.MODULE)), Names(Scope(ScopeKind.MODULE))
    first.demanded.add("a")
    first.module.bind("a", Binding("a", How.OTHER, Token("a", 0)))
    assert second.demanded == set()
    assert second.module.bindings == {}
