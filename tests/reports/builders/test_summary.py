from __future__ import annotations

import math
from statistics import fmean, geometric_mean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reports.report_samples import measurement, twelve
from workbench.reports.builders.report import build_report
from workbench.reports.builders.summary import summarize
from workbench.reports.model.report import Summary
from workbench.results.model import Measurement, Results


def summary(*found: Measurement) -> Summary:
    return summarize(build_report(Results(found)).utilities)


def test_geometric_mean_of_one_speedup_has_its_interval() -> None:
    found = summary(measurement(speedup=(4.0, 3.0, 6.0)))

    assert found.geometric_mean_low == pytest.approx(3.0)
    assert found.geometric_mean_high == pytest.approx(6.0)


def test_interval_of_the_geometric_mean_has_nominal_coverage() -> None:
    noise = np.random.default_rng(7)
    truth = np.log([8.6, 1.0, 0.8, 2.6, 16.0, 5.1, 6.9, 9.0, 1.6, 44.0, 6.4, 15.0])
    errors = np.linspace(0.01, 0.08, len(truth))
    covered = 0
    for _ in range(400):
        logs = noise.normal(truth, errors)
        bounds = np.exp([logs, logs - 1.96 * errors, logs + 1.96 * errors]).T
        measured = [
            measurement(f"f{i}", speedup=(float(a), float(b), float(c)), pairs=3)
            for i, (a, b, c) in enumerate(bounds)
        ]
        found = summary(*measured)
        assert found.geometric_mean_low is not None
        assert found.geometric_mean_high is not None
        mean_ratio = math.exp(truth.mean())
        covered += found.geometric_mean_low <= mean_ratio <= found.geometric_mean_high
    assert 0.92 <= covered / 400 <= 0.98


def test_without_equivalent_speedups_there_are_no_means() -> None:
    for found in (
        summary(),
        summary(measurement(equivalent=False)),
        summary(measurement(native=False)),
    ):
        assert found.arithmetic_mean is found.geometric_mean is found.geometric_mean_low is None
        assert found.announced_mean is found.fastest_speedup is None
        assert found.fastest is None
        assert found.averaged == found.faster == 0


def test_counts_of_the_twelve() -> None:
    found = summary(*twelve().measurements)

    assert (found.utilities, found.measured, found.averaged, found.announced) == (12,) * 4
    assert (found.faster, found.slower, found.same) == (10, 1, 1)
    assert (found.undecided, found.not_measured, found.different) == (0, 0, 0)
    assert (found.equivalent, found.not_reached, found.impossible, found.floors) == (12, 8, 0, 0)
    assert (found.fastest, found.fastest_speedup) == ("is_process_alive", 44.0)


@given(
    st.lists(
        st.tuples(st.floats(0.1, 90), st.floats(0.1, 90), st.sampled_from([True, False, None])),
        min_size=1,
        max_size=6,
    )
)
def test_means_are_of_all_that_do_not_differ(found: list[tuple[float, float, bool | None]]) -> None:
    result = summary(
        *(
            measurement(f"f{n}", speedup=(speedup,) * 3, announced=announced, equivalent=equivalent)
            for n, (speedup, announced, equivalent) in enumerate(found)
        )
    )

    trusted = [(speedup, announced) for speedup, announced, same in found if same is not False]
    assert result.different == len(found) - len(trusted)
    assert result.averaged == len(trusted)
    if trusted:
        speedups, announcements = zip(*trusted, strict=True)
        assert result.arithmetic_mean == pytest.approx(fmean(speedups))
        assert result.geometric_mean == pytest.approx(geometric_mean(speedups))
        assert result.announced_mean == pytest.approx(fmean(announcements))
        assert result.fastest_speedup == max(speedups)


def test_the_mean_has_no_interval_if_one_speedup_has_none() -> None:
    sure, unsure = measurement("sure"), measurement("unsure", pairs=2, processes=1)
    found = summary(sure, unsure)

    assert found.geometric_mean == pytest.approx(2.0)
    assert found.geometric_mean_low is found.geometric_mean_high is None


def test_several_intervals_combine_to_a_narrower_one() -> None:
    one = summary(measurement("f", speedup=(2.0, 1.5, 3.0)))
    four = summary(*(measurement(f"f{n}", speedup=(2.0, 1.5, 3.0)) for n in range(4)))
    assert one.geometric_mean_low is not None
    assert four.geometric_mean_low is not None

    width = math.log(2.0 / one.geometric_mean_low)
    assert math.log(2.0 / four.geometric_mean_low) == pytest.approx(width / 2)


def test_floors_of_all_workloads_and_impossible_claims_are_counted() -> None:
    limit = (3.0, 2.9, 3.1)
    found = summary(
        measurement("f", "first", announced=9.0, limit=limit),
        measurement("f", "second", primary=False, limit=limit),
        measurement("g", announced=9.0),
    )

    assert (found.floors, found.impossible, found.not_reached) == (2, 1, 2)
