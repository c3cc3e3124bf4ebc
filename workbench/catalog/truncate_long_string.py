"""truncate_long_string: a text cut to a length."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.catalog.model import Call, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


class _Text(str):
    __slots__ = ()


class _Index:
    def __index__(self) -> int:
        return 2


_TEXTS = (
    *("", " ", "a", "ab", "a b", "a  b", "   ", "a b c d e f g", "word", "words and words"),
    *("x" * 100, "x " * 50, " x" * 50, " " * 100, "ab  cd   ef    gh", "no-break\u00a0space here"),
    *(
        "tab\tand\nnewline and space",
        "é" * 40,
        "日本語 の 文 字 列 を 切 り 詰 め る",
        "😀 😀 😀 😀",
    ),
    *("\ud800 \udfff lone \udc80 surrogates", "a\0b c\0d e", "e\u0301 combining e\u0301 marks"),
    *("ascii then 日本 then 😀 and more words", "\u200f rtl \u202e override"),
)
_LENGTHS = (
    -(2**70),
    -(10**6),
    -5,
    -1,
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    10,
    13,
    35,
    36,
    99,
    100,
    2**63,
    2**70,
)


def _corners(directory: Path) -> Iterator[Call]:
    del directory
    for text in _TEXTS:
        yield Call((text,))
        yield Call((_Text(text),))
        for length in _LENGTHS:
            yield Call((text, length))
            yield Call((text, length, True))
    words = "word and another " * 64
    for length in range(70):
        yield Call((words, length))
        yield Call((words, length, True))
    yield from _odd_arguments("words and words")
    yield Call(kwargs={"s": "words and words", "max_length": 8, "truncate_middle": True})
    yield Call(("words and words",), {"truncate_middle": True})
    yield Call()
    yield Call(("a", 1, True, 0))
    yield Call(("a",), {"length": 1})


def _odd_arguments(text: str) -> Iterator[Call]:
    texts: tuple[Any, ...] = (
        _Text(text),
        text.encode(),
        text.split(),
        tuple(text),
        None,
        5,
        1.5,
        {},
    )
    lengths: tuple[Any, ...] = (None, 1.5, "5", [], True, False, _Index(), 8.0)
    flags: tuple[Any, ...] = (0, 1, None, "", "no", [], 2.5)
    for odd in texts:
        for length in (1, 8, 100):
            yield Call((odd, length))
            yield Call((odd, length, True))
    for wrong in lengths:
        yield Call((text, wrong))
        yield Call((text, wrong, True))
    for flag in flags:
        yield Call((text, 8, flag))


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    del directory
    words = st.lists(st.text("abé日😀", max_size=6), max_size=20).map(" ".join)
    texts = st.one_of(words, st.text(max_size=40), st.text(" a", max_size=30))
    return st.builds(
        lambda text, length, middle: Call((text, length, middle)),
        texts,
        st.integers(-5, 60),
        st.booleans(),
    )


UTILITY = Utility(
    name="truncate_long_string",
    summary="a text cut to a length",
    replaces=("sky.utils.common_utils.truncate_long_string",),
    announced_speedup=2.0,
    workloads=(
        Workload(
            "1,080 characters of words to 80",
            lambda _: Call((("eight words of text, then " * 42)[:1080], 80)),
        ),
        Workload("shorter than the limit", lambda _: Call(("a short text",))),
    ),
    corners=_corners,
    strategy=_strategy,
)
