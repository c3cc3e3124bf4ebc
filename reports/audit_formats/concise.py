"""An audit with one line per reference, for grep and editors."""

from __future__ import annotations

from workbench.analyzers.model import Reference
from workbench.formatting.units import visible, visible_path
from workbench.reports.audit_formats.findings import Findings, at

_LONGEST_TEXT = 2000


def render(findings: Findings) -> str:
    """Return ``path:line:column: verdict kind name (reason)`` lines, notices and errors."""
    lines = [line for file in findings.files for line in map(_line, file.references)]
    lines += [f"{at(n)}: notice: {_plain(n.message)}" for n in findings.counts.notices]
    lines += [
        f"{visible_path(error.subject)}: error: {_plain(error.reason)}"
        for error in findings.counts.errors
    ]
    if findings.baseline:
        lines.append(f"baseline: {findings.baseline}")
    return "".join(f"{line}\n" for line in lines)


def _line(reference: Reference) -> str:
    reason = f" ({_plain(reference.reason)})" if reference.reason else ""
    what = f"{reference.verdict.value} {reference.kind.value} {_plain(reference.qualified_name)}"
    return f"{at(reference)}: {what}{reason}"


def _plain(text: str) -> str:
    return visible(text, _LONGEST_TEXT)
