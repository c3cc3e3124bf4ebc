"""Tests for scoping: comparison with Python's symbol tables on random modules."""

from __future__ import annotations

import ast
import symtable
import textwrap

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from workbench.analyzers.names.binder import Binder
from workbench.analyzers.names.bindings import Scope
from workbench.analyzers.names.positions import Places
from workbench.analyzers.names.scopes import ScopeKind, lookup, settle
from workbench.analyzers.syntax.lexer import SpanIndex, opaque_spans
from workbench.analyzers.syntax.pieces import Piece

NAMES = ("m", "n")
INTEREST = frozenset(NAMES)

SIMPLE = (
    "{n} = 1",
    "{n}: int",
    "{n}: int = k",
    "{n} += 1",
    "import {n}",
    "import {n}.x",
    "import {n}.x as k",
    "from k import {n}",
    "from k import x as {n}, {n} as y",
    "from {n} import x",
    "for {n}, *k in k:\n    pass",
    "del {n}",
    "{n}.x = 1",
    "with k as ({n}, k):\n    pass",
    "with k as {n}.x:\n    pass",
    "try:\n    pass\nexcept k as {n}:\n    pass",
    "print({n})",
    "k({n}=1)",
    "k[{n}]",
    "k.{n}",
    "(k, ({n} := 1))",
    "[{n} for k in k]",
    "{{k for {n} in k if {n}}}",
    "{{k: {n} for x in k for k in {n}}}",
    "[x for {n} in {n}]",
    "(({n} := x) for x in k)",
    "lambda {n}: {n}",
    "lambda *a, k={n}, **{n}: k",
    "lambda: {n}",
    "lambda: ({n} := 1)",
    "[lambda: {n} for {n} in k]",
    "def {n}(): pass",
    "class {n}: pass",
    "class k({n}, x={n}): {n}",
    "def k({n}: k = {n}) -> {n}: {n}",
    "match k:\n    case [{n}, *k]:\n        pass",
    "match k:\n    case k({n}=x):\n        pass",
    "match k:\n    case {n}.x:\n        pass",
    "match k:\n    case {{1: k, **{n}}}:\n        pass",
    "match k:\n    case [*{n}] | {{2: {n}}} as k:\n        pass",
    "if {n}:\n    {n} = 2\nelse:\n    k = {n}",
    "while k:\n    {n} = k",
    "async def k({n}=1):\n    async with k as {n}:\n        await {n}",
    "f'{{{n}}} {{k:{{{n}}}}}'",
    "assert {n}, {n}",
    "raise k from {n}",
    "{n}, k = k, {n}",
    "[{n}, *k.x] = k",
    "@{n}\ndef k(a, /, b, *{n}, c): {n}",
    "global {n}",
    "nonlocal {n}",
)

statement = st.builds(
    lambda template, name: template.format(n=name), st.sampled_from(SIMPLE), st.sampled_from(NAMES)
)


def block(head: str, statements: list[str]) -> str:
    declared = [s for s in statements if s.startswith(("global", "nonlocal"))]
    others = [s for s in statements if s not in declared]
    return f"{head}:\n" + textwrap.indent("\n".join([*declared, *others, "pass"]), "    ")


heads = st.sampled_from(["def k()", "def k(m)", "def k(*n)", "class k", "class k(m)", "def m()"])
nested = st.recursive(
    statement,
    lambda inner: st.builds(block, heads, st.lists(inner, max_size=4)),
    max_leaves=9,
)
module = st.lists(nested, max_size=5).map("\n".join)

INNER = "def k():\n n = 1\n def x():\n"

KINDS = {
    "module": ScopeKind.MODULE,
    "function": ScopeKind.FUNCTION,
    "class": ScopeKind.CLASS,
    "comprehension": ScopeKind.COMPREHENSION,
}


def kind_of(table: symtable.SymbolTable) -> ScopeKind:
    generators = ("listcomp", "setcomp", "dictcomp", "genexpr")
    is_generator = table.get_name().strip("<>") in generators
    return KINDS["comprehension" if is_generator else str(table.get_type())]


def owner(tables: list[symtable.SymbolTable], name: str) -> symtable.SymbolTable | None:
    """Return the table in which Python binds the name for code of the last of ``tables``."""
    symbol = tables[-1].lookup(name)
    if symbol.is_global():
        return tables[0]
    if symbol.is_local():
        return tables[-1]
    functions = [table for table in tables[:-1] if table.get_type() == "function"]
    return next(
        t for t in reversed(functions) if name in t.get_identifiers() and t.lookup(name).is_local()
    )


def check(tables: list[symtable.SymbolTable], scopes: list[Scope], owned: dict[int, Scope]) -> None:
    table, scope = tables[-1], scopes[-1]
    owned[table.get_id()] = scope
    assert kind_of(table) is scope.kind
    for name in NAMES:
        if name in table.get_identifiers():
            expected = owner(tables, name)
            assert expected is not None
            found = lookup(scope, name)
            if found is None:
                assert expected is tables[0]
                assert name not in scopes[0].bindings
            else:
                assert found is owned[expected.get_id()], (name, table)
    children = table.get_children()
    assert len(children) == len(scope.children)
    for inner_table, inner_scope in zip(children, scope.children, strict=True):
        check([*tables, inner_table], [*scopes, inner_scope], owned)


def bound(code: str) -> Scope:
    """Return the scopes that the binder records for a module."""
    binder = Binder(INTEREST, INTEREST, frozenset(), ())
    places = Places(code, SpanIndex(code, opaque_spans(code)), Piece(0, len(code)))
    binder.add(ast.parse(code), places)
    settle(binder.names.module)
    return binder.names.module


@settings(
    max_examples=500,
    derandomize=True,
    deadline=None,
)
@given(module)
def test_random_modules_match_symtable(code: str) -> None:
    try:
        table = symtable.symtable(code, "<random>", "exec")
    except SyntaxError:
        assume(False)
    check([table], [bound(code)], {})


@pytest.mark.parametrize("template", SIMPLE)
def test_single_statements_match_symtable(template: str) -> None:
    """Try each template at module level, in functions and in a class, wherever it is valid."""
    tried = 0
    for head, indent in (("", ""), ("def k():\n", " "), ("class k:\n", " "), (INNER, "  ")):
        code = head + textwrap.indent(template.format(n="n"), indent)
        try:
            table = symtable.symtable(code, "<random>", "exec")
        except SyntaxError:
            continue
        check([table], [bound(code)], {})
        tried += 1
    assert tried
