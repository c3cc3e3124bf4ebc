"""format_float: a number without a needless decimal point."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.catalog.model import Call, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


class _Level(IntEnum):
    HIGH = 3


class _Loud(int):
    def __str__(self) -> str:
        return "loud"


class _Styled(float):
    def __format__(self, spec: str) -> str:
        return f"<{spec}>"


class _NeverWhole(float):
    def is_integer(self) -> bool:
        return False


class _Precise(int):
    def __format__(self, spec: str) -> str:
        return "4"


class _Index:
    def __index__(self) -> int:
        return 2


_FLOATS = (
    *(
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        1.5,
        2.5,
        0.05,
        0.25,
        1.25,
        1.05,
        1.005,
        2.675,
        0.1 + 0.2,
        9.95,
        99.95,
    ),
    *(1234567.89, -1234567.89, 0.04, -0.04, 0.049999999999999996, 1e15, 1e16, 1e22, 1e23, 1e300),
    *(
        123456789012345.6,
        4503599627370495.5,
        4503599627370496.5,
        9007199254740993.0,
        5e-324,
        1e-300,
    ),
    *(math.pi, math.nextafter(1.0, 2.0), math.nextafter(1.0, 0.0), 1.7976931348623157e308),
    *(math.inf, -math.inf, math.nan),
)


def _corners(directory: Path) -> Iterator[Call]:
    del directory
    for number in _FLOATS:
        yield Call((number,))
        for precision in (0, 1, 2, 3, 15, 17, 60, 400):
            yield Call((number, precision))
    for whole in (0, 1, -1, 10**30, 10**4299, 10**5000, True, False, _Level.HIGH, _Loud(5)):
        yield Call((whole,))
        yield Call((whole, 2))
        yield Call((whole, "ignored"))
    for precision in _odd_precisions():
        yield Call((1.25, precision))
        yield Call((2.0, precision))
    for number in _odd_numbers():
        yield Call((number,))
        yield Call((number, 3))
    yield Call(kwargs={"num": 1.25, "precision": 1})
    yield Call((1.25,), {"precision": 2})
    yield Call()
    yield Call((1.25, 1, 1))
    yield Call((1.25,), {"digits": 1})


def _odd_precisions() -> tuple[Any, ...]:
    import numpy as np

    integers = (
        -1,
        -100,
        100_000,
        2**31,
        2**63,
        2**64,
        True,
        False,
        _Level.HIGH,
        _Loud(2),
        _Precise(2),
    )
    others = (1.0, 2.5, None, "", "2", "x", "-1", " 1", "01", "1e", "2f", "٣", b"1", (), _Index())
    return (*integers, *others, np.int64(2), np.uint8(3), np.float64(2.0), Fraction(2), Decimal(2))


def _odd_numbers() -> tuple[Any, ...]:
    import numpy as np

    numpy_values = (
        *(np.float64(1.25), np.float64(3.0), np.float32(1.1), np.float32(2.0), np.float16(0.1)),
        *(
            np.int64(7),
            np.uint8(7),
            np.bool_(True),
            np.longdouble(1.1),
            np.array(1.5),
            np.array([1.5]),
        ),
    )
    subclasses = (_Styled(1.25), _Styled(2.0), _NeverWhole(2.0), _NeverWhole(2.5))
    foreign = (Fraction(1, 3), Fraction(2), Decimal("1.25"), Decimal(2), Decimal("nan"))
    wrong = (None, "1.5", "", b"1", 1.5j, [1.5], object(), float, int, _Index())
    return (*numpy_values, *subclasses, *foreign, *wrong)


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    del directory
    halves = st.integers(-(10**7), 10**7).map(lambda n: n / 1000)
    ties = st.integers(-(10**5), 10**5).map(lambda n: n / 8)
    numbers = st.one_of(st.floats(), halves, ties, st.integers(), st.booleans(), st.fractions())
    precisions = st.one_of(st.integers(0, 20), st.integers(-3, 400))
    return st.one_of(
        st.builds(lambda number: Call((number,)), numbers),
        st.builds(lambda number, precision: Call((number, precision)), numbers, precisions),
    )


UTILITY = Utility(
    name="format_float",
    summary="a number without a needless decimal point",
    replaces=("sky.utils.common_utils.format_float",),
    announced_speedup=4.0,
    workloads=(Workload("1234567.89, precision 2", lambda _: Call((1234567.89, 2))),),
    corners=_corners,
    strategy=_strategy,
)
