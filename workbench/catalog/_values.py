"""Values and random inputs shared by several catalog entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")

LONGEST = 10**6


class Text(str):
    """A plain subclass of ``str``."""

    __slots__ = ()


class Number(int):
    """A plain subclass of ``int``."""


class Real(float):
    """A plain subclass of ``float``."""


class Index:
    """An object that is not a number but usable as an index."""

    def __index__(self) -> int:
        return 2


class Loud(int):
    """An ``int`` with a different string representation."""

    def __str__(self) -> str:
        return "loud"


def words(text: str) -> list[str]:
    """Split a string at whitespace."""
    return text.split()


def every_code_point() -> str:
    """Return all Unicode code points in one string, including lone surrogates."""
    return "".join(map(chr, range(0x110000)))


def wrong_types() -> tuple[Any, ...]:
    """Return values that are neither strings nor real numbers."""
    return (None, [], ["1"], (1,), {}, {1}, object(), str, len, Ellipsis, 1j, b"1", bytearray(b"1"))


def like_integers(value: int) -> tuple[Any, ...]:
    """Return objects that act as an integer but are not of type ``int``."""
    import numpy as np

    kinds = (np.int64, np.int32, np.uint16, np.uint8)
    scalars = (kind(value) for kind in kinds if value in range(np.iinfo(kind).max + 1))
    return (Number(value), Loud(value), Index(), *scalars, np.array(value))


def like_floats(value: float) -> tuple[Any, ...]:
    """Return objects that act as a float but are not of type ``float``."""
    import numpy as np

    scalars = (np.float64(value), np.float32(value), np.float16(value), np.longdouble(value))
    return (Real(value), *scalars, np.array(value), np.array([value]))


def texts(longest: int = 30) -> SearchStrategy[str]:
    """Return a strategy for strings of any code points, including lone surrogates."""
    from hypothesis import strategies as st

    return st.text(st.characters(), max_size=longest)


def long_texts(units: Sequence[str]) -> SearchStrategy[str]:
    """Return a strategy for strings of up to a million characters that repeat one of ``units``."""
    from hypothesis import strategies as st

    lengths = st.integers(0, 6).flatmap(lambda power: st.integers(0, 10**power))
    return st.builds(
        lambda unit, length: (unit * (length // len(unit) + 1))[:length],
        st.sampled_from(units),
        lengths,
    )


def rarely(rare: SearchStrategy[T], usual: SearchStrategy[T]) -> SearchStrategy[T]:
    """Return a strategy that uses ``rare`` once in fifty times, for inputs that take long."""
    from hypothesis import strategies as st

    choice: SearchStrategy[bool] = st.integers(1, 50).map(lambda drawn: drawn == 50)
    return choice.flatmap(lambda is_rare: rare if is_rare else usual)
