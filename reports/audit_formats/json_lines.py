"""An audit as JSON Lines: one object per line, each with a ``type``."""

from __future__ import annotations

import json

from workbench.reports.audit_formats import json_document
from workbench.reports.audit_formats.findings import Findings


def render(findings: Findings) -> str:
    """Return the objects of the JSON document, one per line, and then its summary."""
    summary = json_document.summary(findings)
    if findings.hidden is not None:
        summary["hidden"] = findings.hidden
    typed = [
        *(("reference", reference) for reference in json_document.references(findings)),
        *(("notice", notice) for notice in json_document.notices(findings)),
        *(("error", error) for error in json_document.errors(findings)),
        ("summary", summary),
    ]
    return "".join(f"{json.dumps({'type': kind, **facts})}\n" for kind, facts in typed)
