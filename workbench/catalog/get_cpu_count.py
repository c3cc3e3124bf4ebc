"""get_cpu_count: the CPUs available to this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.catalog._surroundings import affinity, as_nobody, environment
from workbench.catalog._values import LONGEST, long_texts, rarely, texts, words
from workbench.catalog.model import Body, Call, Floor, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_LIMIT = "SKYPILOT_POD_CPU_CORE_LIMIT"
_NUMBERS = words(
    "4 4.0 2.7 0 0.5 -1 -2.9 1e3 1E3 +3 1_000 ٣ \uff13 .5 5. 007 1e300 9007199254740993"
)
_SPECIAL = words("inf -inf +inf Infinity nan -nan nan1 infinit 1e400 1e-400 1_0.5_0e1_0")
_SPACED = ("", " ", " 3 ", "\t3\n", "4 cores", "4\u00a0", "\x1f3", "\u20033", "3\v\f", "1 0")
_REFUSED = words("abc 0x4 1,5 1__0 _1 1_ é --1 +-1 1e e1 . - 500m 4\udc80 \udcff")
_LONG = ("2" * 400, "0" * LONGEST + "2", "1" * LONGEST, " " * LONGEST + "2", "x" * LONGEST)


def _corners(directory: Path) -> Iterator[Call]:
    del directory
    yield Call()
    yield Call(surroundings=environment(**{_LIMIT: None}), note=f"{_LIMIT} unset")
    for value in (*_NUMBERS, *_SPECIAL, *_SPACED, *_REFUSED, *_LONG):
        yield _limited(value)
    for cpus in (1, 2, 3):
        yield Call(surroundings=affinity(cpus), note=f"affinity of {cpus} CPUs")
    yield Call(surroundings=as_nobody, note="no privileges")
    yield Call()
    yield Call((1,))
    yield Call(kwargs={"logical": True})


def _can_be_set(value: str) -> bool:
    # The environment is encoded with surrogateescape, which other surrogates do not support.
    try:
        value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def _limited(value: str) -> Call:
    return Call(surroundings=environment(**{_LIMIT: value}), note=f"{_LIMIT}={value[:80]!r}")


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    del directory
    numbers = st.one_of(st.floats(), st.integers()).map(str)
    usual = st.one_of(numbers, st.text("0123456789.eE+-_ infa", max_size=10), texts(4))
    values = rarely(long_texts(["0", "7", " ", "1_", "x"]), usual)
    limited = values.filter(_can_be_set).map(_limited)
    pinned = st.integers(1, 4).map(lambda cpus: Call(surroundings=affinity(cpus)))
    return rarely(pinned, limited)


_FLOOR = Floor("sched_getaffinity, pread of the online CPUs and the quota (files open)", "cpus")

_BODIES = (
    Body(
        "06249982f3a4afaf801017b0ccbbe5bf",
        ("SKYPILOT_POD_CPU_CORE_LIMIT",),
        "skypilot 0.9.3 to 0.14.1",
    ),
)

UTILITY = Utility(
    name="get_cpu_count",
    summary="the CPUs available to this process",
    replaces=("sky.utils.common_utils.get_cpu_count",),
    announced_speedup=20.0,
    workloads=(Workload("this machine", lambda _: Call(), lambda _: _FLOOR),),
    corners=_corners,
    strategy=_strategy,
    bodies=_BODIES,
)
