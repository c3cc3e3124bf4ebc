"""Documents about results, made from the files that the other commands write."""

from __future__ import annotations

from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.files import read_bytes


def render_report(
    results: Path, format_: str, audit: Path | None = None, migration: Path | None = None
) -> str:
    """Render a results file, with an audit in JSON and the diff of a migration if they are given.

    Raises WorkbenchError, one line, when a file cannot be read or is not what it should be.
    """
    from reports.build import build_report
    from reports.render import render
    from workbench.audits import load_audit
    from workbench.catalog import utilities
    from workbench.storage import load_results

    measured = load_results(results)
    summary = load_audit(audit) if audit else None
    diff = read_bytes(migration) if migration else None
    purposes = {utility.name: utility.summary for utility in utilities()}
    try:
        report = build_report(measured, summary, migration=diff, purposes=purposes)
    except ValueError as error:
        raise WorkbenchError(f"{migration} is {error}") from error
    return render(report, format_)
