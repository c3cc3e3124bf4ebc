"""Tests for comments and strings: comparison with Python's own tools."""

from __future__ import annotations

import ast
import io
import token
import tokenize
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.analyzers.case_files import Case
from tests.analyzers.syntax.python_texts import RANDOM_TEXTS, SAMPLE, TOKENIZED
from workbench.analyzers.syntax.lexer import (
    LexerError,
    SpanIndex,
    SpanKind,
    find_words,
    formatted_string,
    is_code,
    opaque_spans,
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


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.name)
def test_library_modules(path: Path) -> None:
    check_spans(path.read_bytes().decode("utf-8"))


@pytest.mark.parametrize("case", TOKENIZED, ids=lambda case: case.name)
def test_cases(case: Case) -> None:
    check_spans(case.before)


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@settings(max_examples=600, derandomize=True, deadline=None)
@given(RANDOM_TEXTS)
def test_random_texts(text: str) -> None:
    try:
        ast.parse(text)
        expected = tokens(text)
    except (SyntaxError, tokenize.TokenError, ValueError):
        return
    spans = [(span.start, span.end) for span in opaque_spans(text)]
    if "\r" not in text and "\\\n" not in text:
        assert spans == expected


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


def test_words() -> None:
    text = "cu.f  # cu\n'cu' f'{cu} cu' xcu cu_ ücu cu"
    words = find_words(text, ["cu"], SpanIndex(text, opaque_spans(text)))
    assert [word.start for word in words if is_code(text, word)] == [0, 19, len(text) - 2]
    assert [word.start for word in words if not is_code(text, word)] == [12, 23]
