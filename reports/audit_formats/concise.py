"""An audit with one line per reference, for grep and editors."""

from __future__ import annotations

from workbench.analyzers.model import Reference
from workbench.formatting.terminal import PLAIN, Style, visible, visible_path
from workbench.reports.audit_formats.findings import Findings, colored, place

_LONGEST_TEXT = 2000


def render(findings: Findings, style: Style = PLAIN) -> str:
    """Return ``path:line:column: verdict kind name (reason)`` lines, notices and errors."""
    lines = [_line(reference, style) for file in findings.files for reference in file.references]
    lines += [
        f"{place(n, style)}: {colored('notice', 'notice', style)}: {_plain(n.message)}"
        for n in findings.counts.notices
    ]
    lines += [
        f"{style.bold(visible_path(error.subject))}: {style.red('error')}: {_plain(error.reason)}"
        for error in findings.counts.errors
    ]
    if findings.baseline:
        lines.append(f"baseline: {findings.baseline}")
    return "".join(f"{line}\n" for line in lines)


def _line(reference: Reference, style: Style) -> str:
    reason = f" ({_plain(reference.reason)})" if reference.reason else ""
    what = f"{reference.kind.value} {_plain(reference.qualified_name)}"
    verdict = reference.verdict.value
    return f"{place(reference, style)}: {colored(verdict, verdict, style)} {what}{reason}"


def _plain(text: str) -> str:
    return visible(text, _LONGEST_TEXT)
