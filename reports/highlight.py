"""Syntax highlighting for diffs of Python files."""

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
    """Part of a line; ``kind`` is a class of the style sheet, or empty."""

    kind: str
    text: str


class Line(NamedTuple):
    """Line of a diff; ``kind`` is ``added``, ``removed``, ``hunk`` or ``context``."""

    kind: str
    pieces: tuple[Fragment, ...]


def highlight(path: str, lines: Sequence[str]) -> Iterator[Line]:
    """Split the diff lines of one file into highlighted fragments.

    Each side of a hunk is tokenized as a whole. In files other than Python, each line is a single
    fragment.
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
    """Highlight one side of a hunk; return the fragments by line index."""
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
    """Map a token type to a class of the style sheet."""
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
