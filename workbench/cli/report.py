"""``workbench report``."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import _shared

_FORMATS = ("text", "html", "json", "markdown", "csv")
"""Those of `workbench.reports.render`, which is slow to import."""
_file = click.Path(path_type=Path)


@click.command("report")
@click.argument("results", metavar="RESULTS", type=_file)
@click.option("--audit", type=_file, help="An audit in JSON to include.")
@click.option(
    "--profile",
    type=_file,
    help="A profile of the audited program: cProfile, or pyinstrument or speedscope in JSON.",
)
@click.option("--migration", type=_file, help="The output of 'workbench migrate --diff'.")
@click.option(
    "--history",
    metavar="STORE",
    help="A history to show the trend of (.workbench/history.db, if there).",
)
@click.option("--gate", is_flag=True, help="Include the gate's verdict, set in pyproject.toml.")
@click.option("--baseline", type=_file, help="Earlier results for the gate to compare with.")
@click.option(
    "--format",
    "formats",
    type=click.Choice(_FORMATS),
    multiple=True,
    help="May be given several times (text).",
)
@click.option(
    "-o", "--output", type=_file, help="Write to this file, or to report.* in this directory."
)
@click.option("--open", "opened", is_flag=True, help="Open the page in a browser.")
def command(  # noqa: PLR0913, PLR0917
    results: Path,
    audit: Path | None,
    profile: Path | None,
    migration: Path | None,
    history: str | None,
    gate: bool,
    baseline: Path | None,
    formats: tuple[str, ...],
    output: Path | None,
    opened: bool,
) -> None:
    """Turn a results file, and what else is known, into a document.

    With a profile of the audited program the report tells seconds saved, not only places.

    \b
    Examples:
      workbench report results.json
      workbench report results.json --open
      workbench report results.json --format html --format markdown -o reports
      workbench report results.json --audit audit.json --profile run.prof --open
      workbench report results.json --baseline main.json --format markdown
    """
    from workbench.extras import REPORT, require

    require(REPORT)
    from workbench import reporting

    sources = reporting.Sources(results, audit, profile, migration, history, gate, baseline)
    wanted = reporting.formats(formats, opened)
    if output is None and not opened:
        reporting.refuse_several(wanted)
        _shared.show(reporting.render_report(reporting.load_report(sources), wanted[0]))
        return
    paths = reporting.output_paths(wanted, output or reporting.page_for_browser())
    reporting.write_report(reporting.load_report(sources), paths)
    if opened:
        reporting.show_in_browser(paths["html"])
