"""get_parallel_threads: how many threads to use for waiting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.catalog._surroundings import affinity, environment
from workbench.catalog.model import Call, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_CLOUDS = (
    *(
        "kubernetes",
        "Kubernetes",
        "KUBERNETES",
        "kUbErNeTeS",
        "kubernetes ",
        " kubernetes",
        "kubernete",
        "k8s",
    ),
    *(
        "aws",
        "GCP",
        "ssh",
        "",
        "\u212aubernetes",
        "kubernete\u017f",
        "KUBERNETE\u1e9e",
        "\uff4bubernetes",
        "kuberne\0tes",
    ),
    *("kubernetes\n", "kub\u0065\u0301rnetes", "\ud800", "k" * 10_000),
)


class _Text(str):
    def lower(self) -> str:
        return "kubernetes"


class _Lower:
    def lower(self) -> str:
        return "kubernetes"


class _Falsy(_Lower):
    def __bool__(self) -> bool:
        return False


def _corners(directory: Path) -> Iterator[Call]:
    del directory
    yield Call()
    for cloud in _CLOUDS:
        yield Call((cloud,))
        yield Call(kwargs={"cloud_str": cloud})
    odd: tuple[Any, ...] = (
        None,
        0,
        1,
        True,
        False,
        b"kubernetes",
        b"",
        [],
        ["kubernetes"],
        1.5,
        0.0,
    )
    for cloud in (*odd, _Text("aws"), _Text(""), _Lower(), _Falsy(), object(), str):
        yield Call((cloud,))
    yield Call(surroundings=affinity(1), note="affinity of 1 CPU")
    for value in ("1", "7", "64"):
        yield Call(
            surroundings=environment(PYTHON_CPU_COUNT=value), note=f"PYTHON_CPU_COUNT={value}"
        )
    yield Call(("kubernetes", 2))
    yield Call(kwargs={"cloud": "aws"})


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    del directory
    flips = st.lists(st.booleans(), min_size=10, max_size=10)
    cased = flips.map(
        lambda up: "".join(c.upper() if u else c for c, u in zip("kubernetes", up, strict=True))
    )
    return st.one_of(st.none(), cased, st.text(max_size=12)).map(lambda cloud: Call((cloud,)))


UTILITY = Utility(
    name="get_parallel_threads",
    summary="how many threads to use for waiting",
    replaces=("sky.utils.subprocess_utils.get_parallel_threads",),
    announced_speedup=10.0,
    workloads=(Workload("this machine", lambda _: Call()),),
    corners=_corners,
    strategy=_strategy,
)
