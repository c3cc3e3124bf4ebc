"""Tests for converted statements: comparison with `ast.parse`, and newer statements."""

from __future__ import annotations

import ast
from typing import Any

import libcst as cst
import pytest

from tests.analyzers.syntax.newer.trees import expected, shape, text
from workbench.analyzers.syntax import nodes
from workbench.analyzers.syntax.newer import parse

STATEMENTS = [
    "pass ; break;continue",
    "x = 1,   # c",
    "x = y = *a, b = c",
    "x = yield 1, ",
    "x: int\nx: (int) = 1\na.b: 'int' = 1,",
    "x += 1; x -= 1; x *= 1; x /= 1; x //= 1; x %= 1; x **= 2; x @= 3",
    "x >>= 1; x <<= 1; x |= 1; x &= 1; x ^= 1",
    "del (a), b\ndel a,\ndel (a, b)\ndel [a, b], c.d, e[f]",
    "assert (a), (b)\nassert a",
    "raise\nraise a\nraise (a) from (b)",
    "global a, b\nnonlocal c",
    "import a . b as c, d\nimport e",
    "from . .. a import (b as c, d,)\nfrom .... import *\nfrom . import a\nfrom a.b import c",
    "if x: pass ;",
    "if a: pass\nelif b:\n pass ;\nelif c: pass\nelse:\n pass",
    "if x:\n    pass\n    # c\n  # d\ny",
    "while a:\n break\nelse: continue",
    "for x, in y, : pass\nfor (a) in b:\n pass\nelse: pass ;",
    "for x in *a, b: pass",
    "try: pass\nexcept a as b: pass\nexcept (c, d): x\nexcept: pass\nelse: x\nfinally: y;",
    "try: pass\nfinally:\n pass",
    "with (a as b, c,): pass\nwith (a, b) as c, d: pass\nwith (a): pass\nwith (a), (b): pass",
    "with (a as b): pass\nwith (a for a in b): pass\nwith a as (b, c), d as [e], f as g.h: pass",
    "class A: pass\nclass B(a, *b, m=1, **d): pass ; x = 1 ;",
    "@a.b (x)\n@(c)\nclass A(): pass",
    "@a(x for x in y)\n# c\nasync def f(): pass",
    "def f(a, b: int = 1, /, c: (x) = 2, *d: e, f, g=3, **h) -> (i): pass",
    "def f(*, a, b=1): pass\ndef g(a, /): pass\ndef h(a=1, /, b=2): 'doc'",
    "def f():\n  yield\n  yield from (x)\n  x = yield y\n  return\n  return 1, *a",
    "async def f():\n async with a as b, c as (d): pass\n async for x in y: pass\n else: pass\n"
    " return [x async for x in y if a if b for (c) in d], await z",
    "\fx\n \f\n\fif x:\n  \f\n  y\n\fé(x); é",
    "x = (a)\\\n .b\ny = 1\\\n, \\\n\nz",
    "",
    "# c",
]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("code", STATEMENTS)
def test_statements(code: str, newline: str) -> None:
    code = code.replace("\n", newline)
    assert shape(parse(code)) == expected(code)
    assert shape(parse(code + newline)) == expected(code + newline)


def test_type_parameters() -> None:
    code = "async def f[T: (a), U: b = (c), *Ts = * (d), **P = [e]](): pass\n"
    definition = parse(code).body[0]
    assert isinstance(definition, ast.AsyncFunctionDef)
    found: list[Any] = definition.type_params
    kinds = [nodes.TypeVar, nodes.TypeVar, nodes.TypeVarTuple, nodes.ParamSpec]
    assert [type(item) for item in found] == kinds
    assert [item.name for item in found] == ["T", "U", "Ts", "P"]
    assert [text(code, item) for item in found] == [
        "T: (a)",
        "U: b = (c)",
        "*Ts = * (d)",
        "**P = [e]",
    ]
    assert found[0].default_value is None
    assert text(code, found[1].bound) == "b"
    assert text(code, found[1].default_value) == "c"
    assert isinstance(found[2].default_value, ast.Starred)
    assert text(code, found[2].default_value) == "* (d)"
    assert text(code, found[3].default_value) == "[e]"


def test_definitions_without_type_parameters() -> None:
    for definition in parse("def f(): pass\nclass C: pass\nasync def g(): pass\n").body:
        assert definition.type_params == []


def test_type_aliases() -> None:
    code = "type A[T] = (T, b) ; c\n"
    alias: Any = parse(code).body[0]
    assert isinstance(alias, nodes.TypeAlias)
    assert text(code, alias) == "type A[T] = (T, b)"
    assert isinstance(alias.name.ctx, ast.Store)
    assert [item.name for item in alias.type_params] == ["T"]
    assert text(code, alias.value) == "(T, b)"


def test_exceptions_without_parentheses() -> None:
    code = "try: a\nexcept b, (c.d) ,: e\n"
    statement: Any = parse(code).body[0]
    kinds = statement.handlers[0].type
    assert isinstance(kinds, ast.Tuple)
    assert text(code, kinds) == "b, (c.d) ,"
    assert text(code, statement.handlers[0]) == "except b, (c.d) ,: e"


def test_exception_groups() -> None:
    code = "try:\n x\nexcept* a as b:\n y\nexcept* c, d: pass ;\n"
    statement: Any = parse(code).body[0]
    assert isinstance(statement, nodes.TryStar)
    assert text(code, statement) == code[:-1]
    assert [item.name for item in statement.handlers] == ["b", None]
    assert [text(code, item.type) for item in statement.handlers] == ["a", "c, d"]


@pytest.mark.skipif(not hasattr(cst, "LazyImport"), reason="needs a newer LibCST")
def test_lazy_imports() -> None:
    code = "lazy import a.b as c\nlazy from . import d\nimport e\n"
    imports: list[Any] = parse(code).body
    assert [type(item) for item in imports] == [ast.Import, ast.ImportFrom, ast.Import]
    assert [item.is_lazy for item in imports] == [1, 1, 0]
    assert [text(code, item.names[0]) for item in imports] == ["a.b as c", "d", "e"]
