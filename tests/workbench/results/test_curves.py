from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbench.workbench_samples import make_measurement
from workbench.results.curves import BreakEven, Crossing, break_even
from workbench.results.model import Interval, SizeCurve, SizePoint

SIZES = (1, 10, 100, 1000)


def _curve(*speedups: float | None, width: float = 0.01) -> SizeCurve:
    intervals = [Interval(s, s / (1 + width), s * (1 + width)) if s else None for s in speedups]
    return SizeCurve(
        "hash_file",
        "sha256",
        "bytes",
        tuple(
            SizePoint(size, make_measurement(speedup=interval))
            for size, interval in zip(SIZES, intervals, strict=False)
        ),
    )


@pytest.mark.parametrize(
    ("speedups", "crossing", "sentence"),
    [
        ((2.0, 3.0), Crossing.WINS, "none: native wins at every size measured"),
        ((0.5, 0.9), Crossing.LOSES, "none: native loses at every size measured"),
        ((2.0, 1.005), Crossing.NEVER_LOSES, "none: native loses at no size measured"),
        ((0.5, 0.995), Crossing.NEVER_WINS, "none: native wins at no size measured"),
        ((1.0, 1.0), Crossing.NEVER_LOSES, "none: native loses at no size measured"),
        ((None, None), Crossing.UNKNOWN, "unknown: native was not measured"),
        ((), Crossing.UNKNOWN, "unknown: native was not measured"),
    ],
)
def test_curves_that_do_not_cross(
    speedups: tuple[float | None, ...], crossing: Crossing, sentence: str
) -> None:
    found = break_even(_curve(*speedups).points)
    assert found == BreakEven(crossing)
    assert found.sentence("bytes") == sentence


def test_the_break_even_lies_between_a_loss_and_a_win() -> None:
    found = break_even(_curve(0.1, 10.0).points)
    assert found.crossing is Crossing.BREAKS_EVEN
    assert found.size is not None
    assert found.size.estimate == pytest.approx(10**0.5)
    # One hundredth of the speedup is a two-hundredth of the way in a decade of sizes.
    assert found.size.high == pytest.approx(10**0.5 * 1.01**0.5)
    assert found.size.low == pytest.approx(10**0.5 / 1.01**0.5)
    assert found.sentence("bytes") == "native loses below 3.2 bytes [3.1, 3.2]"
    wide = break_even(_curve(0.1, 10.0, width=0.5).points)
    assert wide.sentence("bytes") == "native loses below 3.2 bytes [2.6, 3.9]"


@pytest.mark.parametrize(
    ("speedups", "crossing", "between"),
    [
        ((0.5, 1.0, 1.0, 2.0), Crossing.BREAKS_EVEN, (1, 1000)),  # undecided in the middle
        ((0.5, 2.0, 0.5, 2.0), Crossing.BREAKS_EVEN, (100, 1000)),  # the last time counts
        ((2.0, 2.0, 0.5, 1.0), Crossing.FALLS_BEHIND, (10, 100)),
        ((0.5, None, 2.0, 1.0), Crossing.BREAKS_EVEN, (1, 100)),
    ],
)
def test_where_curves_cross(
    speedups: tuple[float | None, ...], crossing: Crossing, between: tuple[int, int]
) -> None:
    found = break_even(_curve(*speedups).points)
    assert found.crossing is crossing
    assert found.size is not None
    assert between[0] < found.size.low <= found.size.estimate <= found.size.high < between[1]


@given(
    st.lists(st.floats(0.01, 100.0), min_size=1, max_size=4),
    st.floats(0.0, 1.0),
    st.floats(1.01, 100.0),
)
def test_a_faster_native_side_never_breaks_even_later(
    speedups: list[float], width: float, factor: float
) -> None:
    rising = sorted(speedups)
    before = break_even(_curve(*rising, width=width).points)
    after = break_even(_curve(*(s * factor for s in rising), width=width).points)
    assert Crossing.FALLS_BEHIND not in {before.crossing, after.crossing}
    if before.size is not None and after.size is not None:
        assert after.size.estimate <= before.size.estimate * (1 + 1e-9)
        assert before.size.low <= before.size.estimate <= before.size.high
    if before.crossing is Crossing.WINS:
        assert after.crossing is Crossing.WINS
