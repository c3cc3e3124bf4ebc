"""Names and sentences as GitHub-flavoured Markdown takes them literally."""

from __future__ import annotations

import re

from workbench.formatting.terminal import LONGEST_PATH, visible

_SPECIAL = re.compile(r"GH-(?=\d)|[\\`*\[\]|~#!$]|(?<!\w)_|_(?!\w)|://|www\.|@")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_DIGIT = re.compile(r"\d")
_RUN = re.compile(r"`+")


def code(text: str, longest: int = LONGEST_PATH) -> str:
    """Write a text as a code span, in or outside a table: nothing in it is markup or a mention."""
    text = visible(text, longest)
    fence = "`" * (1 + max((len(run) for run in _RUN.findall(text)), default=0))
    space = " " if not text or text[0] in "` " or text[-1] in "` " else ""
    # A table ends its cell at a pipe even inside a code span, unless it is escaped.
    return f"{fence}{space}{text}{space}{fence}".replace("|", "\\|")


def prose(text: str) -> str:
    """Escape what Markdown, HTML, links and mentions would read into a sentence."""
    return _SPECIAL.sub(_escaped, visible(text, LONGEST_PATH).translate(_ENTITIES))


def _escaped(match: re.Match[str]) -> str:
    found = match[0]
    # Only a zero-width space stops a mention, a reference to an issue or an automatic link.
    if found in {"://", "www."}:
        return f"{found[:-1]}&#8203;{found[-1]}"
    links = found in {"@", "GH-"} or (found == "#" and _DIGIT.match(match.string, match.end()))
    return f"{found}&#8203;" if links else f"\\{found}"
