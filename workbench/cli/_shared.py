"""What several commands need: where output goes, and progress on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import click

from workbench.cli import _completion
from workbench.cli._color import on_terminal
from workbench.files import write_atomically

Progress = Callable[[int, int, str], None]
_PATIENCE = 0.5
"""Seconds before a bar is shown."""
_LABEL = 40
"""Columns of what is being done, beside the bar."""
_ERASE_LAST_LINE = "\x1b[1A\x1b[2K"

names_argument = click.argument(
    "names", metavar="[UTILITY]...", nargs=-1, shell_complete=_completion.utilities
)

output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write to this file instead of standard output.",
)


def deliver(content: str, output: Path | None) -> None:
    """Write ``content`` to a file, or to standard output when there is none."""
    if output is None:
        show(content)
    else:
        write_atomically(output, content)


def show(content: str) -> None:
    """Write ``content`` to standard output with the colours that it has."""
    click.echo(content, nl=False, color=True)


@contextmanager
def progress(title: str) -> Iterator[Progress | None]:
    """Show a progress bar for long work on a terminal; elsewhere the callback is None."""
    if not on_terminal(sys.stderr):
        yield None
        return
    bar = _Bar(title)
    try:
        yield bar.update
    finally:
        bar.remove()


class _Bar:
    """A bar on standard error that appears when the work takes a while, and vanishes at the end."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._due = monotonic() + _PATIENCE
        self._bar: Any = None  # click does not export the type

    def update(self, done: int, total: int, what: str) -> None:
        """Show how much is done, and what is at work."""
        if self._bar is None:
            if monotonic() < self._due:
                return
            self._bar = click.progressbar(
                length=total, show_pos=True, show_eta=False, width=20, file=sys.stderr
            )
        self._bar.label = f"{self._title} {what}"[:_LABEL].rstrip()
        self._bar.length = total
        self._bar.update(done - self._bar.pos)
        self._bar.render_progress()

    def remove(self) -> None:
        """Erase the bar."""
        if self._bar is not None:
            self._bar.render_finish()
            click.echo(_ERASE_LAST_LINE, nl=False, err=True, color=True)


def name_errors(errors: Iterable[tuple[str, str]]) -> None:
    """Name each thing that went wrong on a line of standard error."""
    from workbench.formatting.terminal import visible_path

    for subject, message in errors:
        shown = f"{visible_path(subject)}: {visible_path(message)}"
        click.echo(f"workbench: error: {shown}", err=True)
