"""Tests for positions: names of the tree are where the source has them."""

from __future__ import annotations

import ast
from typing import Any

import libcst as cst
import pytest

from tests.analyzers.syntax.newer.trees import names, text
from workbench.analyzers.syntax.newer.positions import Positions, dotted, identifier


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


def read(code: str) -> tuple[Positions, list[Any]]:
    """Return the positions in a module, and the elements of the list that it consists of."""
    module: Any = cst.parse_module(code)
    return Positions(code, module), module.body[0].body[0].value.elements


def place(node: Any) -> tuple[int, int, int, int]:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


@pytest.mark.parametrize("code", ["['é', é]", "\f['é', é,]", "[a,\n\f \fé ,]", "['é',\r\n é]"])
def test_columns_are_those_of_python(code: str) -> None:
    positions, elements = read(f"{code}\n")
    statement: Any = ast.parse(f"{code}\n").body[0]
    wanted = [place(node) for node in statement.value.elts]
    assert [place(positions.at(ast.Pass(), one.value)) for one in elements] == wanted


@pytest.mark.parametrize(("code", "found"), [("[é, b]", "é, b"), ("[é, (b) , ]", "é, (b) ,")])
def test_a_range_across_elements_includes_a_trailing_comma(code: str, found: str) -> None:
    positions, elements = read(code)
    node = positions.across(ast.Tuple(elts=[]), elements)
    assert text(code, node) == found
    assert positions.text(positions.start(elements[0]), positions.end(elements[-1])) in found


@pytest.mark.parametrize("separator", [", ", ", # é\n\f \f"])
def test_text_between_positions_has_what_libcst_drops(separator: str) -> None:
    positions, (first, second) = read(f"\f[é{separator}bc]\n")
    assert positions.text(positions.start(first), positions.end(second)) == f"é{separator}bc"
    assert positions.text(positions.start(second), positions.end(second)) == "bc"


def test_names_are_normalised() -> None:
    name: Any = cst.parse_expression("ﬁ . b. ﬁx")
    assert dotted(name) == "fi.b.fix"
    assert identifier(name.attr) == "fix"
