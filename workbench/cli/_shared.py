"""What several commands need: where output goes, and progress on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from workbench.files import write_atomically

Progress = Callable[[int, int, str], None]

output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write to this file instead of standard output.",
)


def deliver(content: str, output: Path | None) -> None:
    """Write ``content`` to a file, or to standard output when there is none."""
    if output is None:
        click.echo(content, nl=False)
    else:
        write_atomically(output, content)


@contextmanager
def progress(title: str) -> Iterator[Progress | None]:
    """Show a progress bar on a terminal; elsewhere there is none and the callback is None."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn())
    text = TextColumn("{task.description}")
    with Bar(*columns, text, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total, what: bar.update(
            task, completed=done, total=total, description=f"{title} {what}"[:50]
        )


def name_errors(errors: Iterable[tuple[str, str]]) -> None:
    """Name each thing that went wrong on a line of standard error."""
    from workbench.formatting.terminal import visible_path

    for subject, message in errors:
        shown = f"{visible_path(subject)}: {visible_path(message)}"
        click.echo(f"workbench: error: {shown}", err=True)
