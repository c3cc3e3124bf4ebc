"""get_parallel_threads: the number of threads for I/O-bound work."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.catalog._surroundings import affinity, as_nobody, environment
from workbench.catalog._values import (
    LONGEST,
    Number,
    Text,
    every_code_point,
    long_texts,
    rarely,
    texts,
    words,
    wrong_types,
)
from workbench.catalog.model import Body, Call, Floor, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_KUBERNETES = "kubernetes"
_CLOUDS = words("kubernetes Kubernetes KUBERNETES kUbErNeTeS kubernete k8s aws GCP ssh \ud800")
_ALMOST = (
    "",
    "kubernetes ",
    " kubernetes",
    "kubernetes\n",
    "kuberne\0tes",
    "kub\u0065\u0301rnetes",
)
_LONG = ("k" * LONGEST, _KUBERNETES * 10_000)


class _Lying(str):
    __slots__ = ()

    def lower(self) -> str:
        return _KUBERNETES


class _Lower:
    def lower(self) -> str:
        return _KUBERNETES


class _Falsy(_Lower):
    def __bool__(self) -> bool:
        return False


def _corners(directory: Path) -> Iterator[Call]:
    del directory
    yield Call()
    for cloud in (*_CLOUDS, *_ALMOST, *_LONG, every_code_point(), *_lookalikes()):
        yield Call((cloud,))
        yield Call(kwargs={"cloud_str": cloud})
    for odd in (*wrong_types(), 0, 1, True, False, b"kubernetes", b"", [_KUBERNETES], 0.0, 1.5):
        yield Call((odd,))
    for other in (_Lying("aws"), _Lying(""), Text(_KUBERNETES), _Lower(), _Falsy(), Number(0)):
        yield Call((other,))
    yield Call(surroundings=affinity(1), note="affinity of 1 CPU")
    yield Call(surroundings=as_nobody, note="no privileges")
    for count in ("1", "7", "64"):
        changed = environment(PYTHON_CPU_COUNT=count)
        yield Call(surroundings=changed, note=f"PYTHON_CPU_COUNT={count}")
    yield Call(("kubernetes", 2))
    yield Call(kwargs={"cloud": "aws"})


@cache
def _lookalikes() -> tuple[str, ...]:
    """Return the word with a letter replaced by a code point whose case mapping is that letter."""
    return tuple(
        _KUBERNETES.replace(plain, letter)
        for letter in map(chr, range(sys.maxunicode + 1))
        for plain in {letter.lower(), letter.upper().lower(), letter.casefold()}
        if plain != letter and plain in _KUBERNETES
    )


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    del directory
    flips = st.lists(st.booleans(), min_size=10, max_size=10)
    cased = flips.map(
        lambda up: "".join(c.upper() if u else c for c, u in zip(_KUBERNETES, up, strict=True))
    )
    usual = st.one_of(st.none(), cased, cased.map(Text), texts(12), st.integers(), st.binary())
    clouds = rarely(long_texts([_KUBERNETES, "K", "日本"]), usual)
    return clouds.map(lambda cloud: Call((cloud,)))


_FLOOR = Floor("pread of the online CPUs (file open)", "threads")

# The four lines before 0.8.0 are too common to be recognised as a copy.
_BODIES = (
    Body(
        "09a9afe7a2a4ceb0835ddc6bb92ac379", ("_get_thread_multiplier",), "skypilot 0.8.0 to 0.14.1"
    ),
)

UTILITY = Utility(
    name="get_parallel_threads",
    summary="the number of threads for I/O-bound work",
    replaces=("sky.utils.subprocess_utils.get_parallel_threads",),
    announced_speedup=10.0,
    workloads=(Workload("this machine", lambda _: Call(), lambda _: _FLOOR),),
    corners=_corners,
    strategy=_strategy,
    bodies=_BODIES,
)
