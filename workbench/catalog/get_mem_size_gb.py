"""get_mem_size_gb: the memory available to this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.catalog._surroundings import as_nobody, environment
from workbench.catalog._values import LONGEST, long_texts, rarely, words
from workbench.catalog.model import Body, Call, Floor, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_GIB = "SKYPILOT_POD_MEMORY_GB_LIMIT"
_BYTES = "SKYPILOT_POD_MEMORY_BYTES_LIMIT"
_NUMBERS = words("4 4.0 2.7 0 -0 -1 1e3 1_000 ٣ \uff13 .5 5. 007 17179869184 9007199254740993")
_SPECIAL = words("inf -Infinity +inf nan -nan 1e400 1e-400 5e-324")
_SPACED = ("", " ", " 3 ", "\t3\n", "4 GB", "\x1f3", "\u20033", "3\v\f", "1 0")
_REFUSED = words("abc 4Gi 0x4 1,5 1__0 _1 é --1 1e . 4\udc80 \udcff")
_LONG = ("0" * LONGEST + "2", "1" * LONGEST, " " * LONGEST + "2", "x" * LONGEST)


def _corners(directory: Path) -> Iterator[Call]:
    del directory
    yield Call()
    yield _limited(None, None)
    for value in (*_NUMBERS, *_SPECIAL, *_SPACED, *_REFUSED, *_LONG):
        yield _limited(value, None)
        yield _limited(None, value)
        yield _limited(value, "1073741824")
        yield _limited("1.5", value)
    yield Call(surroundings=as_nobody, note="no privileges")
    yield Call()
    yield Call((1,))
    yield Call(kwargs={"unit": "GB"})


def _limited(gib: str | None, size: str | None) -> Call:
    values = ((_GIB, gib), (_BYTES, size))
    return Call(
        surroundings=environment(**dict(values)),
        note=", ".join(f"{name}={value and value[:80]!r}" for name, value in values),
    )


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    del directory
    numbers = st.one_of(st.floats(), st.integers()).map(str)
    plain = st.text("0123456789.eE+-_ infa٣\xa0", max_size=10)
    usual = st.one_of(st.none(), numbers, plain)
    value = rarely(long_texts(["0", "7", " ", "1_", "x"]), usual)
    return st.builds(_limited, value, value)


_FLOOR = Floor("pread of /proc/meminfo and the cgroup limit (files open)", "memory")

# The first body does not support the limit in bytes.
_BODIES = (
    Body("b7e13aabc3c5d48a68a2495ba6832b41", ("SKYPILOT_POD_MEMORY_GB_LIMIT",), "skypilot 0.9.3"),
    Body(
        "26ad4942266ea9aed0280fb8a39ad74f",
        ("SKYPILOT_POD_MEMORY_BYTES_LIMIT",),
        "skypilot 0.10.5 to 0.14.1",
    ),
)

UTILITY = Utility(
    name="get_mem_size_gb",
    summary="the memory available to this process",
    replaces=("sky.utils.common_utils.get_mem_size_gb",),
    announced_speedup=10.0,
    workloads=(Workload("this machine", lambda _: Call(), lambda _: _FLOOR),),
    corners=_corners,
    strategy=_strategy,
    bodies=_BODIES,
)
