"""What a report tells of an audit: references, and how many there are.

Apart from the rest of the model, because an audit shows nothing else of it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Something that is missing from the report, and why."""

    subject: str
    reason: str


@dataclass(frozen=True)
class FoundReference:
    """One reference to a replaceable function; line and column are 1-based."""

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
    """A notice about the audited code itself; line and column are 1-based."""

    path: str
    line: int
    column: int
    message: str


@dataclass(frozen=True)
class Tally:
    """How many references one group has, in how many files, and what the codemod does with them."""

    name: str
    references: int
    files: int
    rewrite: int
    review: int
    keep: int
    speedup: float | None = None
    """Measured speedup of the utility that the group stands for, if it stands for one."""


@dataclass(frozen=True)
class AuditSection:
    """Where the audited code refers to the utilities."""

    files_scanned: int
    files_with_references: int
    references: int
    rewrite: int
    review: int
    keep: int
    """References that a comment of the code asks to leave alone."""
    would_gain: int | None
    """References that can be rewritten to a utility measured faster; None without a speedup."""
    by_utility: tuple[Tally, ...]
    by_package: tuple[Tally, ...]
    by_file: tuple[Tally, ...]
    places: tuple[FoundReference, ...]
    notices: tuple[Remark, ...]
    errors: tuple[Problem, ...]
