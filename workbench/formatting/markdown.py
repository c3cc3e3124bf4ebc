"""Escape names and sentences for GitHub-flavoured Markdown."""

from __future__ import annotations

import re

from workbench.formatting.terminal import LONGEST_PATH, visible

_SPECIAL = re.compile(r"GH-(?=\d)|[\\`*\[\]|~#!$]|(?<![^\W_])_|_(?![^\W_])|://|www\.|@")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_DIGIT = re.compile(r"\d")
_RUN = re.compile(r"`+")


def code(text: str, longest: int = LONGEST_PATH) -> str:
    """Return a code span that is valid in and outside tables; nothing in it is markup."""
    text = visible(text, longest)
    fence = "`" * (1 + max((len(run) for run in _RUN.findall(text)), default=0))
    space = " " if not text or text[0] in "` " or text[-1] in "` " else ""
    # An unescaped pipe ends a table cell even inside a code span.
    return f"{fence}{space}{text}{space}{fence}".replace("|", "\\|")


def prose(text: str) -> str:
    """Escape a sentence: no Markdown, HTML, links or mentions remain."""
    return _SPECIAL.sub(_escaped, visible(text, LONGEST_PATH).translate(_ENTITIES))


def _escaped(match: re.Match[str]) -> str:
    found = match[0]
    # Only a zero-width space prevents mentions, references to issues and automatic links.
    if found in {"://", "www."}:
        return f"{found[:-1]}&#8203;{found[-1]}"
    links = found in {"@", "GH-"} or (found == "#" and _DIGIT.match(match.string, match.end()))
    return f"{found}&#8203;" if links else f"\\{found}"
