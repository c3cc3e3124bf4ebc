from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.formatting import columns, markdown, units

SIZE = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}


@given(st.floats(1e-12, 1e5))
@settings(derandomize=True)
def test_seconds_read_back(value: float) -> None:
    number, unit = units.seconds(value).split()

    assert float(number.replace(",", "")) * SIZE[unit] == pytest.approx(value, rel=0.005)
    assert unit in {"ns", "s"} or 0.99 < float(number) < 1000


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.86e-5, "28.6 µs"),
        (9.9951e-7, "1.00 µs"),
        (9.994e-7, "999 ns"),
        (0.0, "0 ns"),
        (3.5e-10, "0.35 ns"),
        (0.029, "29.0 ms"),
        (1.0, "1.00 s"),
        (3661.0, "3,660 s"),
        (None, units.MISSING),
    ],
)
def test_seconds(value: float | None, text: str) -> None:
    assert units.seconds(value) == text


@given(st.floats(1e-9, 1e9))
@settings(derandomize=True)
def test_ratio_reads_back(value: float) -> None:
    assert float(units.ratio(value).replace(",", "")) == pytest.approx(
        value, rel=0.051 if value < 0.1 else 0.0051, abs=0.0051 if value >= 0.1 else 0
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.954, "0.95"), (1.0, "1.00"), (9.996, "10.0"), (44.04, "44.0"), (1234.5, "1,230")],
)
def test_ratio(value: float, text: str) -> None:
    assert units.ratio(value) == text


def test_phrases() -> None:
    assert units.times(None) == units.interval(1.0, None) == units.count(None) == units.MISSING
    assert units.interval(1.0, 2.0, "-") == "1.00-2.00"
    assert units.counted(1, "file") == "1 file"
    assert units.counted(2000, "file") == "2,000 files"
    assert units.counted(2, "process", "processes") == "2 processes"
    assert units.span(3, 3) == "3"
    assert units.span(3, 1000) == "3 to 1,000"
    assert units.names([]) == ""
    assert units.names(["a"]) == "a"
    assert units.names(list("abcde")) == "a, b, c, d and e"
    assert units.names(list("abcdef")) == "a, b, c, d and 2 more"


@given(st.text(st.characters(codec=None), max_size=400))
@settings(derandomize=True)
def test_visible_text_has_nothing_hidden(text: str) -> None:
    shown = units.visible(text)

    assert shown.isprintable()
    assert shown.encode().decode() == shown
    assert not {unicodedata.bidirectional(c) for c in shown} & {"RLO", "LRO", "RLI", "LRI", "FSI"}
    if text.isprintable() and len(text) <= units.LONGEST_NAME:
        assert shown == text


def test_long_text_is_cut() -> None:
    assert units.visible("x" * 1_000_000) == "x" * 299 + "…"


printable = st.text(max_size=120).map(units.visible)


@given(printable, st.integers(1, 60))
@settings(derandomize=True)
def test_columns_have_their_width(text: str, width: int) -> None:
    for column in (columns.left(text, width), columns.right(text, width)):
        assert columns.cells(column) == width


@given(printable, st.integers(8, 80))
@settings(derandomize=True)
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = columns.wrap(text, "  ", width).split("\n")

    assert all(columns.cells(line) <= width for line in lines)
    assert all(line.startswith("  ") for line in lines[1:])
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_wide_characters_take_two_columns() -> None:
    assert columns.cells("漢字e\u0301") == 5
    assert columns.fit("漢字漢字", 4) == "漢…"


def test_code_spans_hold_any_text() -> None:
    assert markdown.code("a_b") == "`a_b`"
    assert markdown.code("a`b``c") == "```a`b``c```"
    assert markdown.code("`") == "`` ` ``"
    assert markdown.code("") == "`  `"
    assert markdown.code("a|b") == "`a\\|b`"


def test_prose_is_literal() -> None:
    text = markdown.prose("hash_file: <b>*x*</b> @user https://x.y _z_ a|b [l](u) #1")

    assert "hash_file: &lt;b&gt;\\*x\\*&lt;/b&gt;" in text
    assert not re.search(r"@user|://|(?<!\\)[*|\[#]|(?<![\\\w])_", text.replace("&#8203;", " "))
