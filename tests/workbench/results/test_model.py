from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tests.workbench.workbench_samples import make_measurement, make_results
from workbench.results.model import CALL_SECONDS


def test_the_share_of_the_floor_is_taken_pair_by_pair() -> None:
    plain = make_measurement()
    # A busy machine slows whole groups: the share of each stays what it is.
    slow = tuple(tuple(value * 10**i for i, value in enumerate(row)) for row in plain.native)
    floor = tuple(tuple(value * 0.75 - CALL_SECONDS for value in row) for row in slow)
    measured = replace(plain, native=slow, floor=floor)
    assert measured.floor_share == pytest.approx(0.75)
    assert plain.floor_share is None
    assert replace(measured, native=()).floor_share is None


def test_the_frame_has_the_floor() -> None:
    plain, floored = make_measurement(), make_measurement("hash_file", "sha256 of 9 KB")
    floored = replace(floored, floor=floored.native)
    frame = make_results(plain, floored).to_frame()
    assert math.isnan(frame[frame.utility == "format_float"].floor_seconds.max())
    own = frame[frame.utility == "hash_file"]
    assert list(own.floor_seconds) == [value for row in floored.native for value in row]
    assert own.floor_share.median() == pytest.approx(floored.floor_share)
