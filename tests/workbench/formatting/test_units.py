from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.formatting import units

SIZE = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}


@given(st.floats(1e-12, 1e5))
@settings(derandomize=True)
def test_seconds_read_back(value: float) -> None:
    number, unit = units.seconds(value).split()

    assert float(number.replace(",", "")) * SIZE[unit] == pytest.approx(value, rel=0.005)
    assert unit in {"ns", "s"} or 0.99 < float(number) < 1000


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.86e-5, "28.6 µs"),
        (9.9951e-7, "1.00 µs"),
        (9.994e-7, "999 ns"),
        (0.0, "0 ns"),
        (3.5e-10, "0.35 ns"),
        (0.029, "29.0 ms"),
        (1.0, "1.00 s"),
        (3661.0, "3,660 s"),
        (None, units.MISSING),
    ],
)
def test_seconds(value: float | None, text: str) -> None:
    assert units.seconds(value) == text


@given(st.floats(1e-9, 1e9))
@settings(derandomize=True)
def test_ratio_reads_back(value: float) -> None:
    assert float(units.ratio(value).replace(",", "")) == pytest.approx(
        value, rel=0.051 if value < 0.1 else 0.0051, abs=0.0051 if value >= 0.1 else 0
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.954, "0.95"), (1.0, "1.00"), (9.996, "10.0"), (44.04, "44.0"), (1234.5, "1,230")],
)
def test_ratio(value: float, text: str) -> None:
    assert units.ratio(value) == text


def test_phrases() -> None:
    assert units.times(None) == units.interval(1.0, None) == units.count(None) == units.MISSING
    assert units.interval(1.0, 2.0, "-") == "1.00-2.00"
    assert units.counted(1, "file") == "1 file"
    assert units.counted(2000, "file") == "2,000 files"
    assert units.counted(2, "process", "processes") == "2 processes"
    assert units.span(3, 3) == "3"
    assert units.span(3, 1000) == "3 to 1,000"
    assert units.names([]) == ""
    assert units.names(["a"]) == "a"
    assert units.names(list("abcde")) == "a, b, c, d and e"
    assert units.names(list("abcdef")) == "a, b, c, d and 2 more"
