from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports.audit_formats.audit_samples import analysis, audits, every_kind, reference
from workbench.analyzers.model import Audit, Verdict
from workbench.reports.audit_formats.findings import Findings
from workbench.reports.audit_formats.json_document import SCHEMA_VERSION, render
from workbench.reports.builders.audit import AuditSummary


def document(audit: Audit, hidden: int | None = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(Findings(audit, hidden)))
    return found


@given(audits())
def test_the_document_can_be_read_back(audit: Audit) -> None:
    text = render(Findings(audit))
    read = AuditSummary.from_json(json.loads(text))

    assert sorted(map(repr, read.places)) == sorted(
        map(repr, AuditSummary.from_audit(audit).places)
    )


@given(audits())
@settings(max_examples=25)
def test_the_summary_counts_what_is_listed(audit: Audit) -> None:
    found = document(audit)

    assert found["schema_version"] == SCHEMA_VERSION
    listed = found["references"]
    labels = [reference["utility"] for reference in listed]
    assert found["summary"] == {
        "files_scanned": audit.files_scanned,
        "files_with_references": len({reference["path"] for reference in listed}),
        "references": len(listed),
        "by_utility": {label: labels.count(label) for label in labels},
    }


def test_a_reference_has_all_its_facts() -> None:
    found = reference(verdict=Verdict.REVIEW, reason="a test patches it")
    (written,) = document(Audit(1, (analysis(found, original=b"\n\nx(1)"),), ()))["references"]

    fingerprint = written.pop("fingerprint")
    assert len(fingerprint) == 16
    assert int(fingerprint, 16)
    assert written == {
        "path": "a/b.py",
        "line": 3,
        "column": 7,
        "qualified_name": "m.slow",
        "utility": "slow",
        "kind": "call",
        "verdict": "review",
        "reason": "a test patches it",
    }


def test_notices_and_errors_are_listed() -> None:
    found = document(every_kind())

    assert found["notices"] == [
        {"path": "a/b.py", "line": 12, "column": 4, "message": "this comment keeps nothing"},
        {"path": "a/c.py", "line": 1, "column": 1, "message": "no such utility"},
    ]
    assert found["errors"] == [{"path": "a/broken.py", "message": "line 3: invalid syntax"}]


@given(st.integers(0, 10**6))
def test_only_an_audit_with_a_baseline_says_what_it_hides(hidden: int) -> None:
    assert document(every_kind(), hidden)["baseline"] == {"hidden": hidden}
    assert "baseline" not in document(every_kind())
