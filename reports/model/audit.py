"""Data model of the audit section of a report.

Separate from the rest of the model because the audit formats need only this part.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Something missing from a report, and the reason."""

    subject: str
    reason: str


@dataclass(frozen=True)
class FoundReference:
    """A reference to a replaceable function; line and column are 1-based."""

    path: str
    line: int
    column: int
    qualified_name: str
    utility: str
    kind: str
    verdict: str
    reason: str


@dataclass(frozen=True)
class Remark:
    """A notice about an audited file; line and column are 1-based."""

    path: str
    line: int
    column: int
    message: str


@dataclass(frozen=True)
class Tally:
    """Number of references in a group, in total and by verdict, and number of their files."""

    name: str
    references: int
    files: int
    rewrite: int
    review: int
    keep: int
    speedup: float | None = None
    """Measured speedup, if the group is a utility."""


@dataclass(frozen=True)
class AuditSection:
    """References to the utilities in the audited code."""

    files_scanned: int
    files_with_references: int
    references: int
    rewrite: int
    review: int
    keep: int
    """References suppressed by a comment."""
    would_gain: int | None
    """Rewritable references to utilities that are faster natively; None without any speedup."""
    by_utility: tuple[Tally, ...]
    by_package: tuple[Tally, ...]
    by_file: tuple[Tally, ...]
    places: tuple[FoundReference, ...]
    notices: tuple[Remark, ...]
    errors: tuple[Problem, ...]
