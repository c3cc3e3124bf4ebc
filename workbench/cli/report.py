"""``workbench report``."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import _shared

_FORMATS = ("text", "html", "json", "markdown", "csv")
"""The formats of `workbench.reports.render`, which is slow to import."""
_file = click.Path(path_type=Path)


@click.command("report")
@click.argument("results", metavar="RESULTS", type=_file)
@click.option("--audit", type=_file, help="Audit in JSON to include.")
@click.option(
    "--profile",
    type=_file,
    help="Profile of the audited program: cProfile, or pyinstrument or speedscope in JSON.",
)
@click.option("--migration", type=_file, help="Output of 'workbench migrate --diff' to include.")
@click.option(
    "--history",
    metavar="STORE",
    help="History to show trends from.  [default: .workbench/history.db if it exists]",
)
@click.option(
    "--gate", is_flag=True, help="Include the gate's verdict; pyproject.toml has its thresholds."
)
@click.option("--baseline", type=_file, help="Earlier results for the gate; implies --gate.")
@click.option(
    "--format",
    "formats",
    type=click.Choice(_FORMATS),
    multiple=True,
    help="Output format; can be repeated.  [default: text]",
)
@click.option(
    "-o",
    "--output",
    type=_file,
    help="Write to this file, or to report.* in this directory.  [default: standard output]",
)
@click.option("--open", "opened", is_flag=True, help="Write HTML and open it in a browser.")
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
    """Write a report about results, and an audit, a migration or a profile if given.

    With --profile, the report estimates the seconds that the program saves.

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
