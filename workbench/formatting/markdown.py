"""Names and sentences as GitHub-flavoured Markdown takes them literally."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"[\\`*\[\]|~#!$]|(?<!\w)_|_(?!\w)|://|www\.|@")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_RUN = re.compile(r"`+")


def code(text: str) -> str:
    """Write a text as a code span, in or outside a table: nothing in it is markup or a mention."""
    fence = "`" * (1 + max((len(run) for run in _RUN.findall(text)), default=0))
    space = " " if not text or text[0] in "` " or text[-1] in "` " else ""
    # A table ends its cell at a pipe even inside a code span, unless it is escaped.
    return f"{fence}{space}{text}{space}{fence}".replace("|", "\\|")


def prose(text: str) -> str:
    """Escape what Markdown, HTML, links and mentions would read into a sentence."""
    return _SPECIAL.sub(_escaped, text.translate(_ENTITIES))


def _escaped(match: re.Match[str]) -> str:
    found = match[0]
    if found in {"://", "www.", "@"}:
        # A zero-width space is the only thing that stops a mention or an automatic link.
        return f"{found[:-1]}&#8203;{found[-1]}" if len(found) > 1 else "@&#8203;"
    return f"\\{found}"
