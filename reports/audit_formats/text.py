"""An audit as text of 80 columns: a block per file, then statistics."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.analyzers.model import FileAnalysis, Notice, Reference
from workbench.formatting.columns import WIDTH, cells, left, right, wrap
from workbench.formatting.terminal import PLAIN, Style, visible, visible_path
from workbench.formatting.units import count
from workbench.reports.audit_formats.findings import Findings, at, colored, place
from workbench.reports.model.audit import Problem, Tally

_INDENT = "    "
_LONGEST_TEXT = 2000
_COLUMNS = (("references", 11), ("files", 6), ("rewrite", 8), ("review", 7), ("keep", 5))

_VERDICTS = ("rewrite", "review", "keep")


def render(findings: Findings, style: Style = PLAIN) -> str:
    """Return the findings as ``path:line:column`` lines with reasons below, and statistics."""
    blocks = [_file(file, style) for file in findings.files]
    counts = findings.counts
    if counts.errors:
        blocks.append([_error(error, style) for error in counts.errors])
    if counts.by_utility:
        blocks.append(_statistics(counts.by_utility, style))
    totals = (wrap(line) for line in (*findings.totals, findings.baseline) if line)
    blocks.append([style.bold(line) for text in totals for line in text.split("\n")])
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks if block)


def _file(file: FileAnalysis, style: Style) -> list[str]:
    """Return the findings of a file by position; long ones continue on indented lines."""
    found = sorted(_found(file), key=lambda item: (item[0].line, item[0].column, *item[1:]))
    narrow = all(cells(f"{at(item)}: {word}{rest}") <= WIDTH for item, word, rest, _ in found)
    lines = []
    for item, word, rest, why in found:
        what = [f"{word}{rest}"] if narrow else _below(f"{word}{rest}")
        what[0] = what[0].replace(word, colored(word, word, style), 1)
        start = f"{place(item, style)}:"
        lines += [f"{start} {what[0]}"] if narrow else [start, *what]
        lines += _below(why) if why else []
    return lines


def _below(text: str) -> list[str]:
    return [_INDENT + line for line in wrap(text, width=WIDTH - len(_INDENT)).split("\n")]


def _found(file: FileAnalysis) -> Iterator[tuple[Reference | Notice, str, str, str]]:
    """Each place with the word for it, what follows the word, and the reason."""
    for r in file.references:
        yield r, r.verdict.value, f" {r.kind.value} {_plain(r.qualified_name)}", _plain(r.reason)
    for n in file.notices:
        yield n, "notice", "", _plain(n.message)


def _error(error: Problem, style: Style) -> str:
    return f"{style.bold(visible_path(error.subject))}: {style.red(_plain(error.reason))}"


def _statistics(tallies: tuple[Tally, ...], style: Style) -> list[str]:
    rest = WIDTH - sum(width for _, width in _COLUMNS)
    head = left("utility", rest) + "".join(right(name, width) for name, width in _COLUMNS)
    lines = [style.bold(head)]
    for t in tallies:
        numbers = (t.references, t.files, t.rewrite, t.review, t.keep)
        row = (
            colored(right(count(n), width), name, style)
            if n and name in _VERDICTS
            else right(count(n), width)
            for n, (name, width) in zip(numbers, _COLUMNS, strict=True)
        )
        lines.append(left(_plain(t.name), rest) + "".join(row))
    return lines


def _plain(text: str) -> str:
    return visible(text, _LONGEST_TEXT)
