from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

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
