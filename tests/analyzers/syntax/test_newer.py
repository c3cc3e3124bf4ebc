"""Tests for the parser of newer syntax: comparison with `ast.parse`."""

from __future__ import annotations

import ast
import random
import re
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyzers.case_files import CASES
from workbench.analyzers.syntax import nodes
from workbench.analyzers.syntax.newer import parse

PLACES = ("lineno", "col_offset", "end_lineno", "end_col_offset")
LIBRARY = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
SMALL = [path for path in LIBRARY if path.stat().st_size < 20_000]
SAMPLE = random.Random(5).sample(SMALL, 12)


def shape(node: Any, placed: bool = True) -> Any:
    """Convert a tree to tuples, without the parts of f-strings that differ between versions."""
    if isinstance(node, list):
        return [shape(item, placed) for item in node]
    if not isinstance(node, ast.AST):
        return repr(node)
    places = [getattr(node, name, None) for name in PLACES] if placed else []
    fields = {name: getattr(node, name, None) for name in node._fields}
    if isinstance(node, ast.JoinedStr):
        fields["values"] = [item for item in node.values if not isinstance(item, ast.Constant)]
        placed = False
    return type(node).__name__, places, {name: shape(fields[name], placed) for name in fields}


def expected(code: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return shape(ast.parse(code))


def text(code: str, node: Any) -> str:
    """Return the source at the reported position of a node."""
    lines = [line.encode() for line in re.split(r"(?<=\n)", code.replace("\r\n", "\n"))]
    lines = lines[node.lineno - 1 : node.end_lineno]
    lines[-1] = lines[-1][: node.end_col_offset]
    lines[0] = lines[0][node.col_offset :]
    return b"".join(lines).decode()


def names(code: str) -> list[str]:
    """Return the names in a tree, after a check that their positions are right."""
    found = [node for node in all_nodes(parse(code)) if isinstance(node, ast.Name)]
    assert [text(code, node) for node in found] == [node.id for node in found]
    return [node.id for node in found]


def all_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes, including ``type_params``, which is not a field before Python 3.12."""
    for node in ast.walk(tree):
        yield node
        if "type_params" not in node._fields:
            for parameter in getattr(node, "type_params", []):
                yield from all_nodes(parameter)


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
EXPRESSIONS = [
    "(a or b) or c or (d and e) and f and not g",
    "a < b <= c != d is not e not in f == g in h is i > j >= k",
    "-~+a ** b + c - d * e / f // g % h @ i << j >> k & l | m ^ n",
    "x if y else (z if w else v)",
    "f(x for x in y)(z)",
    "f ( # c\n  (x) for x in y\n )",
    "f((x for x in y), 1)",
    "print(*a, b=1, *c, **d, e = (f))",
    "lambda: 0, lambda a, /, b=1, *c, d=2, **e: 1, lambda *, x: (yield)",
    "(a := 1), [b := (2), *c], f(d := 3)",
    "(), (1,), ((1, 2)), [], [(1), 2, ], {}, {a, *b}",
    "{**a, 'b': c, **(d)}",
    "{a: b for a, b in c}, {a for a in b}, [a for (a) in b if (c)], (a for a in b for c in d)",
    "a[1, ], a[1,\t], a[ : ], a[()], a[b:=1], a[b][c]",
    "a[ 1 : # c\n ], a[(1\n):( 2 ) , :: , ::3, :1:, 1 : 2 : (3)]",
    "a.b.c[d].e(f)(g). h",
    "0xFF, 1_0, 1j, 1e3, ..., None, True, False",
    "u'a' 'b', 'a' u'b', 'a' \"b\" '''c\nd''', 'é' r'\\d' '\\d', b'a' rb'\\c'",
    "é('ü', ñ.ü, é=1), ﬁ.ﬁ(ﬁ=ﬁ)",
    "f'{x!r:>{w}.{p}}' 'a' f'{y}', f'{x=}' f'{x = !s}' f'{x=:3}', f'{{}}', 'a' f'b', f'{x:}'",
]
PATTERNS = [
    "a,", "(a,)", "((a,b))", "* _ ,", "[a, *rest ]", "*a, b ", "[]", "()", "{}", "[(a), [b]]",
    "(-1)", "1+2j|-3.5", "(a.b.c)", "'a' 'b'", "(None)", "(True)|False", "_ if (a)", "(x)",
    "(a as b)", "a as b", "(a|(b))", "{1:a, **r,}", "{'a': 1, None: _, a.b: (c), }",
    "A(x, (y), z=1, w=(v),)", "a.B()", "{-1: x}",
]  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("code", STATEMENTS)
def test_statements(code: str, newline: str) -> None:
    code = code.replace("\n", newline)
    assert shape(parse(code)) == expected(code)
    assert shape(parse(code + newline)) == expected(code + newline)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("code", EXPRESSIONS)
def test_expressions(code: str, newline: str) -> None:
    code = f"x = ({code})\n".replace("\n", newline)
    assert shape(parse(code)) == expected(code)


@pytest.mark.parametrize("code", PATTERNS)
def test_patterns(code: str) -> None:
    code = f"match x, *y:\n  case {code}: pass\n"
    assert shape(parse(code)) == expected(code)


def test_cases() -> None:
    for case in CASES:
        if case.runs or case.needs == "none":
            assert shape(parse(case.before)) == expected(case.before), case.name
        else:
            assert names(case.before), case.name


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.name)
def test_library_modules(path: Path) -> None:
    code = path.read_text(encoding="utf-8")
    assert shape(parse(code)) == expected(code)


SPACE = st.sampled_from(["", " ", "  ", "\t", "\n", " # ü\n "])
TEMPLATES = [
    "(_)", "[_, _,]", "(_, _)", "(_,)", "{_: _, ** _}", "{_, _}", "(* _, _)", "[* _]", "(_ or _)",
    "(_ and _ and _)", "(_ < _ is _)", "(- _)", "(not _)", "(_ + _)", "(_ if _ else _)", "(a := _)",
    "(lambda a = _, * b, c = _: _)", "a(_, * _, b = _, ** _)", "a(_ for b, in _ if _)", "(_)(_)",
    "[_ for a in _ for b in _]", "{_: _ for a in _}", "(_).a", "(_)[_]", "a[_, _,]", "a[_:_]",
    "a[_:_:_, :]", "a[:, ::]", "(yield _)", "(yield)", "'ü' 'b'",
]  # fmt: skip


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> str:
    """Generate nested expressions, with null characters where whitespace is allowed."""
    if depth == 0:
        return draw(st.sampled_from(["a", "é", "1", "...", "None", "'ü'"]))
    template = draw(st.sampled_from(TEMPLATES))
    template = re.sub(
        "_", lambda _: draw(expressions(depth - draw(st.integers(1, depth)))), template
    )
    return template if depth < 3 else re.sub(r"(?<=[(\[{,:])|(?=[)\]},:])", "\0", template)


@st.composite
def spaced(draw: st.DrawFn) -> str:
    parts = draw(expressions()).replace(":\0=", ":=").split("\0")
    return "".join(part + draw(SPACE) for part in parts[:-1]) + parts[-1]


@settings(max_examples=100)
@given(spaced())
def test_random_expressions(code: str) -> None:
    code = f"x = ({code})\n"
    assert shape(parse(code)) == expected(code)


# -- syntax that may be newer than the running Python -------------------------------------------


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("f'{a.b!r:{c}}' f'é{d}'", ["a", "c", "d"]),
        ("x = f'''\n{a\n} {b=}'''", ["x", "a", "b"]),
        ("f'{f'{a}{b['c']}'}'", ["a", "b"]),
        ("t'é{a!r:>{b}}' 'c'", ["a", "b"]),
        ("type A[T: b = c, *Ts = *d, **P = (e)] = (f)", ["A", "f", "b", "c", "d", "e"]),
        ("def f[T: (a, b)](x: c = d) -> e: g", ["a", "b", "c", "d", "e", "g"]),
        ("class C[T = a](b, m=c): d", ["a", "b", "c", "d"]),
    ],
)
def test_positions_of_names(code: str, found: list[str]) -> None:
    assert sorted(names(code)) == sorted(found)


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


def test_template_strings() -> None:
    code = "x = t'é{ a!r:>{b}}{c = }' 'd'\n"
    assign: Any = parse(code).body[0]
    assert isinstance(assign.value, nodes.TemplateStr)
    first, shown, second = assign.value.values
    assert isinstance(first, nodes.Interpolation)
    assert (first.str, first.conversion, first.value.id) == (" a", ord("r"), "a")
    assert text(code, first) == "{ a!r:>{b}}"
    assert text(code, first.format_spec) == ":>{b}"
    assert (shown.value, second.str, second.conversion) == ("c =", "c", ord("r"))
    assert text(code, assign.value) == "t'é{ a!r:>{b}}{c = }' 'd'"


def test_fields_that_show_their_code() -> None:
    code = "f'a{b}c{d=}{e = :3}' f'{f!s}'"
    statement: Any = parse(code).body[0]
    values = statement.value.values
    texts = [item.value if isinstance(item, ast.Constant) else item.value.id for item in values]
    assert texts == ["b", "d=", "d", "e =", "e", "f"]
    fields = [item for item in values if isinstance(item, ast.FormattedValue)]
    assert [item.conversion for item in fields] == [-1, ord("r"), -1, ord("s")]


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


def test_starred_subscripts_and_annotations() -> None:
    code = "def f(*a: *b): c[*d]; c[*e, f]\n"
    function: Any = parse(code).body[0]
    assert text(code, function.args.vararg) == "a: *b"
    assert isinstance(function.args.vararg.annotation, ast.Starred)
    assert [text(code, item.value.slice) for item in function.body] == ["*d", "*e, f"]
    assert all(isinstance(item.value.slice, ast.Tuple) for item in function.body)


@pytest.mark.skipif(not hasattr(cst, "LazyImport"), reason="needs a newer LibCST")
def test_lazy_imports() -> None:
    code = "lazy import a.b as c\nlazy from . import d\nimport e\n"
    imports: list[Any] = parse(code).body
    assert [type(item) for item in imports] == [ast.Import, ast.ImportFrom, ast.Import]
    assert [item.is_lazy for item in imports] == [1, 1, 0]
    assert [text(code, item.names[0]) for item in imports] == ["a.b as c", "d", "e"]


@pytest.mark.skipif(not hasattr(cst, "StarredDictComp"), reason="needs a newer LibCST")
def test_unpacking_comprehensions() -> None:
    code = "x = [*a for a in b], {** c for c in d}\n"
    assign: Any = parse(code).body[0]
    listed, mapped = assign.value.elts
    assert isinstance(listed.elt, ast.Starred)
    assert text(code, listed.elt) == "*a"
    assert (mapped.key.id, mapped.value) == ("c", None)
    assert text(code, mapped) == "{** c for c in d}"


@pytest.mark.parametrize(
    "code", ["x =", "if", "'a' b'c'", "t'a' t'b'", r"'\x'", pytest.param("9" * 5000, id="long")]
)
def test_rejects_invalid_code(code: str) -> None:
    with pytest.raises(SyntaxError):
        parse(code)
