"""Suppressions: comments in the code, and references that the user declined.

``# workbench: keep[label] reason`` suppresses the rewrite of the references to that label on its
line or, if the comment is on a line of its own, on the next line. If that line has none, the
comment applies to the whole statement.
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
"""Reason of a reference that the user declined."""
DEFAULT_REASON = "suppressed by a comment"
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
    """Suppressed references of one file, and its unused suppressions.

    ``places`` are the references of the file; ``declined`` are the 1-based lines and columns of
    those that the user declined.
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
        """Offsets of unused or invalid suppressions, and the messages about them."""
        for comment in _comments(source.text, index):
            self._apply(comment, places)
        if declined:
            matching = (place for place in places if source.position(place[0]) in declined)
            self._reasons.update((place, DECLINED) for place in matching)

    def reason(self, start: int, label: str) -> str:
        """Return why the reference to a label at an offset is suppressed; empty if it is not."""
        return self._reasons.get((start, label), "")

    def _apply(self, comment: _Comment, places: Collection[Place]) -> None:
        if not comment.labels:
            self._report(comment, "invalid suppression: name the utility, as in `keep[NAME]`")
        for label in comment.labels:
            line, statement = self._scopes(comment.start)
            mine = [place for place in places if place[1] == label]
            kept = [place for place in mine if place[0] in line]
            kept = kept or [place for place in mine if place[0] in statement]
            self._reasons.update((place, comment.reason) for place in kept)
            if not kept and label in self._rules.labels:
                self._report(comment, f"unused suppression: no reference to {label} here")
            elif not kept and label not in self._rules.others:
                known = sorted(self._rules.labels | self._rules.others)
                close = difflib.get_close_matches(label, known, n=1)
                advice = f"; did you mean {close[0]}?" if close else ""
                self._report(comment, f"unused suppression: unknown utility {label}{advice}")

    def _report(self, comment: _Comment, message: str) -> None:
        self.notices.append((comment.start, message))

    def _scopes(self, start: int) -> tuple[range, range]:
        """Return the offsets of the line that a comment applies to, and of its statement."""
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
        """Offsets after the newline of each logical line."""
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
    """Return the comments and strings of a source; none if the lexer fails."""
    try:
        return SpanIndex(source.text, opaque_spans(source.text))
    except LexerError:
        return SpanIndex(source.text, [])


def _comments(text: str, index: SpanIndex) -> Iterator[_Comment]:
    if KEEP_NEEDLE not in text:
        return
    spans = [(s.start, text[s.start : s.end]) for s in index.spans if s.kind is SpanKind.COMMENT]
    if not index.spans:
        # The lexer failed: suppressing too much is safer than missing a suppression.
        spans = [(match.start(), match.group()) for match in _ANY_COMMENT.finditer(text)]
    for start, comment in spans:
        for match in _KEEP.finditer(comment):
            names = (name.strip() for name in (match["labels"] or "").split(","))
            labels = tuple(dict.fromkeys(name for name in names if name))
            yield _Comment(start + match.start(), labels, match["reason"].strip() or DEFAULT_REASON)
