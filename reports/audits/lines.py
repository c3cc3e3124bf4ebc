"""An audit as JSON lines, one object a line, each with its type."""

from __future__ import annotations

import json

from reports.audits import document
from reports.audits.findings import Findings


def render(findings: Findings) -> str:
    """Write the objects of the JSON document, then its summary."""
    summary = document.summary(findings)
    if findings.hidden is not None:
        summary["hidden"] = findings.hidden
    typed = [
        *(("reference", reference) for reference in document.references(findings)),
        *(("notice", notice) for notice in document.notices(findings)),
        *(("error", error) for error in document.errors(findings)),
        ("summary", summary),
    ]
    return "".join(f"{json.dumps({'type': kind, **facts})}\n" for kind, facts in typed)
