"""Colours for the Python in a diff: each line in pieces, with the kind of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from workbench.formatting.terminal import LONGEST_NAME, visible

if TYPE_CHECKING:
    from pygments.lexer import Lexer

_MARKS = {"+": "added", "-": "removed", "@": "hunk", "\\": "hunk"}
_OLD, _NEW = " -", " +"


class Fragment(NamedTuple):
    """A part of a line; ``kind`` is a class of the style sheet, or empty."""

    kind: str
    text: str


class Line(NamedTuple):
    """A line of a diff: ``added``, ``removed``, ``hunk`` or ``context``, and its pieces."""

    kind: str
    pieces: tuple[Fragment, ...]


def highlight(path: str, lines: Sequence[str]) -> Iterator[Line]:
    """Colour the hunks of one file; both sides of a hunk are read as a whole.

    What is no Python file has one piece for each line.
    """
    if not path.endswith((".py", ".pyi")):
        yield from map(_plain, lines)
        return
    start = 0
    while start < len(lines):
        end = next((i for i in range(start + 1, len(lines)) if lines[i][:1] == "@"), len(lines))
        yield from _hunk(lines[start:end])
        start = end


def _hunk(lines: Sequence[str]) -> Iterator[Line]:
    shown = [visible(line.removesuffix("\r").expandtabs(4)) for line in lines]
    old, new = _side(shown, _OLD), _side(shown, _NEW)
    for number, text in enumerate(shown):
        pieces = (new if number in new else old).get(number)
        if pieces is None:
            yield _plain(text)
        else:
            kind = _MARKS.get(text[:1], "context")
            yield Line(kind, (Fragment("", text[:1]), *pieces))


def _side(lines: Sequence[str], marks: str) -> dict[int, list[Fragment]]:
    """Colour the lines of one side of a hunk, by their position in it."""
    numbers = [number for number, line in enumerate(lines) if line[:1] and line[0] in marks]
    found: list[list[Fragment]] = [[]]
    for token, value in _lexer().get_tokens("\n".join(lines[number][1:] for number in numbers)):
        kind = _kind(tuple(token))
        for position, part in enumerate(value.split("\n")):
            if position:
                found.append([])
            if part:
                found[-1].append(Fragment(kind, part))
    return dict(zip(numbers, found, strict=False))


def _plain(text: str) -> Line:
    shown = visible(text.removesuffix("\r").expandtabs(4), LONGEST_NAME)
    return Line(_MARKS.get(text[:1], "context"), (Fragment("", shown),))


def _kind(token: tuple[str, ...]) -> str:
    """Reduce the lexer's kinds to the few that have a colour."""
    first, second = (*token, "", "")[:2]
    if first == "Comment":
        return "comment"
    if first == "Keyword":
        return "keyword"
    return "literal" if second in {"String", "Number"} else ""


@cache
def _lexer() -> Lexer:
    from pygments.lexers.python import PythonLexer

    return PythonLexer(stripnl=False, ensurenl=False)
