from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.reports.report_reading import FACTOR, Page, matches
from tests.reports.report_samples import gate, trends, twelve
from workbench.formatting.units import TIMES
from workbench.gate.judge import GateVerdict, Judgement
from workbench.gate.policy import Answer
from workbench.reports.builders.report import build_report
from workbench.reports.model.report import Report
from workbench.reports.render import render


def document(report: Report) -> Any:
    return json.loads(render(report, "json"))


def with_trend(runs: int = 12) -> Report:
    return build_report(twelve(), trends=(trends(runs=runs), "store.db"))


def test_a_trend_has_its_runs_and_steps() -> None:
    section = document(with_trend())["trend"]

    assert (section["store"], section["steps"]) == ("store.db", 1)
    stepped, flat = section["trends"]
    assert (stepped["utility"], flat["utility"]) == ("format_float", "hash_file")
    assert [point["speedup"] for point in flat["points"]] == [3.0] * 12
    (step,) = stepped["steps"]
    assert step["change"] == pytest.approx(1.5, rel=0.05)
    assert (step["before_date"], step["date"]) == ("2025-01-08 00:00", "2025-01-09 00:00")
    assert (stepped["first"], stepped["newest"]) == (3.0, 4.5)


def test_trends_of_unmeasured_utilities_are_excluded() -> None:
    report = build_report(twelve(), trends=(trends(lambda name: name + "!"), "store.db"))

    assert document(report)["trend"]["trends"] == []
    for style in ("text", "markdown", "html"):
        assert "0 runs" in render(report, style)


@pytest.mark.parametrize("runs", [1, 2, 40])
def test_the_page_shows_the_trend_of_the_json(runs: int) -> None:
    report = with_trend(runs)
    page, section = Page(render(report, "html")), document(report)["trend"]

    for row, entry in zip(page.table("trend-table"), section["trends"], strict=True):
        cells = {cell.attributes.get("data-label", ""): cell.text() for cell in row}
        assert cells["Runs"] == str(entry["runs"]) == str(runs)
        assert matches(cells["First"], entry["first"])
        assert matches(cells["Newest"], entry["newest"])
    charts = [s for s in page.root.all("svg") if "run to run" in s.text()]
    assert len(charts) == (2 if runs > 1 else 0)


def test_text_and_markdown_show_the_trend_of_the_json() -> None:
    report = with_trend()
    text, marked = render(report, "text"), render(report, "markdown")

    for entry in document(report)["trend"]["trends"]:
        pattern = rf"^{entry['utility']}\n  a workload +12 +{FACTOR}x +{FACTOR}x +(\d)$"
        found = re.search(pattern, text, re.M)
        times = FACTOR + TIMES
        cells = re.search(
            rf"^\| `{entry['utility']}` \| `a workload` \| 12 \| {times} \| {times} \| (\d) \|$",
            marked,
            re.M,
        )
        for shown in (found, cells):
            assert shown
            assert matches(shown[1], entry["first"])
            assert matches(shown[2], entry["newest"])
            assert int(shown[3]) == len(entry["steps"])
    for form in (text, marked):
        assert re.search(r"3\.00. to 4\.50. \(factor 1\.50", " ".join(form.split()))


@pytest.mark.parametrize("style", ["text", "markdown", "html"])
def test_the_gate_shows_all_answers(style: str) -> None:
    report = build_report(twelve(), gate=(gate(), "main.json"))
    shown = " ".join(
        Page(render(report, style)).root.text().split()
        if style == "html"
        else render(report, style).split()
    )

    counts = "6 judgements (1 fail, 1 missing, 1 incomparable, 1 undecided and 2 pass)"
    assert counts in shown
    assert "ot passed" in shown
    assert "main.json" in shown
    for number in range(1, 5):
        assert f"because {number}" in shown
    section = document(report)["gate"]
    assert section["judgements"][0]["answer"] == "fail"
    assert section["counts"]["pass"] == 2


@pytest.mark.parametrize("style", ["text", "markdown", "html"])
def test_a_passed_gate(style: str) -> None:
    passed = GateVerdict((Judgement("u", "w", Answer.PASS, "3.00x"),))
    shown = render(build_report(twelve(), gate=(passed, None)), style)

    assert "assed" in shown
    assert "ot passed" not in shown
    assert "compared with" not in shown


def test_no_trend_and_no_gate_without_them() -> None:
    report = build_report(twelve())

    assert report.trend is report.gate is None
    for style in ("text", "markdown"):
        assert not re.search("trend|gate", render(report, style), re.I)
    headings = [node.text() for node in Page(render(report, "html")).root.all("h2")]
    assert not {"Trend", "Gate"} & set(headings)
