"""``workbench report``."""

from __future__ import annotations

from pathlib import Path

import click

from reports.render import FORMATS
from workbench.cli import _shared


@click.command("report")
@click.argument("results", metavar="RESULTS", type=click.Path(path_type=Path))
@click.option("--audit", type=click.Path(path_type=Path), help="An audit in JSON to include.")
@click.option(
    "--migration",
    type=click.Path(path_type=Path),
    help="The output of 'workbench migrate --diff' to include.",
)
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text")
@_shared.output_option
def command(
    results: Path, audit: Path | None, migration: Path | None, format_: str, output: Path | None
) -> None:
    """Turn a results file, and an audit, into a document.

    \b
    Examples:
      workbench report results.json
      workbench report results.json --format html -o report.html
      workbench report results.json --audit audit.json --format markdown
    """
    from workbench.documents import render_report
    from workbench.files import check_output

    if output:
        check_output(output)
    _shared.deliver(render_report(results, format_, audit, migration), output)
