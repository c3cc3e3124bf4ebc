"""Names and sentences as a terminal shows them literally: nothing hidden, no commands."""

from __future__ import annotations

LONGEST_NAME = 300
LONGEST_PATH = 4096
"""The longest path that Linux opens: a shortened path would be useless."""


def visible_path(path: str) -> str:
    """Make every character of a path show, or of a line that holds one; a cut one is no use."""
    return visible(path, LONGEST_PATH)


def visible(text: str, longest: int = LONGEST_NAME) -> str:
    """Make every character show: controls, direction marks and lone surrogates become escapes.

    Text longer than ``longest`` is cut, with an ellipsis.
    """
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in text
    )
