from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.catalog import Call
from workbench.measure.loops import bind, calibrate


def test_the_loop_calls_as_often_as_asked() -> None:
    seen: list[tuple[Any, ...]] = []

    def record(a: int, b: int, *, c: int) -> None:
        seen.append((a, b, c))

    loop = bind(record, Call((1, 2), {"c": 3}))
    for calls in (0, 1, 9, 10, 11, 137):
        seen.clear()
        assert loop(calls) >= 0
        assert seen == [(1, 2, 3)] * calls


def test_calibration_fills_a_sample() -> None:
    rate = 1e-6
    calls: list[int] = []

    def pretended(loops: int) -> float:
        calls.append(loops)
        return loops * rate

    loops, attempts = calibrate(pretended, 0.001)
    assert loops * rate >= 0.001
    assert loops <= 2000
    assert [count for count, _ in attempts] == calls
    assert all(seconds == pytest.approx(rate) for _, seconds in attempts)


def test_calibration_ends_with_a_clock_that_stands_still() -> None:
    assert calibrate(lambda _: 0.0, 1.0)[0] == 2**30


def test_calibration_of_a_slow_call_takes_one() -> None:
    assert calibrate(lambda loops: 5.0 * loops, 0.001)[0] == 1


@pytest.mark.parametrize("slow", [0, 1, 2])
def test_one_slow_attempt_does_not_end_calibration(slow: int) -> None:
    """The first call of a process is cold, and any other may be interrupted."""
    calls: list[int] = []

    def pretended(loops: int) -> float:
        calls.append(loops)
        return loops * 1e-6 + (0.05 if len(calls) == slow + 1 else 0.0)

    loops, attempts = calibrate(pretended, 0.001)
    assert 1000 <= loops <= 2000
    assert [count for count, _ in attempts] == calls


@given(st.floats(1e-9, 1e-2), st.floats(1e-6, 1e-1))
def test_calibration_grows_at_most_tenfold_and_fills_the_sample(
    seconds: float, sample: float
) -> None:
    loops, attempts = calibrate(lambda count: count * seconds, sample)
    counts = [count for count, _ in attempts]
    assert counts[0] == 1
    assert all(before <= after <= 10 * before for before, after in pairwise(counts))
    assert counts[-1] == loops
    assert loops * seconds >= sample
    # A call more than needed costs little, many more would waste the time of the run.
    assert loops == 1 or loops * seconds <= 2.5 * sample + seconds


def test_an_exception_ends_the_loop() -> None:
    with pytest.raises(ZeroDivisionError):
        bind(lambda: 1 // 0, Call())(3)
