"""Tests for converted patterns: comparison with `ast.parse`."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from tests.analyzers.syntax.newer.trees import expected, shape, text
from workbench.analyzers.syntax.newer import parse

PATTERNS = [
    "a,", "(a,)", "((a,b))", "* _ ,", "[a, *rest ]", "*a, b ", "[]", "()", "{}", "[(a), [b]]",
    "(-1)", "1+2j|-3.5", "(a.b.c)", "'a' 'b'", "(None)", "(True)|False", "_ if (a)", "(x)",
    "(a as b)", "a as b", "(a|(b))", "{1:a, **r,}", "{'a': 1, None: _, a.b: (c), }",
    "A(x, (y), z=1, w=(v),)", "a.B()", "{-1: x}",
]  # fmt: skip


@pytest.mark.parametrize("code", PATTERNS)
def test_patterns(code: str) -> None:
    code = f"match x, *y:\n  case {code}: pass\n"
    assert shape(parse(code)) == expected(code)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("[*_]", {"*_": None}),
        ("*\t_ , é", {"*\t_ , é": None, "*\t_": None, "é": "é"}),
        ("{**ﬁ}", {"{**ﬁ}": "fi"}),
        ("A(b=ﬁ) as c", {"A(b=ﬁ) as c": "c", "A(b=ﬁ)": None, "ﬁ": "fi"}),
        ("(é | _)", {"é | _": None, "é": "é", "_": None}),
    ],
)
def test_names_that_patterns_bind(code: str, found: dict[str, str | None]) -> None:
    code = f"match x:\n  case {code}: pass\n"
    patterns = [node for node in ast.walk(parse(code)) if isinstance(node, ast.pattern)]
    bound = {text(code, node): bound_by(node) for node in patterns}
    assert {code: name for code, name in bound.items() if code in found} == found


def bound_by(node: Any) -> str | None:
    return getattr(node, "name", None) or getattr(node, "rest", None)
