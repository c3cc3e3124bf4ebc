"""Fit and wrap text by its width in terminal cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

WIDTH = 80
_WORD = re.compile(r"""(?:\$'(?:\\.|[^'\\])*'|'[^']*'|"[^"]*"|[^\s'"])+""")
"""One word of a shell command, quoted or not."""


def cells(text: str) -> int:
    """Return the number of terminal cells of a printable text."""
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def fit(text: str, width: int) -> str:
    """Shorten a text to a number of cells; an ellipsis marks a cut."""
    if cells(text) <= width:
        return text
    kept, used = [], 0
    for character in text:
        used += _cells_of(character)
        if used > width - 1:
            break
        kept.append(character)
    return "".join(kept) + "…"


def left(text: str, width: int) -> str:
    """Fit a text into a column, left-aligned."""
    fitted = fit(text, width)
    return fitted + " " * (width - cells(fitted))


def right(text: str, width: int) -> str:
    """Fit a text into a column, right-aligned."""
    fitted = fit(text, width)
    return " " * (width - cells(fitted)) + fitted


def wrap(text: str, indent: str = "", width: int = WIDTH) -> str:
    """Break a paragraph into lines; each line but the first starts with ``indent``."""
    return "\n".join(_filled(_pieces(text, width - len(indent)), indent, width))


def shell(command: str, indent: str = "    ", width: int = WIDTH - 4) -> str:
    """Break a long shell command into continued lines, between its words."""
    return " \\\n".join(_filled(_WORD.findall(command), indent, width))


def _filled(words: Iterable[str], indent: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in words:
        if line and cells(line) + 1 + cells(word) > width:
            lines.append(line)
            line = indent + word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


def _pieces(text: str, width: int) -> list[str]:
    """Split at spaces, and split words that are wider than a line."""
    pieces = []
    for word in text.split():
        piece, used = "", 0
        for character in word:
            if used + _cells_of(character) > width:
                pieces.append(piece)
                piece, used = "", 0
            piece += character
            used += _cells_of(character)
        pieces.append(piece)
    return pieces


def _cells_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
