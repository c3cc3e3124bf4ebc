"""Put together what was found in one file."""

from __future__ import annotations

from collections.abc import Sequence

from analyzers.copies import Copied
from analyzers.discover import PythonFile
from analyzers.keep import Keeping
from analyzers.model import FileAnalysis, Kind, Notice, Reference, Rule, Verdict
from analyzers.resolve import Found
from analyzers.rewrite import Change
from analyzers.scan import Scan
from analyzers.source import Source
from analyzers.strings import Mention


def start_of(result: Scan, found: Found) -> int:
    """Where the expression begins: before parentheses around the module, if there are any."""
    start, text = found.token.start, result.source.text
    if found.use is None or not 0 < found.depth <= len(found.use.tokens):
        return start
    last = found.use.tokens[found.depth - 1]
    for _ in range(text.count(")", start, last.start)):
        start = text.rfind("(", 0, start)
    return start


class Findings:
    """Turns references, strings and copies into the analysis of their file."""

    def __init__(self, file: PythonFile, source: Source, keeping: Keeping) -> None:
        self._file = file
        self._source = source
        self._keeping = keeping

    def analysis(
        self,
        references: Sequence[tuple[int, Found]] = (),
        mentions: Sequence[Mention] = (),
        copies: Sequence[Copied] = (),
        changes: Sequence[Change] = (),
    ) -> FileAnalysis | None:
        """Everything in order, references with where they start; None if there is nothing."""
        found = {self._reference(start, reference) for start, reference in references}
        found |= {self._review(c.start, c.rule, Kind.COPY, c.reason) for c in copies}
        places = {(reference.line, reference.column, reference.label) for reference in found}
        quoted = (self._review(m.start, m.rule, Kind.STRING, m.reason) for m in mentions)
        # A string counts once, also if it was found twice.
        found |= {m for m in quoted if (m.line, m.column, m.label) not in places}
        notices = tuple(self._notices())
        if not found and not notices:
            return None
        file = self._file
        ordered = sorted(found, key=lambda r: (r.line, r.column, r.qualified_name, r.kind))
        edits = self._source.to_edits(changes)
        return FileAnalysis(
            file.display, file.location, self._source.data, tuple(ordered), edits, notices
        )

    def _reference(self, start: int, found: Found) -> Reference:
        blocked = Verdict.KEEP if found.kept else Verdict.REVIEW
        verdict = blocked if found.reasons else Verdict.REWRITE
        reason = "; ".join(found.reasons) or found.note
        return self._at(start, found.rule, found.kind, verdict, reason)

    def _review(self, start: int, rule: Rule, kind: Kind, reason: str) -> Reference:
        kept = self._keeping.reason(start, rule.label)
        return self._at(start, rule, kind, Verdict.KEEP if kept else Verdict.REVIEW, kept or reason)

    def _at(self, start: int, rule: Rule, kind: Kind, verdict: Verdict, reason: str) -> Reference:
        line, column = self._source.position(start)
        display = self._file.display
        return Reference(display, line, column, rule.old, rule.label, kind, verdict, reason)

    def _notices(self) -> list[Notice]:
        places = ((self._source.position(at), message) for at, message in self._keeping.notices)
        return [Notice(self._file.display, *place, message) for place, message in sorted(places)]
