"""An audit as text of 80 columns: a block per file, then statistics."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.analyzers.model import FileAnalysis
from workbench.formatting.columns import WIDTH, cells, left, right, wrap
from workbench.formatting.units import count, visible, visible_path
from workbench.reports.audit_formats.findings import Findings, at
from workbench.reports.model.audit import Tally

_INDENT = "    "
_LONGEST_TEXT = 2000
_COLUMNS = (("references", 11), ("files", 6), ("rewrite", 8), ("review", 7), ("keep", 5))


def render(findings: Findings) -> str:
    """Return the findings as ``path:line:column`` lines with reasons below, and statistics."""
    blocks = [_file(file) for file in findings.files]
    counts = findings.counts
    if counts.errors:
        blocks.append([f"{visible_path(e.subject)}: {_plain(e.reason)}" for e in counts.errors])
    if counts.by_utility:
        blocks.append(_statistics(counts.by_utility))
    blocks.append([wrap(line) for line in (*findings.totals, findings.baseline) if line])
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks if block)


def _file(file: FileAnalysis) -> list[str]:
    """Return the findings of a file by position; long ones continue on indented lines."""
    places = sorted(_places(file))
    narrow = all(cells(f"{place} {what}") <= WIDTH for _, place, what, _ in places)
    lines = []
    for _, place, what, why in places:
        lines += [f"{place} {what}"] if narrow else [place, *_below(what)]
        lines += _below(why) if why else []
    return lines


def _below(text: str) -> list[str]:
    return [_INDENT + line for line in wrap(text, width=WIDTH - len(_INDENT)).split("\n")]


def _places(file: FileAnalysis) -> Iterator[tuple[tuple[int, int], str, str, str]]:
    for r in file.references:
        what = f"{r.verdict.value} {r.kind.value} {_plain(r.qualified_name)}"
        yield (r.line, r.column), f"{at(r)}:", what, _plain(r.reason)
    for n in file.notices:
        yield (n.line, n.column), f"{at(n)}:", "notice", _plain(n.message)


def _statistics(tallies: tuple[Tally, ...]) -> list[str]:
    rest = WIDTH - sum(width for _, width in _COLUMNS)
    head = left("utility", rest) + "".join(right(name, width) for name, width in _COLUMNS)
    lines = [head]
    for t in tallies:
        numbers = (t.references, t.files, t.rewrite, t.review, t.keep)
        row = (right(count(n), width) for n, (_, width) in zip(numbers, _COLUMNS, strict=True))
        lines.append(left(_plain(t.name), rest) + "".join(row))
    return lines


def _plain(text: str) -> str:
    return visible(text, _LONGEST_TEXT)
