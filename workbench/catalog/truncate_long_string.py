"""truncate_long_string: a string truncated to a length."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.catalog._surroundings import without_warnings
from workbench.catalog._values import (
    LONGEST,
    Index,
    Number,
    Text,
    every_code_point,
    like_floats,
    like_integers,
    long_texts,
    rarely,
    texts,
    wrong_types,
)
from workbench.catalog.model import Body, Call, Curve, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


class _Shouting(str):
    """A string with its own slicing."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> str:
        return super().__getitem__(key).upper()


class _Short(str):
    """A string that reports a wrong length."""

    __slots__ = ()

    def __len__(self) -> int:
        return 50


_SHORT = ("", " ", "a", "ab", "a b", "a  b", "   ", "a b c d e f g", "word", "words and words")
_ASCII = ("x" * 100, "x " * 50, " x" * 50, " " * 100, "ab  cd   ef    gh", "tab\tand\nnewline too")
_WIDE = (
    "é" * 40,
    "日本語 の 文 字 列 を 切 り 詰 め る",
    "😀 😀 😀 😀",
    "no-break\u00a0space here",
)
_ODD = ("\ud800 \udfff lone \udc80 surrogates", "a\0b c\0d e", "e\u0301 combining e\u0301 marks")
_MIXED = ("ascii then 日本 then 😀 and more words", "\u200f rtl \u202e override", "\u2003 \u3000 x")
_TEXTS = (*_SHORT, *_ASCII, *_WIDE, *_ODD, *_MIXED)
_NEGATIVE = (-(2**70), -(2**63), -(10**6), -5, -1)
_LENGTHS = (*_NEGATIVE, *range(9), 10, 13, 35, 36, 99, 100, 2**31, 2**63 - 1, 2**63, 2**64, 2**70)
_UNITS = ("word ", "a b ", "x", " ", "é ", "日本 ", "😀", "ab  cd ", "\ud800 ")


def _corners(directory: Path) -> Iterator[Call]:
    del directory
    for text in _TEXTS:
        yield Call((text,))
        yield Call((Text(text),))
        for length in _LENGTHS:
            yield Call((text, length))
            yield Call((text, length, True))
    words = "word and another " * 64
    for length in range(70):
        yield Call((words, length))
        yield Call((words, length, True))
    for long in (every_code_point(), "word " * (LONGEST // 5), "x" * LONGEST, " " * LONGEST):
        for length in (3, 100_000, LONGEST - 1, LONGEST):
            yield Call((long, length))
            yield Call((long, length, True))
    yield from _odd_arguments("words and words")
    yield Call(kwargs={"s": "words and words", "max_length": 8, "truncate_middle": True})
    yield Call(("words and words",), {"truncate_middle": True})
    yield Call()
    yield Call(("a", 1, True, 0))
    yield Call(("a",), {"length": 1})


def _odd_arguments(text: str) -> Iterator[Call]:
    import numpy as np

    like_texts = (Text(text), _Shouting(text), _Short(text), np.str_(text), np.array(text.split()))
    bytes_like = (text.encode(), bytearray(text.encode()), memoryview(text.encode()))
    for odd in (*like_texts, *bytes_like, text.split(), tuple(text), range(20), *wrong_types()):
        for length in (1, 8, 100):
            yield Call((odd, length))
            yield Call((odd, length, True))
    integers = (*like_integers(8), Number(-1), True, False, Index())
    for wrong in (*integers, *like_floats(8.0), *wrong_types(), 1.5, 8.0, float("nan"), "5"):
        yield Call((text, wrong), surroundings=without_warnings)
        yield Call((text, wrong, True), surroundings=without_warnings)
    for flag in (*wrong_types(), 0, 1, "", "no", [], 2.5, np.bool_(True), np.array([1, 2])):
        yield Call((text, 8, flag))


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    del directory
    words = st.lists(st.text("abé日😀", max_size=6), max_size=20).map(" ".join)
    short = st.one_of(words, texts(40), st.text(" a", max_size=30), words.map(Text))
    lengths = st.one_of(st.integers(-5, 60), st.integers(-5, 60).map(Number))
    flags = st.one_of(st.booleans(), st.integers(0, 1))
    usual = st.tuples(short, lengths, flags)
    long = st.tuples(long_texts(_UNITS), st.integers(0, LONGEST), flags)
    return rarely(long, usual).map(Call)


# The bodies contain no rare word, so the function's name is a needle too.
_BODIES = (
    Body(
        "f5da173688349c01f76be043230782ca",
        ("truncate_long_string", "enumerate"),
        "skypilot 0.7.0 to 0.9.3",
    ),
    Body(
        "af9acbfaad36e3d5153c727919110949",
        ("truncate_long_string", "enumerate"),
        "skypilot 0.10.5 to 0.14.1",
    ),
)

UTILITY = Utility(
    name="truncate_long_string",
    summary="a string truncated to a length",
    replaces=("sky.utils.common_utils.truncate_long_string",),
    announced_speedup=2.0,
    workloads=(
        Workload(
            "1,080 characters of words to 80",
            lambda _: Call((("eight words of text, then " * 42)[:1080], 80)),
        ),
        Workload("shorter than the limit", lambda _: Call(("a short text",))),
    ),
    curves=(
        Curve(
            "words cut to 80",
            "characters",
            (1, 10, 100, 1_000, 10_000, 100_000),
            lambda _, size: Call((("eight words of text, then " * (size // 26 + 1))[:size], 80)),
        ),
    ),
    corners=_corners,
    strategy=_strategy,
    bodies=_BODIES,
)
