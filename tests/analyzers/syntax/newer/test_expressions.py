"""Tests for converted expressions: comparison with `ast.parse`, and newer expressions."""

from __future__ import annotations

import ast
import re
from typing import Any

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyzers.syntax.newer.trees import expected, shape, text
from workbench.analyzers.syntax.newer import parse

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


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("code", EXPRESSIONS)
def test_expressions(code: str, newline: str) -> None:
    code = f"x = ({code})\n".replace("\n", newline)
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


def test_starred_subscripts_and_annotations() -> None:
    code = "def f(*a: *b): c[*d]; c[*e, f]\n"
    function: Any = parse(code).body[0]
    assert text(code, function.args.vararg) == "a: *b"
    assert isinstance(function.args.vararg.annotation, ast.Starred)
    assert [text(code, item.value.slice) for item in function.body] == ["*d", "*e, f"]
    assert all(isinstance(item.value.slice, ast.Tuple) for item in function.body)


@pytest.mark.skipif(not hasattr(cst, "StarredDictComp"), reason="needs a newer LibCST")
def test_unpacking_comprehensions() -> None:
    code = "x = [*a for a in b], {** c for c in d}\n"
    assign: Any = parse(code).body[0]
    listed, mapped = assign.value.elts
    assert isinstance(listed.elt, ast.Starred)
    assert text(code, listed.elt) == "*a"
    assert (mapped.key.id, mapped.value) == ("c", None)
    assert text(code, mapped) == "{** c for c in d}"
