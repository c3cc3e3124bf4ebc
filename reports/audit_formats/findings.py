"""Order, counts and sentences that all audit formats share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from workbench.analyzers.model import Audit, FileAnalysis, Notice, Reference, Verdict
from workbench.formatting.terminal import Style, visible_path
from workbench.formatting.units import counted
from workbench.reports.builders.audit import AuditSummary, section
from workbench.reports.model.audit import AuditSection, Remark


@dataclass(frozen=True)
class Findings:
    """An audit with what its output needs."""

    audit: Audit
    hidden: int | None = None
    """Number of references and notices hidden by a baseline; None without a baseline."""
    purposes: Mapping[str, str] = field(default_factory=dict)
    """Short description of each utility."""

    @cached_property
    def files(self) -> tuple[FileAnalysis, ...]:
        """Files sorted by path; their references and notices sorted by line and column."""
        files = sorted(self.audit.files, key=lambda file: file.path)
        return tuple(
            replace(
                file,
                references=tuple(sorted(file.references, key=_order)),
                notices=tuple(sorted(file.notices, key=lambda n: (n.line, n.column, n.message))),
            )
            for file in files
        )

    @cached_property
    def counts(self) -> AuditSection:
        """Number of references by verdict, utility and file."""
        errors = sorted(self.audit.errors, key=lambda error: (error.path, error.message))
        ordered = replace(self.audit, files=self.files, errors=tuple(errors))
        return section(AuditSummary.from_audit(ordered), ())

    @property
    def totals(self) -> tuple[str, str]:
        """Two lines: references by verdict; notices and errors."""
        counts = self.counts
        return (
            f"{counted(counts.references, 'reference')} in {counts.files_with_references:,} of "
            f"{counted(counts.files_scanned, 'file')}: {counts.rewrite:,} to rewrite, "
            f"{counts.review:,} to review, {counts.keep:,} suppressed",
            f"{counted(len(counts.notices), 'notice')}, {counted(len(counts.errors), 'error')}",
        )

    @property
    def baseline(self) -> str:
        """Number of findings that the baseline hides, as a sentence; empty without a baseline."""
        if self.hidden is None:
            return ""
        return f"only new findings are shown; the baseline hides {counted(self.hidden, 'finding')}"


def at(found: Reference | Notice | Remark) -> str:
    """Return ``path:line:column``, which editors and terminals can open."""
    return f"{visible_path(found.path)}:{found.line}:{found.column}"


def place(found: Reference | Notice | Remark, style: Style) -> str:
    """Name a place as `at` does, with its path in bold."""
    path = visible_path(found.path)
    return style.bold(path) + at(found).removeprefix(path)


def colored(text: str, verdict: str, style: Style) -> str:
    """Write a text in the colour of a verdict, or of ``notice``."""
    if verdict == Verdict.REWRITE.value:
        return style.green(text)
    return style.faint(text) if verdict == Verdict.KEEP.value else style.yellow(text)


def sentence(reference: Reference) -> str:
    """Describe a reference, its verdict and the reason for it, if any."""
    name = f"{reference.kind.value} {reference.qualified_name}"
    what = {
        Verdict.REWRITE: f"{name} can be rewritten",
        Verdict.REVIEW: f"{name} needs review",
        Verdict.KEEP: f"{name} is suppressed",
    }[reference.verdict]
    return f"{what}: {reference.reason}" if reference.reason else what


def _order(found: Reference) -> tuple[int, int, tuple[str, ...]]:
    names = found.qualified_name, found.label, found.kind.value, found.verdict.value, found.reason
    return found.line, found.column, names
