from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tests.reports.report_samples import audits, code_base, measurement, twelve
from workbench.analyzers.model import (
    Audit,
    FileAnalysis,
    FileError,
    Notice,
    Reference,
    ReferenceKind,
)
from workbench.analyzers.model import Verdict as ReferenceVerdict
from workbench.reports.builders.audit import AuditSummary
from workbench.reports.builders.report import build_report
from workbench.reports.model.audit import AuditSection, Remark
from workbench.results.model import Results


def section(audit: AuditSummary, results: Results | None = None) -> AuditSection:
    found = build_report(results or twelve(), audit).audit
    assert found is not None
    return found


def as_json(audit: AuditSummary) -> dict[str, Any]:
    """Build the JSON document of an audit independently of the code under test."""
    return {
        "schema_version": 1,
        "summary": {
            "files_scanned": audit.files_scanned,
            "files_with_references": len({p.path for p in audit.places}),
            "references": len(audit.places),
            "by_utility": dict(Counter(p.utility for p in audit.places)),
        },
        "references": [vars(place) for place in audit.places],
        "errors": [{"path": e.subject, "message": e.reason} for e in audit.errors],
        "notices": [vars(notice) for notice in audit.notices],
    }


@given(audits())
@settings(max_examples=40, derandomize=True, deadline=None)
def test_json_round_trip(audit: AuditSummary) -> None:
    assert AuditSummary.from_json(json.loads(json.dumps(as_json(audit)))) == audit


@given(audits())
@settings(max_examples=40, derandomize=True, deadline=None)
def test_each_grouping_counts_each_reference_once(audit: AuditSummary) -> None:
    found = section(audit)

    assert found.rewrite + found.review + found.keep == found.references == len(audit.places)
    assert found.keep == sum(place.verdict == "keep" for place in audit.places)
    for tallies in (found.by_utility, found.by_package, found.by_file):
        assert sum(tally.references for tally in tallies) == found.references
        assert sum(tally.rewrite for tally in tallies) == found.rewrite
        assert len({tally.name for tally in tallies}) == len(tallies)
        assert sum(tally.keep for tally in tallies) == found.keep
        assert all(t.rewrite + t.review + t.keep == t.references for t in tallies)
        assert [t.references for t in tallies] == sorted(
            (t.references for t in tallies), reverse=True
        )
    assert found.files_with_references == len(found.by_file)


def test_an_audit_equals_its_json() -> None:
    reference = Reference(
        "a/b.py",
        3,
        7,
        "m.hash_file",
        "hash_file",
        ReferenceKind.CALL,
        ReferenceVerdict.REVIEW,
        "shadowed",
    )
    notice = Notice("a/b.py", 1, 2, "suppresses nothing")
    file = FileAnalysis("a/b.py", Path("a/b.py"), b"", (reference,), (), (notice,))
    audit = AuditSummary.from_audit(Audit(5, (file,), (FileError("c.py", "unreadable"),)))

    assert AuditSummary.from_json(as_json(audit)) == audit
    assert audit.places[0].kind == "call"
    assert section(audit).review == 1
    assert section(audit).notices == (Remark("a/b.py", 1, 2, "suppresses nothing"),)
    older = {key: value for key, value in as_json(audit).items() if key != "notices"}
    assert AuditSummary.from_json(older).notices == ()


def test_only_rewritable_references_to_faster_utilities_gain() -> None:
    audit = code_base(14)
    gaining = {
        m.utility
        for m in twelve().measurements
        if m.primary and m.speedup is not None and m.speedup.low > 1.05
    }
    expected = sum(p.verdict == "rewrite" and p.utility in gaining for p in audit.places)

    assert section(audit).would_gain == expected > 0
    assert section(audit, twelve(native=False)).would_gain is None


def test_references_to_different_utilities_do_not_gain() -> None:
    wrong = Results((measurement("hash_file", equivalent=False),))

    assert section(code_base(14), wrong).would_gain == 0


def test_packages_are_relative_to_the_parent_of_the_common_directory() -> None:
    names = [tally.name for tally in section(code_base(10)).by_package]

    assert sorted(names) == ["sky/p0", "sky/p1", "sky/p2", "sky/p3", "sky/p4"]


def test_files_in_the_current_directory() -> None:
    audit = code_base(2, rename=lambda text: text.rpartition("/")[2])

    assert [tally.name for tally in section(audit).by_package] == ["."]


def test_an_empty_audit() -> None:
    report = build_report(twelve(), AuditSummary(0, ()))

    assert "the audited code (0 files) has no references to replaceable functions" in report.verdict
    assert section(AuditSummary(0, ())).by_package == ()


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "expected a JSON object"),
        ({"schema_version": 2}, "schema_version 1"),
        ({"schema_version": 1}, "'summary' is missing"),
        ({"schema_version": 1, "summary": {"files_scanned": "x"}}, "invalid literal"),
        ({"schema_version": 1, "summary": 3}, "not an audit"),
        (
            {"schema_version": 1, "summary": {"files_scanned": 1}, "references": [7]},
            "not an audit",
        ),
        (
            {"schema_version": 1, "summary": {"files_scanned": 1}, "references": [{}]},
            "'path' is missing",
        ),
    ],
)
def test_other_documents_are_rejected(document: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        AuditSummary.from_json(document)
