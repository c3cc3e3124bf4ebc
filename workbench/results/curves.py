"""Find the input size from which native is faster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from math import exp, log

from workbench.results.model import Interval, SizePoint


class Crossing(Enum):
    """How the speedups of a curve relate to 1."""

    WINS = "native wins at every size measured"
    LOSES = "native loses at every size measured"
    NEVER_LOSES = "native loses at no size measured"
    NEVER_WINS = "native wins at no size measured"
    BREAKS_EVEN = "native loses below"
    FALLS_BEHIND = "native loses above"
    UNKNOWN = "native was not measured"


@dataclass(frozen=True)
class BreakEven:
    """The break-even point of one curve.

    ``size`` is set for ``BREAKS_EVEN`` and ``FALLS_BEHIND``: where the speedup crosses 1, with the
    sizes between which the 95% interval of the speedup contains 1.
    """

    crossing: Crossing
    size: Interval | None = None

    def sentence(self, unit: str) -> str:
        """Describe the break-even point in a few words, with sizes in ``unit``."""
        if self.size is None:
            exists = self.crossing is not Crossing.UNKNOWN
            return f"{'none' if exists else 'unknown'}: {self.crossing.value}"
        low, high = _shown(self.size.low), _shown(self.size.high)
        between = "" if low == high else f" [{low}, {high}]"
        return f"{self.crossing.value} {_shown(self.size.estimate)} {unit}{between}"


def break_even(points: Sequence[SizePoint]) -> BreakEven:
    """Find where the speedup crosses 1 for the last time.

    Native wins at a size when its whole interval is above 1, and loses when it is below. Between
    sizes, the speedup and the ends of its interval are interpolated linearly on logarithmic scales.
    """
    curve = [(p.size, s) for p in points if (s := p.measurement.speedup) is not None]
    if not curve:
        return BreakEven(Crossing.UNKNOWN)
    wins = [index for index, (_, speedup) in enumerate(curve) if speedup.low > 1]
    loses = [index for index, (_, speedup) in enumerate(curve) if speedup.high < 1]
    if not loses:
        return BreakEven(Crossing.WINS if len(wins) == len(curve) else Crossing.NEVER_LOSES)
    if not wins:
        return BreakEven(Crossing.LOSES if len(loses) == len(curve) else Crossing.NEVER_WINS)
    rises = loses[-1] < wins[-1]
    before, after = (loses, wins) if rises else (wins, loses)
    start = before[-1]
    end = next(index for index in after if index > start)
    crossing = Crossing.BREAKS_EVEN if rises else Crossing.FALLS_BEHIND
    return BreakEven(crossing, _crossing_size(curve[start : end + 1]))


def _crossing_size(curve: Sequence[tuple[int, Interval]]) -> Interval:
    """Return where the estimate and the ends of the interval cross 1."""
    ends = ("estimate", "low", "high")
    at = [_crosses([(size, getattr(speedup, end)) for size, speedup in curve]) for end in ends]
    return Interval(at[0], min(at), max(at))


def _crosses(line: Sequence[tuple[int, float]]) -> float:
    """Return the last size at which a line through these points is 1."""
    for (size, value), (next_size, next_value) in reversed(list(pairwise(line))):
        if (value - 1) * (next_value - 1) <= 0 and value != next_value:
            share = log(value) / (log(value) - log(next_value))
            return exp(log(size) + share * (log(next_size) - log(size)))
    raise ValueError("the line does not cross 1")


def _shown(size: float) -> str:
    return f"{size:.2g}" if size < 10 else f"{size:,.0f}"
