"""Tests for splitting: separately parsed pieces give the nodes of the whole text."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyzers.case_files import Case
from tests.analyzers.syntax.python_texts import RANDOM_TEXTS, SAMPLE, TOKENIZED
from workbench.analyzers.syntax import pieces as module
from workbench.analyzers.syntax.lexer import LexerError, SpanIndex, opaque_spans
from workbench.analyzers.syntax.pieces import Piece, pieces_of, split, whole


def pieces(text: str) -> list[Piece]:
    return split(text, SpanIndex(text, opaque_spans(text)))


def nodes_of(text: str) -> list[ast.stmt]:
    """Return the statements of the pieces, with the members of split classes put together."""
    found: list[ast.stmt] = []
    for piece in pieces(text):
        statements = ast.parse(piece.code(text)).body
        if piece.owner is not None:
            (members,), header = statements, found[-1]
            assert isinstance(members, ast.ClassDef)
            assert isinstance(header, ast.ClassDef)
            header.body += members.body[1:]  # without the one of the prefix
            continue
        found += statements
        if piece.suffix:
            header = found[-1]
            assert isinstance(header, ast.ClassDef)
            assert isinstance(header.body.pop(), ast.Pass)
    return found


def check(text: str) -> None:
    wanted = [ast.dump(node) for node in ast.parse(text).body]
    assert [ast.dump(node) for node in nodes_of(text)] == wanted
    for before, after in itertools.pairwise(pieces(text)):
        assert before.end <= after.start
        assert not re.sub(r"#[^\r\n]*", "", text[before.end : after.start]).strip()


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.name)
def test_library_modules(path: Path) -> None:
    check(path.read_bytes().decode("utf-8"))


@pytest.mark.parametrize("case", TOKENIZED, ids=lambda case: case.name)
def test_cases(case: Case) -> None:
    check(case.before)


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@settings(max_examples=300, derandomize=True, deadline=None)
@given(RANDOM_TEXTS)
def test_random_texts(text: str) -> None:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return
    try:
        check(text)
    except LexerError:
        pytest.fail("valid code was rejected")


@pytest.mark.parametrize("text", ["x = (1\n", "x = 1)\n", "x = 1)\ny = (1\n"])
def test_unbalanced_brackets(text: str) -> None:
    with pytest.raises(LexerError):
        split(text, SpanIndex(text, opaque_spans(text)))
    assert [(piece.start, piece.end) for piece in whole(text)] == [(0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "@d(\n1)\n@e\n\n# c\ndef f(): pass\n",
        "x = [\n1,\n]\ny = '''\nz\n'''\n",
        "if x: y\nelse: z\nfinally_ = 1\n",
        "if x:\n  y\n# c\nelif z: y\n\n\n\f\nelse:\n  z\n",
    ],
)
def test_statements_with_several_lines_at_the_margin(text: str) -> None:
    check(text)
    assert len(pieces(text)) == len(ast.parse(text).body)


def test_large_classes_are_split() -> None:
    method = "    def m{}(self, x=')'):\n        '''(\nx'''\n        return (\n1)\n\n"
    body = "".join(method.format(i) for i in range(120))
    text = f"import a\n\n@d(1,\n   'x')\nclass C(B['(']):  # comment:\n    # first\n{body}\nx = 1\n"
    found = pieces(text)
    assert len(found) == 1 + 1 + 120 + 1
    check(text)


@pytest.mark.parametrize("header", ["class C(", "class C: x = 1;", "if x:\n  pass\nclass C:\\\n"])
def test_unusual_classes_are_not_split(header: str) -> None:
    text = f"{header}\n" + "    x = 1\n" * 600
    try:
        found = pieces(text)
    except LexerError:
        return
    assert all(piece.owner is None for piece in found)


MEMBERS = st.sampled_from(
    [
        ">x = 1",
        ">x = (\n1)",
        ">'''a\nb\n>c'''",
        ">x = 1 + \\\n2; y = 3",
        ">@d(\n1)\n>@e\n>def f(self):\n>    '''(\nx'''\n>    return [\n1]",
        ">class D:\n>    y = 1\n>    z = 2",
        ">if x:\n>    y\n>elif y:\n>    z\n>else:\n>    x = 1",
        ">try:\n>    y\n>except E: z\n>finally:\n>    y",
        ">async def g(): pass",
        ">  # more",
        "# less",
        "",
    ]
)
HEADERS = (
    "class C:",
    "@d\n@e(\n  1)\nclass C(B[':'], m={1: 2}):  # c",
    "class C(\n):",
    "x = '''\nclass D:'''\nclass C:",
    "if 1: x\nclass C:",
)


@settings(max_examples=100)
@given(st.sampled_from(HEADERS), st.lists(MEMBERS, max_size=6), st.sampled_from(["  ", "\t"]))
def test_random_classes(header: str, members: list[str], indent: str) -> None:
    body = "".join(f"{member}\n" for member in members).replace(">", indent)
    text = f"{header}\n{body}{indent}pass\nx = 1\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_SPLIT_CLASSES_FROM", 0)
        assert any(piece.owner is not None for piece in pieces(text))
        check(text)


def test_text_that_cannot_be_split_is_one_piece() -> None:
    assert [piece.code("a\nb\n") for piece in pieces_of("a\nb\n")] == ["a\n", "b\n"]
    for text in ("a\nb)\n", "a\n'b\n", "f'{\n"):
        assert pieces_of(text) == whole(text) == [Piece(0, len(text))]
