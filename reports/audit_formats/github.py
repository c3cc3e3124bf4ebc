"""Format an audit as workflow commands, which GitHub Actions shows next to the changed lines."""

from __future__ import annotations

from workbench.analyzers.model import Notice, Reference, Verdict
from workbench.formatting.github import command, log_line
from workbench.reports.audit_formats.findings import Findings, at, sentence
from workbench.reports.model.audit import Problem


def render(findings: Findings) -> str:
    """Return an annotation for each reference, notice and error, and a log line if suppressed."""
    lines = [
        _kept(reference) if reference.verdict is Verdict.KEEP else _reference(reference)
        for file in findings.files
        for reference in file.references
    ]
    lines += [_notice(notice) for file in findings.files for notice in file.notices]
    lines += [_error(error) for error in findings.counts.errors]
    lines += [log_line(line) for line in (*findings.totals, findings.baseline) if line]
    return "".join(f"{line}\n" for line in lines)


def _reference(reference: Reference) -> str:
    level = "warning" if reference.verdict is Verdict.REWRITE else "notice"
    return _annotation(level, reference, reference.label, sentence(reference))


def _notice(notice: Notice) -> str:
    return _annotation("warning", notice, "workbench", notice.message)


def _error(error: Problem) -> str:
    return command("error", error.reason, file=error.subject, title="workbench")


def _kept(reference: Reference) -> str:
    return log_line(f"kept {at(reference)}: {sentence(reference)}")


def _annotation(level: str, place: Reference | Notice, title: str, message: str) -> str:
    return command(level, message, file=place.path, line=place.line, col=place.column, title=title)
