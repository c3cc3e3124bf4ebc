"""Tests for comments, strings and statements: comparison with Python's own tools."""

from __future__ import annotations

import ast
import io
import itertools
import random
import sysconfig
import token
import tokenize
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyzers.case_files import CASES, Case
from workbench.analyzers.syntax.lexer import (
    LexerError,
    SpanIndex,
    SpanKind,
    find_words,
    formatted_string,
    is_code,
    opaque_spans,
)
from workbench.analyzers.syntax.pieces import split, whole

# The tokenize module does not count lines that end with only a carriage return.
TOKENIZED = [c for c in CASES if c.runs and "\r" not in c.before.replace("\r\n", "")]
LIBRARY = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
SAMPLE = random.Random(7).sample(LIBRARY, 25)

PIECES = st.sampled_from(
    [
        *("x = 1", "# it's", "'a'", '"b\\""', "'''c\n'd'''", '"""e\n# "f" """', "rb'\\''", "b''"),
        *("(", ")", "[", "]", "{", "}", "\\\n", "\n", "\r\n", "\n    ", "\t", " ", "\x0c", ";"),
        *("def f():", "class C:", "@d", "else:", "if x:", "try:", "finally:", "pass", "f'{x}'"),
        *(
            'f"{x!r:>{w}}"',
            "f'{x[\"a\"]}'",
            "fr'{{}}'",
            "F'''{\nx}'''",
            "ü",
            "x.y",
            "lambda: 0",
            ",",
        ),
    ]
)


def tokens(text: str) -> list[tuple[int, int]]:
    """Return the ranges of comments and strings by `tokenize`, which splits f-strings from 3.12."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    found, depth, begin = [], 0, 0
    opening = getattr(token, "FSTRING_START", -1)
    closing = getattr(token, "FSTRING_END", -1)
    for item in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
        start = starts[item.start[0] - 1] + item.start[1]
        end = starts[item.end[0] - 1] + item.end[1]
        if item.type == opening:
            begin = start if not depth else begin
            depth += 1
        elif item.type == closing:
            depth -= 1
            if not depth:
                found.append((begin, end))
        elif item.type in (token.STRING, token.COMMENT) and not depth:
            found.append((start, end))
    return found


def check_spans(text: str) -> None:
    assert [(span.start, span.end) for span in opaque_spans(text)] == tokens(text)


def check_pieces(text: str) -> None:
    """Check that separately parsed pieces give the same nodes as the whole text."""
    pieces = split(text, SpanIndex(text, opaque_spans(text)))
    found = []
    for piece in pieces:
        tree = ast.parse(piece.prefix + text[piece.start : piece.end] + piece.suffix)
        if piece.owner is None:
            found += [ast.dump(node) for node in tree.body]
        else:
            last = found.pop()
            member = ast.dump(tree).removeprefix("Module(body=[ClassDef(name='_'")
            assert last
            found.append(last + member)
    expected = [ast.dump(node) for node in ast.parse(text).body]
    split_classes = {piece.owner for piece in pieces if piece.owner is not None}
    assert len(found) == len(expected)
    if not split_classes:
        assert found == expected
    for before, after in itertools.pairwise(pieces):
        assert before.end <= after.start
        assert not text[before.end : after.start].strip().replace("#", "") or split_classes


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.name)
def test_library_modules(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    check_spans(text)
    check_pieces(text)


@pytest.mark.parametrize("case", TOKENIZED, ids=lambda case: case.name)
def test_cases(case: Case) -> None:
    text = case.before
    check_spans(text)
    check_pieces(text)


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@settings(max_examples=600, derandomize=True, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_random_texts(text: str) -> None:
    try:
        ast.parse(text)
        expected = tokens(text)
    except (SyntaxError, tokenize.TokenError, ValueError):
        return
    if "\r" in text or "\\\n" in text:
        expected = [(span.start, span.end) for span in opaque_spans(text)]
    assert [(span.start, span.end) for span in opaque_spans(text)] == expected
    try:
        check_pieces(text)
    except LexerError:
        pytest.fail("valid code was rejected")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("f'{a}'", ["a"]),
        ("f'{{a}} {b}'", ["b"]),
        ("f'{a!r:>{b}} {c=}'", ["a", "b", "c="]),
        ("f'{a != b}'", ["a != b"]),
        ("f'{d[1:2]}{ {1: 2}[1] }'", ["d[1:2]", " {1: 2}[1] "]),
        ("f'{(lambda x: x)(1)}'", ["(lambda x: x)(1)"]),
        ('f"{d["k"]}"', ["d[", "]"]),
        ('f"{f"{x}"}"', ["", "x", ""]),
        ("f'''{\n  a  # it's }\n}'''", ["\n  a  ", "\n"]),
        ("f'\\N{BULLET} {a} \\{b}'", ["a", "b"]),
        ("rf'\\N{a}'", ["a"]),
        ("t'{a:%H:%M}'", ["a"]),
        ("f'{a:{{x}}}'", ["a", "{x}"]),
        ("f'{'}'}'", ["", ""]),
    ],
)
def test_code_in_formatted_strings(text: str, code: list[str]) -> None:
    end, fields = formatted_string(text, 0)
    assert end == len(text)
    assert [text[start:stop] for start, stop in sorted(fields.code)] == code
    (span,) = opaque_spans(text)
    assert (span.start, span.end, span.kind) == (0, len(text), SpanKind.FORMATTED)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("f'{a}={b} {c=}'", [False, False, True]),
        ("f'{a=!r:{b}} {{c=}} {d:=}'", [True, False, False]),
        ('f"""{a = # b\n}{a\\\n}"""', [True, False]),
        ("f'{a:{b=}} {f(c)[d=1]}'", [False, True, False]),
        ("f'{a == b} {a != b}'", [False, False]),
    ],
)
def test_fields_that_show_their_code(text: str, shown: list[bool]) -> None:
    assert formatted_string(text, 0)[1].shown == shown


@pytest.mark.parametrize("text", ["'", '"""x', "f'{x", "f'{x:", "f'{x!", "f'\\N{x", 'f"{x["a]}"'])
def test_unterminated_strings(text: str) -> None:
    with pytest.raises(LexerError):
        opaque_spans(text)


@pytest.mark.parametrize("text", ["x = (1\n", "x = 1)\n"])
def test_unbalanced_brackets(text: str) -> None:
    with pytest.raises(LexerError):
        split(text, SpanIndex(text, opaque_spans(text)))
    assert [(piece.start, piece.end) for piece in whole(text)] == [(0, len(text))]


def test_words() -> None:
    text = "cu.f  # cu\n'cu' f'{cu} cu' xcu cu_ ücu cu"
    words = find_words(text, ["cu"], SpanIndex(text, opaque_spans(text)))
    assert [word.start for word in words if is_code(text, word)] == [0, 19, len(text) - 2]
    assert [word.start for word in words if not is_code(text, word)] == [12, 23]


def test_large_classes_are_split() -> None:
    method = "    def m{}(self, x=')'):\n        '''(\nx'''\n        return (\n1)\n\n"
    body = "".join(method.format(i) for i in range(120))
    text = f"import a\n\n@d(1,\n   'x')\nclass C(B['(']):  # comment:\n    # first\n{body}\nx = 1\n"
    pieces = split(text, SpanIndex(text, opaque_spans(text)))
    assert len(pieces) == 1 + 1 + 120 + 1
    check_pieces(text)


@pytest.mark.parametrize("header", ["class C(", "class C: x = 1;", "if x:\n  pass\nclass C:\\\n"])
def test_unusual_classes_are_not_split(header: str) -> None:
    text = f"{header}\n" + "    x = 1\n" * 600
    try:
        pieces = split(text, SpanIndex(text, opaque_spans(text)))
    except LexerError:
        return
    assert all(piece.owner is None for piece in pieces)
