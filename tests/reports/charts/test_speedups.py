from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.reports.report_samples import HOSTILE, measurement, twelve
from workbench.reports.builders.report import build_report
from workbench.reports.charts.distribution import distribution_chart
from workbench.reports.charts.figure import ticks
from workbench.reports.charts.speedups import speedup_chart
from workbench.reports.charts.svg import inline
from workbench.reports.model.report import UtilityResult
from workbench.results.model import Interval, Measurement, Results


def utilities(*found: Measurement) -> tuple[UtilityResult, ...]:
    return build_report(Results(found)).utilities


def marks(svg: str, part: str) -> list[tuple[float, float]]:
    """Return positions of markers whose class contains ``part``, by row and column."""
    found = [
        (float(element.attrib["y"]), float(element.attrib["x"]))
        for element in ET.fromstring(svg).iter("use")
        if part in element.attrib["class"]
    ]
    return [(x, y) for y, x in sorted(found)]


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
    texts = [element.text for element in ET.fromstring(speedup_chart(rows)).iter("text")]

    for row in rows:
        assert row.utility in texts
    assert "1.01\u00d7" in texts
    assert "1\u00d7" in texts


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


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 9))
@settings(derandomize=True)
def test_ticks_are_few_round_and_in_range(one: float, other: float, most: int) -> None:
    low, high = sorted((one, other))
    assume(low < high)
    found = ticks(low, high, most)

    assert len(found) <= most
    assert found == sorted(set(found))
    for tick in found:
        assert low <= tick <= high
        assert f"{tick:.0e}"[0] in "1235"
    assert found or high / low < 10


def test_inline_svg_has_no_style_and_prefixed_ids() -> None:
    source = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
      width="9pt" viewBox="0 0 9 9"><metadata>m</metadata><defs><style>*{}</style></defs>
      <path id="a" style="fill: #000001; stroke: #000002" d="M 1.23456 2"/><g id="b"/>
      <g clip-path="url(#c)"><use xlink:href="#a" x="1"/></g><clipPath id="c"/>
      <text style="font: 13px 'DejaVu Sans'; fill: red" transform="rotate(-0 1 2)">t &lt;</text>
      </svg>"""
    svg = inline(source, {"#000001": "ink", "#000002": "grid"}, "p", "A title", "<words>")
    root = ET.fromstring(svg)

    assert "style" not in svg
    assert "metadata" not in svg
    assert root.attrib["aria-labelledby"] == "p-title p-desc"
    assert [child.tag for child in root] == ["title", "desc", "path", "g", "clipPath", "text"]
    path, group, clip, text = list(root)[2:]
    assert path.attrib == {"class": "f-ink s-grid", "d": "M 1.23 2", "id": "p-a"}
    assert group.attrib["clip-path"] == "url(#p-c)"
    assert group[0].attrib["href"] == "#p-a"
    assert clip.attrib["id"] == "p-c"
    assert text.attrib == {"font-size": "13px", "fill": "red"}
    assert text.text == "t <"
    assert "width" not in root.attrib


def test_distributions_show_the_quantiles() -> None:
    (utility,) = utilities(
        measurement("f", "small", seconds=1e-6, speedup=(4.0, 3.9, 4.1), pairs=40),
        measurement("f", "large", seconds=1e-3, speedup=(10.0, 9.9, 10.1), pairs=40, primary=False),
    )
    svg = distribution_chart(utility, 3)
    places = []
    for workload in utility.workloads:
        for found in (workload.python_distribution, workload.native_distribution):
            assert found is not None
            places.append(math.log(found.p50))
    medians = [x for x, _ in sorted(marks(svg, "f-"), key=lambda mark: mark[1])]

    assert len(medians) == 4
    slope = (medians[2] - medians[0]) / (places[2] - places[0])
    for x, place in zip(medians, places, strict=True):
        assert x == pytest.approx(medians[0] + slope * (place - places[0]), abs=0.1)
    assert 'id="spread-3-title"' in svg
    assert re.search(r"small, Python: median [\d.]+ \S+, 90% between [\d.]+ \S+ and ", svg)


def test_a_side_without_samples_is_not_drawn() -> None:
    (utility,) = utilities(measurement(native=False))

    assert "native: median" not in distribution_chart(utility, 0)
    assert (
        distribution_chart(utilities(Measurement("f", "w", 1, (), (), None, None, 0, True))[0], 0)
        == ""
    )
