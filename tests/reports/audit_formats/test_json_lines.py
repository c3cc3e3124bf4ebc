from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.reports.audit_formats.audit_samples import audits, every_kind
from workbench.analyzers.model import Audit
from workbench.reports.audit_formats import json_document
from workbench.reports.audit_formats.findings import Findings
from workbench.reports.audit_formats.json_lines import render


@given(audits(), st.none() | st.integers(0, 9))
def test_json_lines_match_the_json_document(audit: Audit, hidden: int | None) -> None:
    document = json.loads(json_document.render(Findings(audit, hidden)))
    objects = [json.loads(line) for line in render(Findings(audit, hidden)).splitlines()]

    def of(kind: str) -> list[Any]:
        chosen = [o for o in objects if o["type"] == kind]
        return [{key: o[key] for key in o if key != "type"} for o in chosen]

    for kind in ("reference", "notice", "error"):
        assert of(kind) == document[f"{kind}s"]
    (summary,) = of("summary")
    assert objects[-1]["type"] == "summary"
    if hidden is not None:
        assert summary.pop("hidden") == document["baseline"]["hidden"] == hidden
    assert summary == document["summary"]


def test_each_line_is_an_object_with_its_type() -> None:
    lines = render(Findings(every_kind())).split("\n")

    assert lines.pop() == ""
    found = [json.loads(line) for line in lines]
    types = ["reference"] * 4 + ["notice"] * 2 + ["error", "summary"]
    assert [entry["type"] for entry in found] == types
    assert all(next(iter(entry)) == "type" for entry in found)


def test_the_summary_comes_last_even_without_findings() -> None:
    (line,) = render(Findings(Audit(7, (), ()), 0)).splitlines()

    assert json.loads(line) == {
        "type": "summary",
        "files_scanned": 7,
        "files_with_references": 0,
        "references": 0,
        "by_utility": {},
        "hidden": 0,
    }
