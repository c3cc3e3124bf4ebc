"""An audit as GitHub Markdown that fits into a pull request comment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbench.analyzers.model import Reference
from workbench.formatting.markdown import code, prose
from workbench.formatting.units import count
from workbench.reports.audit_formats.findings import Findings, at
from workbench.reports.model.audit import Tally

LONGEST_COMMENT = 65_000
"""In bytes of UTF-8. GitHub rejects comments of more than 65,536 characters."""

_LONGEST_LIST = 15_000
_LONGEST_NAME = 100


def render(findings: Findings) -> str:
    """Return totals, a table by utility, problems, and as many references as fit."""
    counts = findings.counts
    parts = ["## Audit", "", f"{prose('; '.join(findings.totals))}."]
    if findings.baseline:
        parts += ["", f"{prose(findings.baseline).capitalize()}."]
    if counts.by_utility:
        parts += ["", *_statistics(counts.by_utility)]
    problems = [f"- {code(e.subject)}: {prose(e.reason)}" for e in counts.errors]
    parts += _list("Could not be analysed:", problems)
    notices = [f"- {code(at(n))}: {prose(n.message)}" for n in counts.notices]
    parts += _list("Notices:", notices)
    references = [reference for file in findings.files for reference in file.references]
    if references:
        parts += _references(references, LONGEST_COMMENT - _size(parts))
    return "".join(f"{part}\n" for part in parts)


def _statistics(tallies: Sequence[Tally]) -> list[str]:
    rows = [
        f"| {code(t.name, _LONGEST_NAME)} | {count(t.references)} | {count(t.files)} "
        f"| {count(t.rewrite)} | {count(t.review)} | {count(t.keep)} |"
        for t in tallies
    ]
    shown = _fitting(rows, _LONGEST_LIST)
    head = "| utility | references | files | rewrite | review | keep |", "|---|--:|--:|--:|--:|--:|"
    return [*head, *shown, *_rest(len(rows) - len(shown))]


def _list(title: str, items: Sequence[str]) -> list[str]:
    if not items:
        return []
    shown = _fitting(items, _LONGEST_LIST)
    return ["", title, "", *shown, *_rest(len(items) - len(shown))]


def _references(references: Sequence[Reference], limit: int) -> list[str]:
    rows = [
        f"| {code(at(r))} | {r.verdict.value} | {r.kind.value} | {code(r.qualified_name)} "
        f"| {prose(r.reason)} |"
        for r in references
    ]
    head = ["", "<details>", _first(len(rows)), ""]
    head += ["| location | verdict | kind | name | reason |", "|---|---|---|---|---|"]
    tail = ["", "</details>"]
    frame = _size([*head, *_rest(len(rows)), *tail])
    shown = _fitting(rows, limit - frame)
    all_shown = len(shown) == len(rows)
    head[2] = "<summary>All references</summary>" if all_shown else _first(len(shown))
    return [*head, *shown, *_rest(len(rows) - len(shown)), *tail]


def _first(shown: int) -> str:
    return f"<summary>The first {count(shown)} references</summary>"


def _rest(missing: int) -> list[str]:
    return ["", f"{count(missing)} more; run `workbench audit` to list them."] if missing else []


def _fitting(lines: Iterable[str], limit: int) -> list[str]:
    """Return the first lines that together take at most ``limit`` bytes."""
    shown = []
    for line in lines:
        limit -= _size([line])
        if limit < 0:
            break
        shown.append(line)
    return shown


def _size(lines: Iterable[str]) -> int:
    return sum(len(line.encode("utf-8", "surrogatepass")) + 1 for line in lines)
