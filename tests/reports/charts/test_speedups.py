from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import pytest

from tests.reports.charts.chart_reading import marks, texts
from tests.reports.report_samples import HOSTILE, measurement, twelve
from workbench.reports.builders.report import build_report
from workbench.reports.charts.speedups import speedup_chart
from workbench.reports.model.report import UtilityResult
from workbench.results.model import Interval, Measurement, Results


def utilities(*found: Measurement) -> tuple[UtilityResult, ...]:
    return build_report(Results(found)).utilities


@pytest.mark.parametrize("narrow", [False, True])
def test_measured_and_announced_speedups_share_a_log_axis(narrow: bool) -> None:
    rows = [u for u in build_report(twelve()).utilities if u.verdict.value == "faster"]
    svg = speedup_chart(rows, narrow=narrow)
    announced = marks(svg, "announced")
    centers: dict[float, list[float]] = {}
    for x, y in marks(svg, "f-faster"):
        centers.setdefault(y, []).append(x)

    assert len(centers) == len(announced) == len(rows)
    # Each row has three marks; the outer two are the ends of the interval.
    measured = [sorted(xs)[1] for _, xs in sorted(centers.items())]
    pairs = [(math.log(row.speedup or 0), x) for row, x in zip(rows, measured, strict=True)]
    pairs += [
        (math.log(row.announced_speedup or 0), x)
        for row, (x, _) in zip(rows, announced, strict=True)
    ]
    (low, left), (high, right) = min(pairs), max(pairs)
    for logarithm, x in pairs:
        assert x == pytest.approx(left + (logarithm - low) / (high - low) * (right - left), abs=0.1)
    assert measured == sorted(measured, reverse=True)


@pytest.mark.parametrize("narrow", [False, True])
def test_limits_share_the_axis_of_the_speedups(narrow: bool) -> None:
    rows = utilities(
        measurement("a", speedup=(8.0, 7.9, 8.1), limit=(16.0, 15.9, 16.1)),
        measurement("b", speedup=(4.0, 3.9, 4.1), limit=(5.0, 4.9, 5.1)),
        measurement("c", speedup=(2.0, 1.9, 2.1)),
    )
    svg = speedup_chart(rows, narrow=narrow)
    limits = [x for x, _ in marks(svg, "s-ink")]
    measured = sorted({x for x, _ in marks(svg, "f-faster")})

    assert len(limits) == 2
    places = [math.log(limit) for limit in (16, 5)]
    slope = (limits[0] - limits[1]) / (places[0] - places[1])
    announced = {x for x, _ in marks(svg, "announced")}
    assert limits[0] - slope * math.log(16 / 3) == pytest.approx(announced.pop(), abs=0.1)
    assert limits[1] - slope * math.log(5 / 2) in [pytest.approx(x, abs=0.1) for x in measured]
    assert "a: 8.00 times, faster, announced 3.00, limit 16.0" in svg


def test_each_utility_is_labelled_with_its_speedup() -> None:
    rows = build_report(twelve()).utilities
    shown = texts(speedup_chart(rows))

    for row in rows:
        assert row.utility in shown
    assert "1.01\u00d7" in shown
    assert "1\u00d7" in shown


def test_no_chart_without_speedups() -> None:
    assert speedup_chart(utilities(measurement(native=False))) == ""


@pytest.mark.parametrize("name", [HOSTILE, "$x^{2}$ $\\frac$", "\x00", "漢字", "", "x" * 10_000])
def test_any_name_gives_a_valid_chart(name: str) -> None:
    svg = speedup_chart(utilities(measurement(name)))

    assert len(svg) < 20_000
    assert ET.fromstring(svg).tag == "svg"


@pytest.mark.parametrize("extreme", [1e-300, 1e-12, 1e12, 1e300])
def test_extreme_speedups_give_a_chart(extreme: float) -> None:
    measured = Measurement(
        "f",
        "w",
        extreme,
        ((1.0,) * 9,),
        ((1.0,) * 9,),
        Interval(extreme, extreme / 2, extreme * 2),
        True,
        1,
        True,
    )

    assert "<svg" in speedup_chart(utilities(measured))
