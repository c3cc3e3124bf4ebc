"""Data that the analyzers take and return, as frozen dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.analyzers.rules import RuleIndex


class ReferenceKind(StrEnum):
    """How code uses a replaceable name."""

    CALL = "call"
    REFERENCE = "reference"
    IMPORT = "import"
    STRING = "string"
    COPY = "copy"
    """A definition whose body is a copy of the function's body (vendored code)."""


class Verdict(StrEnum):
    """What the codemod may do with a reference."""

    REWRITE = "rewrite"
    REVIEW = "review"
    KEEP = "keep"
    """Left unchanged because of a suppression in the file, or because the user declined it."""


@dataclass(frozen=True)
class Reference:
    """One use of a replaceable name; line and column are 1-based, columns count code points."""

    path: str
    line: int
    column: int
    qualified_name: str
    label: str
    kind: ReferenceKind
    verdict: Verdict
    reason: str
    """Why the reference needs a review; for a rewrite, a note for the user, usually empty."""


@dataclass(frozen=True)
class Edit:
    """Replace the bytes ``[start, end)`` of a file's original content by ``replacement``."""

    start: int
    end: int
    replacement: bytes


@dataclass(frozen=True)
class Notice:
    """A warning about the audited file itself, such as an unused suppression."""

    path: str
    line: int
    column: int
    message: str


@dataclass(frozen=True)
class FileError:
    """A file that could not be analysed, with the reason in one line."""

    path: str
    message: str


@dataclass(frozen=True)
class PythonFile:
    """A file to analyse; ``named`` if the user gave its own path, not only its directory."""

    location: Path
    display: str
    """Relative to the current directory where possible, with forward slashes."""
    named: bool = False


@dataclass(frozen=True)
class FileContext:
    """How other files, including tests, affect the names that a file uses.

    The mappings give the location of each replacement as ``path:line``.
    """

    is_package: bool = False
    """Whether the file is an ``__init__``; its names are then the package's interface."""
    kept: frozenset[str] = frozenset()
    """Names of the module that other files reach through it."""
    intercepted: Mapping[str, str] = field(default_factory=dict)
    """Names of the module that are replaced at run time."""
    patched: Mapping[str, str] = field(default_factory=dict)
    """Qualified names of variables that are replaced at run time."""
    declined: frozenset[tuple[int, int]] = frozenset()
    """References that the user declined to rewrite, as 1-based lines and columns."""
    vendored: bool = False
    """Whether the file is third-party code, which is not edited (see `project.provenance`)."""
    include_generated: bool = False
    """Whether to edit the file even if it is marked as generated."""


@dataclass(frozen=True)
class FileAnalysis:
    """The references in one file and the edits that migrate it."""

    path: str
    """Relative to the current directory where possible, with forward slashes."""
    location: Path
    original: bytes
    references: tuple[Reference, ...]
    edits: tuple[Edit, ...]
    notices: tuple[Notice, ...] = ()
    context: FileContext | None = None
    """How other files affect this one; needed to replan it (see `workbench.analyzers.replan`)."""


@dataclass(frozen=True)
class Audit:
    """All references in a code base."""

    files_scanned: int
    files: tuple[FileAnalysis, ...]
    errors: tuple[FileError, ...]
    roots: tuple[Path, ...] = ()
    """The paths that were audited, absolute."""
    rules: RuleIndex | None = None
    """The rules, including the names under which modules re-export the functions."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """All references, sorted by path, line and column."""
        return tuple(reference for file in self.files for reference in file.references)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """All notices, sorted by path, line and column."""
        return tuple(notice for file in self.files for notice in file.notices)

    @property
    def by_label(self) -> Mapping[str, int]:
        """Number of references for each label, most frequent first."""
        counts: dict[str, int] = {}
        for reference in self.references:
            counts[reference.label] = counts.get(reference.label, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True)
class Settings:
    """Options of an audit, other than its paths and rules."""

    prove: bool = True
    """Prove the edits; unproved edits must not be written."""
    cache: Path | None = None
    """Directory in which to cache the outcomes of files."""
    jobs: int | None = None
    """Number of processes; by default, the number of CPUs."""
    others: frozenset[str] = frozenset()
    """Labels that suppressions may name although no rule has them."""
    include_generated: bool = False
    """Also edit generated files."""
    include_vendored: bool = False
    """Also edit vendored code (see `workbench.analyzers.project.provenance`)."""
