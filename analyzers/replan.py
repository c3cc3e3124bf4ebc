"""Plan a file again without the references that the user declined."""

from __future__ import annotations

from dataclasses import replace

from workbench.analyzers.execution.pool import analyze_all
from workbench.analyzers.model import Audit, FileAnalysis, PythonFile, Verdict
from workbench.analyzers.project.modules import module_parts
from workbench.analyzers.suppressions import DECLINED
from workbench.analyzers.task import Task

Place = tuple[int, int]
"""1-based line and column of a reference."""


def replan(file: FileAnalysis, audit: Audit, declined: frozenset[Place]) -> FileAnalysis:
    """Plan and prove a file of an audit again, leaving the ``declined`` references unchanged.

    The file is not read again. References that cannot be rewritten without a declined one, such as
    those that share its import, are left unchanged too.
    """
    assert audit.rules is not None
    assert file.context is not None
    context = replace(file.context, declined=declined)
    source, module = PythonFile(file.location, file.path), module_parts(file.location)
    task = Task(source, file.original, module, audit.rules, context)
    (outcome,) = analyze_all([task], lambda: None)
    if outcome.analysis is None:
        return unedited(file)
    analysis = replace(outcome.analysis, context=context)
    return unedited(analysis) if outcome.unproved else analysis


def unedited(analysis: FileAnalysis) -> FileAnalysis:
    """Return the analysis without edits; references that they would have rewritten need review."""
    reason = "the edits to this file could not be proved safe"
    return _without_edits(analysis, Verdict.REVIEW, reason)


def decline_all(file: FileAnalysis) -> FileAnalysis:
    """Return the file with every reference declined that would be rewritten."""
    return _without_edits(file, Verdict.KEEP, DECLINED)


def _without_edits(file: FileAnalysis, verdict: Verdict, reason: str) -> FileAnalysis:
    references = tuple(
        replace(r, verdict=verdict, reason=reason) if r.verdict is Verdict.REWRITE else r
        for r in file.references
    )
    return replace(file, references=references, edits=())
