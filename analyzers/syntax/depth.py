"""Detect code that may exhaust the parser, before it is parsed.

LibCST's parser recurses at least once for each operator of a chain and each bracket: long chains
overflow the C stack, which ends the process, and deeply nested patterns take exponential time.
"""

from __future__ import annotations

import re

from workbench.analyzers.syntax.lexer import SpanIndex
from workbench.analyzers.syntax.pieces import Piece

_TOKEN = re.compile(
    r"(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<end>[\r\n;])|\belif\b"
    r"|\b(?:and|or|not|if|else|lambda|await)\b|[-+*/%@&|^~.<>=!]"
)
_MAX_OPERATORS = 400
"""Limit for one logical line; half of what the parser supports with a stack of 8 MB."""
_MAX_BRACKETS = 12


class TooDeepError(ValueError):
    """The code may exhaust the parser, so it must be parsed in a separate process."""


def is_deep(text: str, index: SpanIndex, piece: Piece) -> bool:
    """Return whether a logical line of the piece has too many operators or nested brackets."""
    depth = operators = branches = 0
    position = piece.start
    gaps = [(span.start, span.end) for span in index.within(piece.start, piece.end)]
    for start, end in [*gaps, (piece.end, piece.end)]:
        for token in _TOKEN.finditer(text, position, start):
            if token.lastgroup == "open":
                depth += 1
            elif token.lastgroup == "close":
                depth -= 1
            elif token.lastgroup == "end":
                operators = operators if depth or text[token.start() - 1] == "\\" else 0
                continue
            operators += 1
            branches += token.group() == "elif"
            if depth > _MAX_BRACKETS or operators > _MAX_OPERATORS or branches > _MAX_OPERATORS:
                return True
        adjacent = start > position and text[position:start].isspace()
        operators += adjacent
        position = end
        if operators > _MAX_OPERATORS:
            return True
    return False
