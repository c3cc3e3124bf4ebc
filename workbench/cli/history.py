"""``workbench history``."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import _shared
from workbench.cli._group import CommandGroup

_store_option = click.option(
    "--store",
    default=".workbench/history.db",
    show_default=True,
    metavar="STORE",
    help="SQLite file, or postgresql://USER@HOST/NAME; uses PGPASSWORD and ~/.pgpass.",
)


@click.group("history", cls=CommandGroup, no_args_is_help=False)
def command() -> None:
    """Store results and find when a speedup changed.

    \b
    Examples:
      workbench history add results.json
      workbench history show hash_file
      workbench history plot -o history.svg
    """


@command.command("add")
@click.argument("results", metavar="RESULTS", type=click.Path(path_type=Path))
@_store_option
def add(results: Path, store: str) -> None:
    """Add a results file, unless it was added before.

    \b
    Examples:
      workbench history add results.json
      workbench history add results.json --store postgresql://bench@db/history
    """
    from workbench.extras import HISTORY, require

    require(HISTORY)
    from workbench import history
    from workbench.history import formats
    from workbench.history.location import locate
    from workbench.results.storage import load_results

    place = locate(store)
    added = history.add(load_results(results), store)
    _shared.show(formats.added(added, place))


@command.command("show")
@_shared.names_argument
@_store_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@_shared.output_option
def show(names: tuple[str, ...], store: str, format_: str, output: Path | None) -> None:
    """Show each speedup over time.

    The newest run is compared with earlier ones, and lasting changes are dated. Runs of another
    Python, another class of machine or other source files cannot be compared and are only listed.

    Exits 3 if there is nothing to show.

    \b
    Examples:
      workbench history show
      workbench history show hash_file --format csv -o hash_file.csv
    """
    from workbench.extras import HISTORY, require

    require(HISTORY)
    from workbench import history
    from workbench.files import check_output
    from workbench.history import formats

    if output:
        check_output(output)
    found = history.trends(history.load(store), names)
    _shared.deliver(formats.FORMATS[format_](found), output)


@command.command("plot")
@_shared.names_argument
@_store_option
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="Image file, NAME.svg or NAME.png.",
)
def plot(names: tuple[str, ...], store: str, output: Path) -> None:
    """Plot each speedup over time.

    The image shows the confidence interval of each run, and lasting changes.

    \b
    Examples:
      workbench history plot -o history.svg
      workbench history plot hash_file format_float -o history.png
    """
    from workbench.extras import HISTORY, require

    require(HISTORY)
    from workbench import history
    from workbench.files import check_output, write_atomically
    from workbench.history import plot as drawing

    check_output(output)
    format_ = drawing.image_format(output)
    found = history.trends(history.load(store), names)
    write_atomically(output, drawing.plot(found, format_))
