"""Tests for converted strings: fields, templates and adjacent literals."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from tests.analyzers.syntax.newer.trees import text
from workbench.analyzers.syntax import nodes
from workbench.analyzers.syntax.newer import parse


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


@pytest.mark.parametrize(
    ("code", "value", "kind"),
    [
        ('\'a\' r\'\\n\' """b\n"""', "a\\nb\n", None),
        ("u'a' 'b'", "ab", "u"),
        ("'a' u'b'", "ab", None),
        ("b'\\xff' rb'\\x'", b"\xff\\x", None),
        ("''", "", None),
    ],
)
def test_adjacent_literals_are_one_constant(
    code: str, value: str | bytes, kind: str | None
) -> None:
    statement: Any = parse(code).body[0]
    constant = statement.value
    assert (constant.value, constant.kind) == (value, kind)
    assert text(code, constant) == code


def test_format_specifications_are_strings_of_their_own() -> None:
    code = "f'é{a:>{b:{c}}}{d:}'"
    statement: Any = parse(code).body[0]
    first, last = statement.value.values
    (inner,) = first.format_spec.values
    assert text(code, first) == "{a:>{b:{c}}}"
    assert text(code, first.format_spec) == ":>{b:{c}}"
    assert (inner.value.id, inner.format_spec.values[0].value.id) == ("b", "c")
    assert last.format_spec.values == []
