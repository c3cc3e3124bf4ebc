"""An audit as one JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from workbench.reports.audit_formats.findings import Findings
from workbench.reports.audit_formats.fingerprint import fingerprinted

SCHEMA_VERSION = 1


def render(findings: Findings) -> str:
    """Return the complete audit as JSON text (schema version 1)."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "summary": summary(findings),
        "references": list(references(findings)),
        "notices": notices(findings),
        "errors": errors(findings),
    }
    if findings.hidden is not None:
        document["baseline"] = {"hidden": findings.hidden}
    return json.dumps(document, indent=2) + "\n"


def summary(findings: Findings) -> dict[str, Any]:
    """Return the numbers of files and references."""
    return {
        "files_scanned": findings.counts.files_scanned,
        "files_with_references": findings.counts.files_with_references,
        "references": findings.counts.references,
        "by_utility": dict(findings.audit.by_label),
    }


def references(findings: Findings) -> Iterator[dict[str, Any]]:
    """Yield each reference as a dictionary."""
    for file in findings.files:
        for reference, fingerprint in fingerprinted(file):
            yield {
                "path": reference.path,
                "line": reference.line,
                "column": reference.column,
                "qualified_name": reference.qualified_name,
                "utility": reference.label,
                "kind": reference.kind.value,
                "verdict": reference.verdict.value,
                "reason": reference.reason,
                "fingerprint": fingerprint,
            }


def notices(findings: Findings) -> list[dict[str, Any]]:
    """Return each notice as a dictionary."""
    return [asdict(notice) for notice in findings.counts.notices]


def errors(findings: Findings) -> list[dict[str, str]]:
    """Return each file that could not be analysed as a dictionary."""
    return [{"path": error.subject, "message": error.reason} for error in findings.counts.errors]
