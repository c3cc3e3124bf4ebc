"""The questions of ``migrate --interactive``, on a terminal or over a pipe."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from workbench.formatting.terminal import visible
from workbench.formatting.units import counted

if TYPE_CHECKING:
    from workbench.migration.interactive import Question, Reply

_HELP = """\
y  rewrite this one
n  leave this one as it is
a  rewrite this one and all that follow
q  leave this one and all that follow; what was accepted is kept
"""
_COLORS = {"+": "green", "-": "red", "@": "cyan"}
_WORDS = {"yes": "y", "no": "n", "all": "a", "quit": "q"}
_LONGEST_LINE = 200


def ask(question: Question) -> Reply:
    """Show one site and read a line about it; the end of input means to quit."""
    from workbench.migration.interactive import Reply

    for line in _shown(question):
        click.echo(line)
    while True:
        others = f", {counted(question.left, 'other')} left" if question.left else ", the last"
        click.echo(f"{_styled('rewrite it?', bold=True)} [y,n,a,q,?]{others}: ", nl=False)
        sys.stdout.flush()
        given = sys.stdin.readline()
        if not (sys.stdin.isatty() and given):
            click.echo()  # nobody has pressed the key that ends the line
        word = given.strip().lower() if given else "q"
        try:
            return Reply(_WORDS.get(word, word))
        except ValueError:
            click.echo(_HELP, nl=False)


def _shown(question: Question) -> list[str]:
    site = question.reference
    lines = []
    if question.tied:
        also = f"{counted(question.tied, 'other place stays', 'other places stay')} as well"
        lines.append(f"{also}: what was declined shares their import")
    lines.append("")
    place = _styled(f"{visible(site.path)}:{site.line}:{site.column}", bold=True)
    lines.append(f"{place}: {site.kind.value} {site.qualified_name}")
    if not question.hunks:
        lines.append(f" {_line(question.source)}   (moves with its import)")
    for hunk in question.hunks:
        texts = map(_line, hunk.splitlines())
        lines += [_styled(text, fg=_COLORS.get(text[:1])) for text in texts]
    if site.reason:
        lines.append(f"note: {visible(site.reason)}")
    return lines


def _line(source: bytes) -> str:
    """A line of a file without what could command the terminal."""
    return visible(source.decode("utf-8", "replace").expandtabs(4), _LONGEST_LINE)


def _styled(text: str, *, fg: str | None = None, bold: bool | None = None) -> str:
    """Add colour, which click takes away again where the output is no terminal."""
    return text if os.environ.get("NO_COLOR") else click.style(text, fg=fg, bold=bold)
