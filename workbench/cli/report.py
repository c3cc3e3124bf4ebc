"""``workbench report``."""

from __future__ import annotations

from pathlib import Path

import click

from reports.render import FORMATS
from workbench.cli import _shared


@click.command("report")
@click.argument("results", metavar="RESULTS", type=click.Path(path_type=Path))
@click.option("--audit", type=click.Path(path_type=Path), help="An audit in JSON to include.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text")
@_shared.output_option
def command(results: Path, audit: Path | None, format_: str, output: Path | None) -> None:
    """Turn a results file, and an audit, into a document.

    \b
    Examples:
      workbench report results.json
      workbench report results.json --format html -o report.html
      workbench report results.json --audit audit.json --format markdown
    """
    from reports.build import build_report
    from reports.render import render
    from workbench.audits import load_audit
    from workbench.files import check_output
    from workbench.storage import load_results

    if output:
        check_output(output)
    summary = load_audit(audit) if audit else None
    document = render(build_report(load_results(results), summary), format_)
    _shared.deliver(document, output)
