"""get_cpu_count: the CPUs that this process may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.catalog._surroundings import affinity, environment
from workbench.catalog.model import Call, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_LIMIT = "SKYPILOT_POD_CPU_CORE_LIMIT"
_VALUES = (
    *(
        "4",
        "4.0",
        "2.7",
        "0",
        "0.5",
        "-1",
        "-2.9",
        "1e3",
        "1E3",
        "+3",
        " 3 ",
        "\t3\n",
        "1_000",
        "٣",
        "\uff13",
        ".5",
    ),
    *(
        "5.",
        "007",
        "1e300",
        "9007199254740993",
        "inf",
        "-inf",
        "Infinity",
        "nan",
        "-nan",
        "1e400",
        "1e-400",
    ),
    *(
        "",
        " ",
        "abc",
        "4 cores",
        "0x4",
        "1,5",
        "1__0",
        "_1",
        "1_",
        "4\u00a0",
        "\ud800",
        "é",
        "--1",
        "1e",
        "nan1",
    ),
    *("500m", "2" * 400, "infinit", "+inf", "1_0.5_0e1_0", "\x1f3", "\u20033"),
)


def _corners(directory: Path) -> Iterator[Call]:
    del directory
    yield Call()
    yield Call(surroundings=environment(**{_LIMIT: None}), note=f"{_LIMIT} unset")
    for value in _VALUES:
        if _can_be_set(value):
            yield _limited(value)
    for cpus in (1, 2, 3):
        yield Call(surroundings=affinity(cpus), note=f"affinity of {cpus} CPUs")
    yield Call()
    yield Call((1,))
    yield Call(kwargs={"logical": True})


def _can_be_set(value: str) -> bool:
    # The interpreter decodes the environment with surrogateescape; others cannot be encoded.
    try:
        value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def _limited(value: str) -> Call:
    return Call(surroundings=environment(**{_LIMIT: value}), note=f"{_LIMIT}={value!r}")


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    del directory
    numbers = st.one_of(st.floats(), st.integers()).map(str)
    texts = st.one_of(numbers, st.text("0123456789.eE+-_ infa", max_size=10), st.text(max_size=4))
    return texts.filter(_can_be_set).map(_limited)


UTILITY = Utility(
    name="get_cpu_count",
    summary="the CPUs that this process may use",
    replaces=("sky.utils.common_utils.get_cpu_count",),
    announced_speedup=20.0,
    workloads=(Workload("this machine", lambda _: Call()),),
    corners=_corners,
    strategy=_strategy,
)
