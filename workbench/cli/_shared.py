"""Shared by several commands: parameters, output, progress and error lines."""

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
"""Seconds before the progress bar appears."""
_LABEL = 40
"""Columns for the label of the progress bar."""
_ERASE_LAST_LINE = "\x1b[1A\x1b[2K"

names_argument = click.argument(
    "names", metavar="[UTILITY]...", nargs=-1, shell_complete=_completion.utilities
)

output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write to this file.  [default: standard output]",
)


def deliver(content: str, output: Path | None) -> None:
    """Write ``content`` to a file, or to standard output if it is None."""
    if output is None:
        show(content)
    else:
        write_atomically(output, content)


def show(content: str) -> None:
    """Write ``content`` to standard output with its colours."""
    click.echo(content, nl=False, color=True)


@contextmanager
def progress(title: str) -> Iterator[Progress | None]:
    """Show a progress bar on a terminal; elsewhere the callback is None."""
    if not on_terminal(sys.stderr):
        yield None
        return
    bar = _Bar(title)
    try:
        yield bar.update
    finally:
        bar.remove()


class _Bar:
    """A progress bar on standard error; it appears after a while and is erased at the end."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._due = monotonic() + _PATIENCE
        self._bar: Any = None  # click does not export its type

    def update(self, done: int, total: int, what: str) -> None:
        """Show how much is done, and what is being done now."""
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
    """Print each error, a subject and a message, as one line on standard error."""
    from workbench.formatting.terminal import visible_path

    for subject, message in errors:
        shown = f"{visible_path(subject)}: {visible_path(message)}"
        click.echo(f"workbench: error: {shown}", err=True)
