from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from tests.reports.charts.chart_reading import described, marks, texts
from tests.reports.report_samples import HOSTILE, trends, twelve
from workbench.reports.builders.report import build_report
from workbench.reports.charts.trend import MOST_RUNS, trend_chart
from workbench.reports.model.sections import TrendPoint, TrendResult


def trend(runs: int = 12) -> TrendResult:
    """Return a trend whose speedup changes from 3 to 4.5 in the middle."""
    section = build_report(twelve(), trends=(trends(runs=runs), "store.db")).trend
    assert section is not None
    return section.trends[0]


def of_speedups(*speedups: float) -> TrendResult:
    points = tuple(
        TrendPoint(f"2025-01-{n:02} 00:00", "", None, s, s * 0.99, s * 1.01, True, None, None)
        for n, s in enumerate(speedups, start=1)
    )
    return TrendResult("f", "w", True, len(points), speedups[0], speedups[-1], points, ())


def test_a_trend_of_one_run_has_no_chart() -> None:
    assert not trend_chart(trend(1), 0)
    incomparable = replace(trend(2).points[0], comparable=False)
    assert not trend_chart(replace(trend(2), points=(incomparable, trend(2).points[1])), 0)


def test_a_step_is_marked_once() -> None:
    stepped = trend()
    quick = tuple(replace(point, date="2025-01-01 00:00") for point in stepped.points)
    steps = tuple(replace(step, date="2025-01-01 00:00") for step in stepped.steps)
    chart = trend_chart(replace(stepped, points=quick, steps=steps), 0)

    assert chart.count("stroke-dasharray") == len(steps) == 1


def test_runs_are_evenly_spaced_on_a_log_axis_of_speedups() -> None:
    found = marks(trend_chart(of_speedups(1.0, 2.0, 4.0), 0), "f-faster")
    (x0, y0), (x1, y1), (x2, y2) = sorted(found)

    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.1)
    assert y0 - y1 == pytest.approx(y1 - y2, abs=0.1)
    assert y0 > y2


def test_the_ends_have_their_dates_and_the_newest_its_speedup() -> None:
    svg = trend_chart(of_speedups(1.0, 3.0, 2.5), 7)

    shown = texts(svg)
    assert shown[:2] == ["2025-01-01", "2025-01-03"]
    assert shown[-1] == "2.50\u00d7"
    words = described(svg)[1].split("; ")
    assert [word.rpartition(": ")[2] for word in words] == [
        "1.00 times",
        "3.00 times",
        "2.50 times",
    ]
    assert 'id="trend-7-title"' in svg


def test_only_the_last_comparable_runs_are_drawn() -> None:
    long = of_speedups(*(1 + n % 7 for n in range(MOST_RUNS + 5)))
    gone = replace(long.points[-2], comparable=False)
    svg = trend_chart(replace(long, points=(*long.points[:-2], gone, long.points[-1])), 0)

    assert len(marks(svg, "f-faster")) == described(svg)[1].count(";") + 1 == MOST_RUNS - 1
    assert f"{long.points[4].date}:" not in described(svg)[1]


@pytest.mark.parametrize("name", [HOSTILE, "$x$", "x" * 10_000])
def test_any_name_gives_a_valid_chart(name: str) -> None:
    svg = trend_chart(replace(trend(), utility=name, workload=name), 0)

    assert len(svg) < 20_000
    assert ET.fromstring(svg).tag == "svg"
