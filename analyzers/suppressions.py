"""What a user wants to be left alone: comments in the code, and answers given to questions.

``# workbench: keep[label] reason`` keeps the references to that label on its line; on a line of its
own, those on the next line. Where that line has none, the whole statement it belongs to is meant.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from workbench.analyzers.rules import KEEP_NEEDLE, RuleIndex
from workbench.analyzers.syntax.lexer import LexerError, SpanIndex, SpanKind, opaque_spans
from workbench.analyzers.syntax.source import NEWLINE, Source

DECLINED = "declined"
"""The reason of a reference that the user declined."""
DEFAULT_REASON = "a comment asks to keep it"
_KEEP = re.compile(
    r"(?:\A|(?<=\s))\#[ \t]*workbench:[ \t]*keep(?![\w-])"
    r"(?:[ \t]*\[(?P<labels>[^\]]*)\])?(?P<reason>.*?)(?=\s\#\s|\Z)"
)
_ANY_COMMENT = re.compile(r"#[^\r\n]*")
_STRUCTURE = re.compile(r"[(\[{]|[)\]}]|\r\n?|\n")

Place = tuple[int, str]
"""Offset of a reference in code points, and its label."""


@dataclass(frozen=True)
class _Comment:
    start: int
    labels: tuple[str, ...]
    reason: str


class Keeping:
    """Which of the ``places`` of one file are to be left alone, why, and what asks in vain.

    ``declined`` are 1-based lines and columns of places.
    """

    def __init__(
        self,
        source: Source,
        index: SpanIndex,
        places: Collection[Place],
        declined: frozenset[tuple[int, int]],
        rules: RuleIndex,
    ) -> None:
        self._source = source
        self._index = index
        self._rules = rules
        self._reasons: dict[Place, str] = {}
        self.notices: list[tuple[int, str]] = []
        """Offsets of comments that keep nothing, and what is wrong with them."""
        for comment in _comments(source.text, index):
            self._heed(comment, places)
        if declined:
            refused = (place for place in places if source.position(place[0]) in declined)
            self._reasons.update((place, DECLINED) for place in refused)

    def reason(self, start: int, label: str) -> str:
        """Why the reference to a label at an offset is left alone; empty if it is not."""
        return self._reasons.get((start, label), "")

    def _heed(self, comment: _Comment, places: Collection[Place]) -> None:
        if not comment.labels:
            self._tell(comment, "keeps nothing: name the utility, as in `keep[...]`")
        for label in comment.labels:
            line, statement = self._scopes(comment.start)
            mine = [place for place in places if place[1] == label]
            kept = [place for place in mine if place[0] in line]
            kept = kept or [place for place in mine if place[0] in statement]
            self._reasons.update((place, comment.reason) for place in kept)
            if not kept and label in self._rules.labels:
                self._tell(comment, f"keeps nothing: no reference to {label} is here")
            elif not kept and label not in self._rules.others:
                known = sorted(self._rules.labels | self._rules.others)
                close = difflib.get_close_matches(label, known, n=1)
                advice = f": did you mean {close[0]}?" if close else ""
                self._tell(comment, f"keeps nothing: {label} is not known{advice}")

    def _tell(self, comment: _Comment, message: str) -> None:
        self.notices.append((comment.start, message))

    def _scopes(self, start: int) -> tuple[range, range]:
        """Offsets of the line that a comment means, and of the statement around it."""
        first, text = self._source.line_start(start), self._source.text
        last = self._source.line_end(start)
        while text[first:last].lstrip().startswith("#"):
            newline = NEWLINE.match(text, last)
            if newline is None:
                break
            first = newline.end()
            last = self._source.line_end(first)
        begin = end = 0
        for end in (*self._statement_ends, len(text)):
            if end > first:
                break
            begin = end
        return range(first, last), range(begin, end)

    @cached_property
    def _statement_ends(self) -> Sequence[int]:
        """Where each logical line ends, after its newline."""
        code, depth, ends = self._index.code, 0, []
        for match in _STRUCTURE.finditer(code):
            if match.group() in ("(", "[", "{"):
                depth += 1
            elif match.group() in (")", "]", "}"):
                depth -= 1
            elif depth <= 0 and not code.endswith("\\", 0, match.start()):
                ends.append(match.end())
        return ends


def index_of(source: Source) -> SpanIndex:
    """The comments and strings of a text; none where the lexer does not understand it."""
    try:
        return SpanIndex(source.text, opaque_spans(source.text))
    except LexerError:
        return SpanIndex(source.text, [])


def _comments(text: str, index: SpanIndex) -> Iterator[_Comment]:
    if KEEP_NEEDLE not in text:
        return
    spans = [(s.start, text[s.start : s.end]) for s in index.spans if s.kind is SpanKind.COMMENT]
    if not index.spans:
        # Not understood: better to keep too much than what somebody wants to keep.
        spans = [(match.start(), match.group()) for match in _ANY_COMMENT.finditer(text)]
    for start, comment in spans:
        for match in _KEEP.finditer(comment):
            names = (name.strip() for name in (match["labels"] or "").split(","))
            labels = tuple(dict.fromkeys(name for name in names if name))
            yield _Comment(start + match.start(), labels, match["reason"].strip() or DEFAULT_REASON)
