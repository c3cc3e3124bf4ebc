"""format_float: a number without a redundant decimal point."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.catalog._values import (
    LONGEST,
    Index,
    Loud,
    Number,
    Real,
    like_floats,
    like_integers,
    rarely,
    texts,
    words,
    wrong_types,
)
from workbench.catalog.model import Body, Call, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


class _Urgency(IntEnum):
    HIGH = 3


class _Styled(float):
    def __format__(self, spec: str) -> str:
        return f"<{spec}>"


class _NeverWhole(float):
    def is_integer(self) -> bool:
        return False


class _Precise(int):
    def __format__(self, spec: str) -> str:
        return "4"


_SMALL = (0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, 0.05, 0.25, 1.25, 1.05, 1.005, 2.675, 0.1 + 0.2)
_NEARLY_WHOLE = (9.95, 99.95, 0.04, -0.04, 0.049999999999999996, math.pi, 1234567.89, -1234567.89)
_POWERS = (1e15, 1e16, 1e22, 1e23, 1e300, 1e-300, 5e-324, 2.0**53, 2.0**64, 2.0**127, 2.0**128)
_EDGES = (1 / 128, math.nextafter(1 / 128, 0), math.nextafter(1, 2), math.nextafter(1, 0))
_EXACT = (123456789012345.6, 4503599627370495.5, 4503599627370496.5, 9007199254740993.0)
_EXTREME = (sys.float_info.max, sys.float_info.min, math.inf, -math.inf, math.nan, -math.nan)
_FLOATS = (*_SMALL, *_NEARLY_WHOLE, *_POWERS, *_EDGES, *_EXACT, *_EXTREME)
_WHOLE = (0, 1, -1, 10**30, 10**4299, 10**5000, True, False, _Urgency.HIGH, Loud(5), Number(7))


def _corners(directory: Path) -> Iterator[Call]:
    del directory
    for number in _FLOATS:
        yield Call((number,))
        for precision in (0, 1, 2, 3, 15, 16, 17, 60, 100, 101, 400):
            yield Call((number, precision))
    for whole in _WHOLE:
        yield Call((whole,))
        yield Call((whole, 2))
        yield Call((whole, "ignored"))
    for odd in _odd_precisions():
        yield Call((1.25, odd))
        yield Call((2.0, odd))
    for other in _odd_numbers():
        yield Call((other,))
        yield Call((other, 3))
    yield Call(kwargs={"num": 1.25, "precision": 1})
    yield Call((1.25,), {"precision": 2})
    yield Call()
    yield Call((1.25, 1, 1))
    yield Call((1.25,), {"digits": 1})


def _odd_precisions() -> tuple[Any, ...]:
    integers = (-1, -100, 100_000, LONGEST, 2**31, 2**63, 2**64, 10**100)
    subclasses = (True, False, _Urgency.HIGH, Loud(2), _Precise(2), Number(2), *like_integers(2))
    spellings = ("", " ", " 1", *words("2 x -1 01 1e 2f ٣ \ud800 .2 2.5 100000000000000000000"))
    floats = (1.0, 2.5, Real(2), *like_floats(2.0), Fraction(2), Decimal(2))
    return (*integers, *subclasses, *spellings, *floats, *wrong_types())


def _odd_numbers() -> tuple[Any, ...]:
    import numpy as np

    numpy_values = (*like_floats(1.25), *like_floats(3.0), *like_integers(7), np.bool_(True))
    subclasses = (_Styled(1.25), _Styled(2.0), _NeverWhole(2.0), _NeverWhole(2.5), Real("nan"))
    foreign = (Fraction(1, 3), Fraction(2), Decimal("1.25"), Decimal(2), Decimal("nan"))
    return (*numpy_values, *subclasses, *foreign, *wrong_types(), "1.5", "", float, int, Index())


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    del directory
    halves = st.integers(-(10**7), 10**7).map(lambda n: n / 1000)
    ties = st.integers(-(10**5), 10**5).map(lambda n: n / 8)
    floats = st.one_of(st.floats(), halves, ties)
    long_integers = st.builds(lambda n, power: n * 10**power, st.integers(), st.integers(0, 4250))
    foreign = st.one_of(st.fractions(), st.decimals(), st.complex_numbers(), texts(5))
    near = st.floats(-60_000, 60_000).flatmap(lambda value: st.sampled_from(like_floats(value)))
    others = st.one_of(st.integers(), st.booleans(), long_integers, foreign, near)
    precisions = st.one_of(st.integers(0, 20), st.integers(-3, 400))
    odd_precisions = st.one_of(st.integers(), texts(3), st.floats(), st.integers(0, LONGEST))
    return st.one_of(
        st.builds(lambda number: Call((number,)), st.one_of(floats, others)),
        st.builds(
            lambda number, precision: Call((number, precision)),
            st.one_of(floats, floats, others),
            rarely(odd_precisions, precisions),
        ),
    )


_BODIES = (
    Body("85a1e4d8778b2ea7b2f5eb57d8aba217", ("{:.0f}", "is_integer"), "skypilot 0.5.0 to 0.14.1"),
)

UTILITY = Utility(
    name="format_float",
    summary="a number without a redundant decimal point",
    replaces=("sky.utils.common_utils.format_float",),
    announced_speedup=4.0,
    workloads=(Workload("1234567.89, precision 2", lambda _: Call((1234567.89, 2))),),
    corners=_corners,
    strategy=_strategy,
    bodies=_BODIES,
)
