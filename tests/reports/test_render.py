from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings

from tests.reports.report_reading import FACTOR, TIME, matches
from tests.reports.report_samples import HOSTILE, audits, code_base, measurement, results, twelve
from workbench.formatting import columns, units
from workbench.reports.builders.audit import AuditSummary
from workbench.reports.builders.report import build_report
from workbench.reports.model.report import Report
from workbench.reports.render import render
from workbench.results.model import Results


def document(report: Report) -> Any:
    return json.loads(render(report, "json"))


def table_lines(text: str, heading: str) -> Iterator[str]:
    lines = text.split("\n")
    start = lines.index(heading) + 3
    while lines[start]:
        yield lines[start]
        start += 1


@given(results(simple=True), audits(simple=True))
@settings(max_examples=40, derandomize=True, deadline=None)
def test_text_numbers_match_the_json(run: Results, audit: AuditSummary) -> None:
    report = build_report(run, audit)
    text = render(report, "text")

    rows = list(table_lines(text, "Utilities")) if report.utilities else []
    pattern = rf"^(\S+) +{TIME} +{TIME} +{FACTOR}x? +(?:{FACTOR}-{FACTOR}|{units.MISSING}) (.+)$"
    for entry, line in zip(document(report)["utilities"], rows, strict=False):
        found = re.match(pattern, line)
        assert found, line
        name, python, native, speedup, low, high, verdict = found.groups(units.MISSING)
        assert name == entry["utility"]
        assert verdict == entry["verdict"]
        for shown, key in (
            (python, "python_seconds"),
            (native, "native_seconds"),
            (speedup, "speedup"),
            (low, "speedup_low"),
            (high, "speedup_high"),
        ):
            assert matches(shown, entry[key])


@given(results(), audits())
@settings(max_examples=40, derandomize=True, deadline=None)
def test_text_is_printable_and_fits_80_columns(run: Results, audit: AuditSummary) -> None:
    text = render(build_report(run, audit), "text")

    for line in text.split("\n"):
        assert line.isprintable()
        assert columns.cells(line) <= 80, line
        assert line == line.rstrip()
    assert text.endswith("\n")


def test_text_of_twelve_utilities() -> None:
    text = render(build_report(twelve(), code_base(200)), "text")

    assert "\n\n\n" not in text
    assert re.search(r"hash_file +7\.00x +1\.60x not reached", text)
    assert "8 of 12 announced speedups were not reached." in text
    assert "(17 more in the JSON report)" in text
    assert "build/sky/broken.py: syntax error at line 3" in text
    assert "size curves: not asked for" in text
    assert "load: 0.25" in text


def test_text_shows_floor_share_and_impossible_speedups() -> None:
    found = measurement("find_free_port", "first", announced=7.0, limit=(3.0, 2.9, 3.1))
    text = render(build_report(Results((found, measurement("other", "plain")))), "text")
    words = " ".join(text.split())

    assert "find_free_port: announced 7.00x is impossible on this machine: the system and" in words
    floor, python = units.seconds(found.floor_seconds), units.seconds(found.python_seconds)
    assert f"alone (socket, bind) take {floor} of the {python} in Python, which limits" in words
    assert "limits the speedup to 3.00x; measured 2.00x." in words
    rows = list(table_lines(text, "Floor"))
    assert "share" not in "".join(rows)
    assert re.search(rf"\n {{2}}first +{floor} +[\d.]+ ns +0\.67 +3\.00x\n", text)
    assert "plain" not in text.partition("Floor\n")[2].partition("\n\nAll workloads")[0]


def test_no_share_without_floors() -> None:
    report = build_report(twelve())

    for style in ("text", "markdown", "html"):
        shown = render(report, style).partition("<body>")[2 if style == "html" else 0]
        assert "share" not in shown.replace("shared", "")


def test_text_shows_no_speedup_without_native_side() -> None:
    text = render(build_report(twelve(native=False)), "text")

    assert not re.search(r"\d(x|\u00d7)", text)
    assert "announced" not in text
    assert "no native time was measured" in text
    assert "no audit was given" in text


def markdown_tables(text: str) -> list[list[list[str]]]:
    """Return the cells of each table, split like GitHub at pipes without a backslash."""
    tables: list[list[list[str]]] = [[]]
    for line in text.split("\n"):
        if line.startswith("|"):
            tables[-1].append([c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]])
        elif tables[-1]:
            tables.append([])
    return [table for table in tables if table]


@given(results(simple=True))
@settings(max_examples=40, derandomize=True, deadline=None)
def test_markdown_numbers_match_the_json(run: Results) -> None:
    report = build_report(run)
    entries = document(report)["utilities"]
    tables = markdown_tables(render(report, "markdown"))

    for entry, cells in zip(entries, tables[0][2:] if entries else [], strict=False):
        assert cells[0] == f"`{entry['utility']}`"
        assert matches(cells[1], entry["python_seconds"])
        if report.summary.measured:
            assert matches(cells[2], entry["native_seconds"])
            assert matches(cells[3], entry["speedup"])
            assert matches(cells[5].partition(" ")[0], entry["announced_speedup"])
        assert cells[-1] == entry["verdict"]
        if report.summary.measured and report.summary.floors:
            assert matches(cells[7], entry["floor_seconds"])
            assert matches(cells[8], entry["floor_share"])


@given(results(), audits())
@settings(max_examples=40, derandomize=True, deadline=None)
def test_markdown_tables_are_rectangular(run: Results, audit: AuditSummary) -> None:
    text = render(build_report(run, audit), "markdown")

    assert all(line.isprintable() for line in text.split("\n"))
    for table in markdown_tables(text):
        assert len({len(row) for row in table}) == 1
    # Only whole lines count: a name in a code span may be such a tag.
    lines = text.split("\n")
    assert lines.count("<details>") == lines.count("</details>")
    assert lines.count("<details>") == sum(line.startswith("<summary>") for line in lines)


def test_markdown_shows_names_as_code() -> None:
    text = render(
        build_report(twelve(rename=lambda name: name + HOSTILE), code_base(9)), "markdown"
    )
    outside = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)

    assert "<img" not in outside
    assert "</script" not in outside


def test_markdown_of_a_large_audit_fits_a_comment() -> None:
    text = render(build_report(twelve(), code_base(5000)), "markdown")

    assert len(text) < 65_536
    assert "1,617 more in the JSON report" in text


@given(results())
@settings(max_examples=40, derandomize=True, deadline=None)
def test_csv_has_a_row_per_workload(run: Results) -> None:
    report = build_report(run)
    rows = list(csv.DictReader(io.StringIO(render(report, "csv"))))
    entries = [w for u in document(report)["utilities"] for w in u["workloads"]]

    assert len(rows) == len(entries) == len(run.measurements)
    for row, entry in zip(rows, entries, strict=True):
        numbers = ("python_seconds", "native_seconds", "speedup", "speedup_low", "samples")
        for key in (*numbers, "floor_seconds", "floor_share", "limit"):
            assert row[key] == ("" if entry[key] is None else str(entry[key]))
        assert row["verdict"] == entry["verdict"]
        assert row["utility"][:1] not in {"=", "+", "-", "@"}


def test_csv_escapes_formulas_and_marks_the_primary_workload() -> None:
    found = (measurement("=1+1", "a"), measurement("=1+1", "b", primary=False))
    rows = list(csv.DictReader(io.StringIO(render(build_report(Results(found)), "csv"))))

    assert [row["utility"] for row in rows] == ["'=1+1", "'=1+1"]
    assert [row["primary"] for row in rows] == ["true", "false"]
