from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings

from tests.reports.report_reading import DASH, Node, Page, matches
from tests.reports.report_samples import (
    HOSTILE,
    TWELVE,
    audits,
    code_base,
    everything,
    flood,
    measurement,
    poison,
    results,
    twelve,
)
from workbench.reports.builders.audit import AuditSummary
from workbench.reports.builders.report import build_report
from workbench.reports.model.report import Report
from workbench.reports.page import PAGE_LENGTH
from workbench.reports.render import render
from workbench.results.model import Results


def page(report: Report) -> Page:
    return Page(render(report, "html"))


@cache
def usual() -> str:
    """A page that several tests look at."""
    return render(build_report(twelve(), code_base(PAGE_LENGTH + 1)), "html")


def document(report: Report) -> Any:
    return json.loads(render(report, "json"))


def written(cell: Node) -> str:
    return cell.text(without="small").strip()


def small(cell: Node) -> str:
    return "".join(node.text() for node in cell.all("small"))


def check_times(cells: dict[str, Node], entry: dict[str, Any]) -> None:
    for label, key in (
        ("Python", "python_seconds"),
        ("Native", "native_seconds"),
        ("Floor", "floor_seconds"),
        ("Speedup", "speedup"),
    ):
        if label in cells:
            cell = cells[label]
            assert matches(written(cell), entry[key])
            exact = cell.attributes["data-value"]
            assert (float(exact) if exact else None) == entry[key]
    if "Floor" in cells and entry["floor_share"] is not None:
        assert matches(small(cells["Floor"]).removeprefix("share "), entry["floor_share"])
    bounds = small(cells["Speedup"]).split(DASH) if "Speedup" in cells else [""]
    if bounds != [""]:
        assert matches(bounds[0], entry["speedup_low"])
        assert matches(bounds[1], entry["speedup_high"])


@given(results(simple=True), audits(simple=True))
@settings(max_examples=15, derandomize=True, deadline=None)
def test_numbers_match_the_json(run: Results, audit: AuditSummary) -> None:
    report = build_report(run, audit)
    found, facts = page(report), document(report)

    rows = found.table("utilities-table")
    assert len(rows) == len(facts["utilities"])
    for row, entry in zip(rows, facts["utilities"], strict=True):
        cells = {cell.attributes.get("data-label", ""): cell for cell in row}
        assert written(cells[""]) == entry["utility"]
        check_times(cells, entry)
        if "Announced" in cells:
            assert matches(written(cells["Announced"]), entry["announced_speedup"])
            assert small(cells["Announced"]) == (entry["announced_verdict"] or "")
        assert written(cells["Verdict"]).endswith(entry["verdict"])
        same = {True: "yes", False: "no", None: "not compared"}[entry["equivalent"]]
        assert written(cells["Equivalent"]) == same
    workloads = [workload for entry in facts["utilities"] for workload in entry["workloads"]]
    for row, entry in zip(found.table("workloads-table"), workloads, strict=True):
        check_times({cell.attributes.get("data-label", ""): cell for cell in row}, entry)


@given(results(), audits())
@settings(max_examples=15, derandomize=True, deadline=None)
def test_any_names_give_a_well_formed_page(run: Results, audit: AuditSummary) -> None:
    text = render(build_report(run, audit), "html")

    found = Page(text)
    identifiers = [i for _, i in re.findall(r'<(\w+)[^>]*? id="([^"]*)"', text)]
    assert len(identifiers) == len(set(identifiers))
    assert not found.root.all("img", "iframe", "object", "link", "base")
    assert all(line.isprintable() for line in text.split("\n"))


def test_hostile_names_do_not_change_the_structure() -> None:
    plain, hostile = page(everything()), page(everything(poison))

    # Slashes in the hostile names make more packages, and so more rows of the same kind.
    grouped = {"tr", "th", "td", "code", "p", "b"}

    def without_groups(found: Page) -> list[tuple[str, tuple[str, ...]]]:
        return [element for element in found.skeleton if element[0] not in grouped]

    assert without_groups(hostile) == without_groups(plain)
    assert set(hostile.skeleton) == set(plain.skeleton)


@pytest.mark.parametrize("style", ["html", "text", "markdown"])
def test_long_names_are_truncated(style: str) -> None:
    text = render(everything(flood, places=10), style)

    assert len(text.encode()) < 2 * 2**20
    assert "\\udcff" in text
    assert all(line.isprintable() for line in text.split("\n"))
    if style == "html":
        assert set(Page(text).skeleton) == set(page(everything()).skeleton)


def test_hostile_references_cannot_close_the_data_script() -> None:
    audit = code_base(PAGE_LENGTH + 1, rename=lambda text: text + HOSTILE)
    scripts = page(build_report(twelve(), audit)).root.all("script")

    assert [script.attributes.get("type") for script in scripts] == ["application/json", None]
    data = json.loads(scripts[0].text())
    rows = [
        [data["strings"][c] if i not in {1, 2} else c for i, c in enumerate(r)]
        for r in data["rows"]
    ]
    assert [row[1] for row in rows] == [place.line for place in audit.places]
    assert rows[0][0].startswith("build/sky/p0/m0.py</script>")
    assert all(string.isprintable() for string in data["strings"])


def test_policy_allows_only_the_style_and_script_of_the_page() -> None:
    found = Page(usual())
    metas = [m.attributes for m in found.root.all("meta")]
    (policy,) = (m["content"] for m in metas if m.get("http-equiv") == "Content-Security-Policy")
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))

    assert directives.pop("default-src") == "'none'"
    (style,) = found.root.all("style")
    (script,) = (s for s in found.root.all("script") if "type" not in s.attributes)
    for directive, element in (("style-src", style), ("script-src", script)):
        digest = hashlib.sha256(element.text().encode()).digest()
        assert directives.pop(directive) == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert directives == {"base-uri": "'none'", "form-action": "'none'"}
    for tag, attributes in found.skeleton:
        assert not [name for name in attributes if name == "style" or name.startswith("on")], tag
        assert not {"src", "action", "srcset"} & set(attributes), tag
    links = [a["href"] for node in found.root.all("a", "use") if (a := node.attributes)]
    assert all(link.startswith("#") for link in links)
    assert "url(http" not in style.text()
    assert "@import" not in style.text()


def test_charts_have_a_text_alternative() -> None:
    charts = Page(usual()).root.all("svg")

    assert len(charts) >= 2
    for chart in charts:
        assert chart.attributes["role"] == "img"
        labels = chart.attributes["aria-labelledby"].split()
        described = {n.attributes["id"]: n.text() for n in chart.all("title", "desc")}
        assert set(labels) == set(described)
        assert all(described.values())
    words = charts[0].all("desc")[0].text()
    assert all(utility in words for utility, *_ in TWELVE)
    assert "hash_file: 1.60 times, faster, announced 7.00" in words


def test_colours_come_from_the_style_sheet() -> None:
    text = usual()
    svg = "".join(re.findall(r"<svg.*?</svg>", text, re.DOTALL))
    style = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)[0]

    painted = set(re.findall(r'(?:fill|stroke)="(#[^"]*)"', svg))
    assert painted <= {"#000000"}
    assert all('stroke-opacity="0"' in tag for tag in re.findall(r"<[^>]*#000000[^>]*>", svg))
    classes = {name for names in re.findall(r'class="([^"]*)"', svg) for name in names.split()}
    assert classes
    assert all(f".{name} {{" in style for name in classes)
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style


def test_announced_speedups_that_were_not_confirmed_are_listed() -> None:
    text = Page(usual()).root.text()

    assert "hash_file: announced 7.00\u00d7, measured 1.60\u00d7 \u2013 not reached." in text
    assert "is_process_alive: announced 25.0\u00d7, measured 44.0\u00d7 \u2013 exceeded." in text
    assert "get_max_workers_for_file_mounts: announced" not in text
    assert "8 of 12 announced speedups were not reached" in text


def test_announced_speedups_above_the_limit_are_impossible() -> None:
    hostile = replace(
        measurement("find_free_port", announced=7.0, limit=(3.0, 2.9, 3.1)), floor_calls=HOSTILE
    )
    other = measurement("other", announced=2.0)
    found = page(build_report(Results((hostile, other))))
    text = found.root.text()

    assert "find_free_port: announced 7.00\u00d7 is impossible on this machine: the system" in text
    assert "in Python, which limits the speedup to 3.00\u00d7; measured 2.00\u00d7." in text
    assert (
        "1 of 2 announced speedups were not reached, 1 of them impossible on this machine." in text
    )
    assert "share = (floor + 60.0 ns) / native" in text
    assert not found.root.all("img")
    for table in found.root.all("table")[:2]:
        (head,) = table.all("thead")
        for row in table.all("tbody")[0].all("tr"):
            assert len(row.all("td", "th")) == len(head.all("th"))


def test_known_purposes_are_shown() -> None:
    report = build_report(twelve(), purposes={"hash_file": "digest of a <file>"})
    cells = {written(row[0]): small(row[0]) for row in page(report).table("utilities-table")}

    assert cells["hash_file"] == "digest of a <file>workload: sha256 of 9 KB"
    assert cells["is_process_alive"] == "own pid"
    entries = {entry["utility"]: entry["purpose"] for entry in document(report)["utilities"]}
    assert entries["hash_file"] == "digest of a <file>"
    assert entries["is_process_alive"] is None


def test_no_speedup_is_shown_without_native_side() -> None:
    found = page(build_report(twelve(native=False)))
    (body,) = found.root.all("body")
    text = body.text(without="script")

    assert not re.search(r"\d\u00d7", text)
    assert "nnounced" not in text
    assert not any("peedup" in chart.text() for chart in found.root.all("svg"))
    assert "no native time was measured" in text
    assert "No audit was given" in text


def test_the_page_of_an_empty_run() -> None:
    found = page(build_report(Results(()), AuditSummary(0, ())))
    text = found.root.text()

    assert "Nothing was measured; the audited code (0 files) has no references" in text
    assert not found.root.all("table", "svg")


def test_headings_do_not_skip_a_level_and_sections_are_labelled() -> None:
    found = Page(usual())
    levels = [int(node.tag[1]) for node in found.root.all("h1", "h2", "h3", "h4")]

    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    identifiers = {n.attributes["id"] for n in found.root.all("h2")}
    for section in found.root.all("section"):
        assert section.attributes["aria-labelledby"] in identifiers


def test_the_page_of_a_large_audit_is_small() -> None:
    text = render(build_report(twelve(), code_base(20_000)), "html")

    assert len(text.encode()) < 2 * 2**20
    assert len(Page(text).table("places-table")) == PAGE_LENGTH


@pytest.mark.parametrize("style", ["html", "text", "markdown"])
def test_inputs_of_the_equivalence_check_are_shown(style: str) -> None:
    shown = render(build_report(twelve()), style)
    assert "hash_file(" in shown
    assert "Inputs of the equivalence check" in shown
    assert "1,234 inputs" in shown
    assert "Inputs of" not in render(build_report(twelve(native=False)), style)
