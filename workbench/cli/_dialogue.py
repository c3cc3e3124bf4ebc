"""Ask the questions of ``migrate --interactive``, on a terminal or through a pipe."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from workbench.cli._color import output_style
from workbench.cli._shared import show
from workbench.cli._streams import read_line
from workbench.formatting.terminal import Style, visible
from workbench.formatting.units import counted

if TYPE_CHECKING:
    from workbench.migration.interactive import Question, Reply

_HELP = """\
y  rewrite this one
n  leave this one unchanged
a  rewrite this one and all that follow
q  leave this one and all that follow unchanged, then write the accepted ones
"""
_WORDS = {"yes": "y", "no": "n", "all": "a", "quit": "q"}
_LONGEST_LINE = 200


def ask(question: Question) -> Reply:
    """Show one reference and read the reply; end of input means quit."""
    from workbench.migration.interactive import Reply

    style = output_style()
    for line in _shown(question, style):
        show(f"{line}\n")
    while True:
        others = f", {counted(question.left, 'other')} left" if question.left else ", the last"
        show(f"{style.bold('rewrite?')} [y,n,a,q,?]{others}: ")
        sys.stdout.flush()
        given = read_line()
        if not (sys.stdin.isatty() and given):
            show("\n")  # no Enter key has ended the line
        word = given.strip().lower() if given else "q"
        try:
            return Reply(_WORDS.get(word, word))
        except ValueError:
            show(_HELP)


def _shown(question: Question, style: Style) -> list[str]:
    site = question.reference
    lines = []
    if question.tied:
        also = f"{counted(question.tied, 'other reference', 'other references')} left unchanged too"
        lines.append(f"{also}: the import is shared with one that was declined")
    lines.append("")
    place = style.bold(f"{visible(site.path)}:{site.line}:{site.column}")
    lines.append(f"{place}: {site.kind.value} {site.qualified_name}")
    if not question.hunks:
        lines.append(f" {_line(question.source)}   (changes with its import)")
    for hunk in question.hunks:
        lines += [style.diff_line(_line(line)) for line in hunk.splitlines()]
    if site.reason:
        lines.append(f"note: {visible(site.reason)}")
    return lines


def _line(source: bytes) -> str:
    """Return a line of a file with its control characters escaped."""
    return visible(source.decode("utf-8", "replace").expandtabs(4), _LONGEST_LINE)
