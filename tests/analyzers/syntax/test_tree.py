"""Tests for parsing without warnings, and for dotted names and constants in trees."""

from __future__ import annotations

import ast
import warnings

import pytest

from workbench.analyzers.syntax.tree import chain, constant, parse


def expression(code: str) -> ast.expr:
    return ast.parse(code, mode="eval").body


def test_parses_without_warnings_about_the_code() -> None:
    code = "x = '\\d'\ny = 1 is 1\n"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        tree = parse(code)
    assert caught == []
    assert ast.dump(tree) == ast.dump(ast.parse(code.replace("\\", "\\\\")))


def test_keeps_the_filters_for_warnings() -> None:
    before = list(warnings.filters)
    parse("'\\d'\n")
    with pytest.raises(SyntaxError):
        parse("x =\n")
    assert list(warnings.filters) == before


@pytest.mark.parametrize(
    ("code", "root", "attributes"),
    [
        ("a", "a", []),
        ("a.b", "a", ["b"]),
        ("a.b.c", "a", ["b", "c"]),
        ("f(a.b).c", "f(a.b)", ["c"]),
        ("(a or b).c.d", "a or b", ["c", "d"]),
        ("a[b.c]", "a[b.c]", []),
    ],
)
def test_chains_of_attributes(code: str, root: str, attributes: list[str]) -> None:
    innermost, found = chain(expression(code))
    assert ast.unparse(innermost) == root
    assert [attribute.attr for attribute in found] == attributes


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("'a' 'b'", "ab"),
        ("''", ""),
        ("b'a'", None),
        ("1", None),
        ("None", None),
        ("f'a'", None),
        ("a", None),
    ],
)
def test_string_constants(code: str, value: str | None) -> None:
    assert constant(expression(code)) == value
