"""An audit as GitHub's Markdown, short enough for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbench.analyzers.model import Reference
from workbench.formatting.markdown import code, prose
from workbench.formatting.units import count
from workbench.reports.audit_formats.findings import Findings, at
from workbench.reports.model.audit import Tally

LONGEST_COMMENT = 65_000
"""In bytes of UTF-8. GitHub refuses a comment of more than 65,536 characters."""

_LONGEST_LIST = 15_000
_LONGEST_NAME = 100


def render(findings: Findings) -> str:
    """Write totals, a table by utility, what is wrong, and as many references as there is room."""
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
    head = "| utility | places | files | rewrite | review | keep |", "|---|--:|--:|--:|--:|--:|"
    return [*head, *shown, *_rest(len(rows) - len(shown))]


def _list(title: str, items: Sequence[str]) -> list[str]:
    if not items:
        return []
    shown = _fitting(items, _LONGEST_LIST)
    return ["", title, "", *shown, *_rest(len(items) - len(shown))]


def _references(references: Sequence[Reference], room: int) -> list[str]:
    head = ["", "<details>", "<summary>Every reference</summary>", ""]
    head += ["| place | verdict | kind | name | reason |", "|---|---|---|---|---|"]
    tail = ["", "</details>"]
    rows = [
        f"| {code(at(r))} | {r.verdict.value} | {r.kind.value} | {code(r.qualified_name)} "
        f"| {prose(r.reason)} |"
        for r in references
    ]
    spare = _size([*head, *_rest(len(rows)), *tail])
    shown = _fitting(rows, room - spare)
    if len(shown) < len(rows):
        head[2] = f"<summary>The first {count(len(shown))} references</summary>"
    return [*head, *shown, *_rest(len(rows) - len(shown)), *tail]


def _rest(missing: int) -> list[str]:
    return ["", f"{count(missing)} more: `workbench audit` lists them."] if missing else []


def _fitting(lines: Iterable[str], room: int) -> list[str]:
    """Take as many lines from the beginning as there is room for."""
    shown = []
    for line in lines:
        room -= _size([line])
        if room < 0:
            break
        shown.append(line)
    return shown


def _size(lines: Iterable[str]) -> int:
    return sum(len(line.encode("utf-8", "surrogatepass")) + 1 for line in lines)
