"""Tests for positions in the text of what a syntax tree has."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.analyzers.names.positions import Columns, PlaceError, Places
from workbench.analyzers.syntax.lexer import SpanIndex, opaque_spans
from workbench.analyzers.syntax.pieces import Piece


def places(text: str, piece: Piece | None = None, *, exact: bool = False) -> Places:
    index = SpanIndex(text, opaque_spans(text))
    return Places(text, index, piece or Piece(0, len(text)), exact=exact)


def expression(text: str) -> Any:
    return ast.parse(text).body[0].value  # type: ignore[attr-defined]


LINES = st.lists(
    st.sampled_from(["a = b", "é = '🐍' + é", "f(é,\n  ü)", "# ü", "x = '''é\nü'''; y", "", "\f"]),
    min_size=1,
    max_size=6,
)


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", "# é\n\n"]))
def test_offsets_are_those_of_the_source(lines: list[str], newline: str, before: str) -> None:
    code = "\n".join(lines)
    text = (before + code).replace("\n", newline)
    start = len(before.replace("\n", newline))
    columns = Columns(text, Piece(start, len(text)))
    for node in ast.walk(ast.parse(text[start:])):
        if isinstance(node, ast.expr | ast.stmt):
            found = text[columns.start(node) : columns.end(node)]
            assert found.replace(newline, "\n") == ast.get_source_segment(code, node)


def test_a_prefix_is_not_in_the_text() -> None:
    text = "class C:\n  é = 1\n  def f(é): pass\n"
    piece = Piece(text.index("  def"), len(text), "class _:\n  pass\n", "")
    definition: Any = ast.parse(piece.code(text)).body[0]
    columns = Columns(text, piece)
    assert text[columns.start(definition.body[1]) :] == "def f(é): pass\n"
    assert columns.start(definition.body[1].args.args[0]) == text.rindex("é")


def test_first_and_last_names_of_an_expression() -> None:
    text = "(é) . \\\n b .ccc"
    node = expression(text)
    found = places(text)
    assert [found.first("é", node.value.value).start, found.last("b", node.value).start] == [1, 9]
    assert found.last("ccc", node).start == text.index("ccc")
    assert found.last("ccc", node).is_exact


WIDE = "\uff46\uff4f\uff4f"
"""Letters of another width, which Python normalises to ``foo``."""


@pytest.mark.parametrize(
    ("text", "name", "start"),
    [
        (f"{WIDE}.b", "foo", 0),
        (f"b.{WIDE}", "foo", 2),
        (f"(b).{WIDE}", "foo", 4),
        ("\ufb01x.b", "fix", 0),
        ("b.\ufb01x", "fix", 2),
    ],
)
def test_names_in_another_spelling_are_not_exact(text: str, name: str, start: int) -> None:
    node, found = expression(text), places(text)
    token = found.last(name, node) if start else found.first(name, node.value)
    assert (token.value, token.start, token.is_exact) == (name, start, False)


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(PlaceError):
        places("ab").first("a2", expression("ab"))
    with pytest.raises(PlaceError):
        places("a.bc").last("b", expression("a.bc"))


def test_the_next_name_in_the_code() -> None:
    text = "def  # foo\\\n foo_(foo='foo'): foo\n"
    found = places(text, Piece(0, text.rindex("foo")))
    assert found.following("foo", 3).start == text.index("foo=")
    missing = found.following("foo", text.index("'foo'"))
    assert (missing.start, missing.is_exact) == (text.index("'foo'"), False)


def test_names_in_a_string_are_at_the_string() -> None:
    text = "x = a, 'b.c'"
    assert places(text).quoted("b", expression(text).elts[1]).start == text.index("'")


FIELD = st.sampled_from(["{m}", "{m.n!r}", "{{m}}", "m", "{m:{n}}", "{n[m]:>{m}}", "{ m = }", "é"])


@given(st.lists(FIELD, min_size=1, max_size=4).map("".join))
def test_names_in_an_f_string_are_found_by_their_order(content: str) -> None:
    text = f"é = f'''{content}''', m\n"
    node = expression(text)
    found = places(text)
    found.enter_formatted()
    inside = list(ast.walk(node.elts[0]))
    tokens = [found.first(one.id, one) for one in inside if isinstance(one, ast.Name)]
    tokens += [found.last(one.attr, one) for one in inside if isinstance(one, ast.Attribute)]
    found.leave_formatted(node.elts[0], {"m", "n"})
    assert all(text.startswith(token.value, token.start) for token in tokens)
    assert len({token.start for token in tokens}) == len(tokens)
    after = found.first("m", node.elts[1])
    assert after.start == text.rindex("m")


def test_names_that_do_not_match_the_text_of_an_f_string_are_refused() -> None:
    text = "f'{a}{a}', a"
    node = expression(text)
    found = places(text)
    found.enter_formatted()
    found.first("a", node.elts[0].values[0].value)
    with pytest.raises(PlaceError):
        found.leave_formatted(node.elts[0], {"a"})
    assert found.first("a", node.elts[1]).start == len(text) - 1


def test_fields_that_show_their_code() -> None:
    text = "x = f'{a}{b=}' 'c' rf'{d:{e=}}', f'{f=}'"
    node = expression(text)
    assert places(text).shown_fields(node.elts[0]) == [False, True, False, True]
    assert places(text).shown_fields(node.elts[1]) == [True]
