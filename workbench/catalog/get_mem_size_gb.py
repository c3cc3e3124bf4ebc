"""get_mem_size_gb: the memory that this process may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.catalog._surroundings import environment
from workbench.catalog.model import Call, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_GIB = "SKYPILOT_POD_MEMORY_GB_LIMIT"
_BYTES = "SKYPILOT_POD_MEMORY_BYTES_LIMIT"
_VALUES = (
    *(
        "4",
        "4.0",
        "2.7",
        "0",
        "-0",
        "-1",
        "1e3",
        " 3 ",
        "\t3\n",
        "1_000",
        "٣",
        "\uff13",
        ".5",
        "5.",
        "007",
    ),
    *(
        "17179869184",
        "9007199254740993",
        "inf",
        "-Infinity",
        "nan",
        "-nan",
        "1e400",
        "1e-400",
        "5e-324",
    ),
    *(
        "",
        " ",
        "abc",
        "4 GB",
        "4Gi",
        "0x4",
        "1,5",
        "1__0",
        "_1",
        "é",
        "--1",
        "1e",
        "\x1f3",
        "\u20033",
    ),
)


def _corners(directory: Path) -> Iterator[Call]:
    del directory
    yield Call()
    yield _limited(None, None)
    for value in _VALUES:
        yield _limited(value, None)
        yield _limited(None, value)
        yield _limited(value, "1073741824")
        yield _limited("1.5", value)
    yield Call()
    yield Call((1,))
    yield Call(kwargs={"unit": "GB"})


def _limited(gib: str | None, size: str | None) -> Call:
    return Call(
        surroundings=environment(**{_GIB: gib, _BYTES: size}),
        note=f"{_GIB}={gib!r}, {_BYTES}={size!r}",
    )


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    del directory
    numbers = st.one_of(st.floats(), st.integers()).map(str)
    value = st.one_of(st.none(), numbers, st.text("0123456789.eE+-_ infa", max_size=10))
    return st.builds(_limited, value, value)


UTILITY = Utility(
    name="get_mem_size_gb",
    summary="the memory that this process may use",
    replaces=("sky.utils.common_utils.get_mem_size_gb",),
    announced_speedup=10.0,
    workloads=(Workload("this machine", lambda _: Call()),),
    corners=_corners,
    strategy=_strategy,
)
