from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from tests.reports.report_reading import FACTOR, TIME, Page, matches
from tests.reports.report_samples import curves, measurement, twelve
from workbench.formatting.units import TIMES
from workbench.reports.builders.report import build_report
from workbench.reports.charts.curves import curve_chart
from workbench.reports.model.report import Report
from workbench.reports.render import render
from workbench.results.model import SizeCurve, SizePoint


def report() -> Report:
    return build_report(replace(twelve(), curves=curves()))


def document() -> Any:
    return json.loads(render(report(), "json"))


def test_a_curve_has_a_break_even_point() -> None:
    crossing, unmeasured = document()["curves"]

    assert crossing["break_even_low"] < crossing["break_even"] < crossing["break_even_high"]
    assert crossing["break_even"] == pytest.approx(100)
    assert unmeasured["break_even"] is None
    assert all(point["speedup"] is None for point in unmeasured["points"])
    assert all(point["python_seconds"] for point in unmeasured["points"])


def test_the_page_shows_the_curves_of_the_json() -> None:
    page = Page(render(report(), "html"))
    points = [point for curve in document()["curves"] for point in curve["points"]]

    for row, entry in zip(page.table("curves-table"), points, strict=True):
        cells = {cell.attributes.get("data-label", ""): cell for cell in row}
        assert cells["Size"].text(without="small") == f"{entry['size']:,}"
        for label, key in (
            ("Python", "python_seconds"),
            ("Native", "native_seconds"),
            ("Speedup", "speedup"),
        ):
            assert matches(cells[label].text(without="small"), entry[key])
    assert "Break-even: native loses below 100 bytes" in page.root.text()
    assert "No break-even point: native was not measured." in page.root.text()
    (chart,) = [svg for svg in page.root.all("svg") if "by bytes" in svg.text()]
    assert "1,000: 4.00 times" in chart.text()


def test_text_and_markdown_show_the_curves_of_the_json() -> None:
    text, marked = render(report(), "text"), render(report(), "markdown")
    entries = document()["curves"][0]["points"]

    lines = re.findall(rf"^ +([\d,]+) +{TIME} +{TIME} +{FACTOR}x", text, re.M)
    times = FACTOR + TIMES
    rows = re.findall(rf"\| `bytes` \| ([\d,]+) \| {TIME} \| {TIME} \| {times} \|", marked)
    for found in (lines, rows):
        assert len(found) == len(entries)
        for (number, python, native, speedup), entry in zip(found, entries, strict=True):
            assert number == f"{entry['size']:,}"
            assert matches(python, entry["python_seconds"])
            assert matches(native, entry["native_seconds"])
            assert matches(speedup, entry["speedup"])
    for form in (text, marked):
        assert "native loses below 100 bytes" in " ".join(form.split())


def test_a_single_size_has_no_chart_but_a_sentence() -> None:
    single = SizeCurve("u", "n", "bytes", (SizePoint(10, measurement("u", "10")),))
    found = build_report(replace(twelve(), curves=(single,)))

    assert not curve_chart(found.curves[0], 0)
    assert "native wins at every size measured" in render(found, "text")


def test_no_section_without_curves() -> None:
    for style in ("text", "markdown", "html"):
        assert "by input size" not in render(build_report(twelve()), style)


def test_a_composite_is_shown_but_not_counted() -> None:
    run = twelve()
    together = replace(measurement("together", "all", speedup=(99.0, 98.0, 99.5)), primary=False)
    found = build_report(replace(run, measurements=(*run.measurements, together)))

    assert found.summary == build_report(run).summary
    assert found.verdict == build_report(run).verdict
    (shown,) = [u for u in found.utilities if u.composite]
    assert shown.utility == "together"
    assert "combines several utilities; not included in means" in render(found, "html")
