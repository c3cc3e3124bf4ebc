from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET

import pytest

from tests.reports.charts.chart_reading import described, marks, texts
from tests.reports.report_samples import HOSTILE, measurement
from workbench.formatting.terminal import visible
from workbench.reports.builders.report import build_report
from workbench.reports.charts.distribution import distribution_chart
from workbench.reports.model.report import UtilityResult
from workbench.results.model import Measurement, Results


def utility(*found: Measurement) -> UtilityResult:
    (only,) = build_report(Results(found)).utilities
    return only


def test_distributions_show_the_quantiles() -> None:
    found = utility(
        measurement("f", "small", seconds=1e-6, speedup=(4.0, 3.9, 4.1), pairs=40),
        measurement("f", "large", seconds=1e-3, speedup=(10.0, 9.9, 10.1), pairs=40, primary=False),
    )
    svg = distribution_chart(found, 3)
    places = []
    for workload in found.workloads:
        for side in (workload.python_distribution, workload.native_distribution):
            assert side is not None
            places.append(math.log(side.p50))
    medians = [x for x, _ in sorted(marks(svg, "f-"), key=lambda mark: mark[1])]

    assert len(medians) == 4
    slope = (medians[2] - medians[0]) / (places[2] - places[0])
    for x, place in zip(medians, places, strict=True):
        assert x == pytest.approx(medians[0] + slope * (place - places[0]), abs=0.1)
    assert 'id="spread-3-title"' in svg
    assert re.search(r"small, Python: median [\d.]+ \S+, 90% between [\d.]+ \S+ and ", svg)


def test_a_side_without_samples_is_not_drawn() -> None:
    empty = Measurement("f", "w", 1, (), (), None, None, 0, True)

    assert "native: median" not in distribution_chart(utility(measurement(native=False)), 0)
    assert distribution_chart(utility(empty), 0) == ""


def test_each_side_has_its_name_and_its_median() -> None:
    one = measurement("f", "small", seconds=1e-6, pairs=40)
    svg = distribution_chart(utility(one, measurement("f", "alone", native=False)), 0)
    shown = texts(svg)

    assert [text for text in shown if text in {"Python", "native"}] == [
        "Python",
        "native",
        "Python",
    ]
    assert {"small", "alone"} <= set(shown)
    medians = re.findall(r"median ([\d.]+ \S+),", described(svg)[1])
    assert len(medians) == 3
    assert set(medians) <= set(shown)


@pytest.mark.parametrize("workloads", [1, 2, 5])
def test_the_chart_grows_with_the_workloads(workloads: int) -> None:
    found = utility(*(measurement("f", f"w{n}", seed=n) for n in range(workloads)))
    _, _, width, height = ET.fromstring(distribution_chart(found, 0)).attrib["viewBox"].split()

    assert (float(width), float(height)) == (360, 26 + 60 * workloads)


@pytest.mark.parametrize("name", [HOSTILE, "$x^{2}$", "", "x" * 10_000])
def test_any_name_is_drawn_as_text(name: str) -> None:
    svg = distribution_chart(utility(measurement(name, name)), 0)

    assert len(svg) < 20_000
    assert ET.fromstring(svg).tag == "svg"
    assert visible(name, 46) in ["", *texts(svg)]


def test_equal_samples_have_an_axis_too() -> None:
    same = Measurement("f", "w", 1, ((1e-6,) * 9,), ((1e-6,) * 9,), None, True, 1, True)
    svg = distribution_chart(utility(same), 0)
    shown = texts(svg)

    assert {x for x, _ in marks(svg, "f-")} == {54 + (360 - 54 - 60) / 2}
    assert shown.count("1.00 µs") == 2
    assert "1 µs" in shown
