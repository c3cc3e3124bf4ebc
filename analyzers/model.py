"""What the analyzers pass on: plain frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.analyzers.rules import RuleIndex


class ReferenceKind(StrEnum):
    """How a place in the code uses a replaceable name."""

    CALL = "call"
    REFERENCE = "reference"
    IMPORT = "import"
    STRING = "string"
    COPY = "copy"
    """A definition whose body is that of the function (vendored code)."""


class Verdict(StrEnum):
    """What the codemod may do with a reference."""

    REWRITE = "rewrite"
    REVIEW = "review"
    KEEP = "keep"
    """Left alone because a comment of the file asks for it."""


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
    """Why it must be reviewed; for one that is rewritten what to know about it, mostly nothing."""


@dataclass(frozen=True)
class Edit:
    """Replace the bytes ``[start, end)`` of a file's original content by ``replacement``."""

    start: int
    end: int
    replacement: bytes


@dataclass(frozen=True)
class Notice:
    """Something about the audited file itself, such as a comment that suppresses nothing."""

    path: str
    line: int
    column: int
    message: str


@dataclass(frozen=True)
class FileError:
    """A file that could not be analysed, and why, in one line."""

    path: str
    message: str


@dataclass(frozen=True)
class PythonFile:
    """A file to look at. ``named`` if the user named it, not one of its directories."""

    location: Path
    display: str
    """Relative to the current directory where possible, with forward slashes."""
    named: bool = False


@dataclass(frozen=True)
class FileContext:
    """What other files, and the file's own tests, do to the names it uses.

    The mappings tell where: ``path:line``.
    """

    is_package: bool = False
    """An ``__init__``: its names are its package's interface."""
    kept: frozenset[str] = frozenset()
    """Names of the module that other files reach through it."""
    intercepted: Mapping[str, str] = field(default_factory=dict)
    """Names of the module that are replaced at run time."""
    patched: Mapping[str, str] = field(default_factory=dict)
    """Qualified names of variables that are replaced at run time."""
    declined: frozenset[tuple[int, int]] = frozenset()
    """References to leave alone because the user wants it: 1-based lines and columns."""
    vendored: bool = False
    """The file holds the code of others and must not be edited (see `project.provenance`)."""
    include_generated: bool = False
    """Edit the file also if it says that it is generated."""


@dataclass(frozen=True)
class FileAnalysis:
    """One file with references: what was found and the edits that migrate it."""

    path: str
    """Relative to the current directory where possible, with forward slashes."""
    location: Path
    original: bytes
    references: tuple[Reference, ...]
    edits: tuple[Edit, ...]
    notices: tuple[Notice, ...] = ()
    context: FileContext | None = None
    """What other files mean for this one, to plan it again (see `workbench.analyzers.replan`)."""


@dataclass(frozen=True)
class Audit:
    """All references in a code base."""

    files_scanned: int
    files: tuple[FileAnalysis, ...]
    errors: tuple[FileError, ...]
    roots: tuple[Path, ...] = ()
    """The paths that were audited, absolute."""
    rules: RuleIndex | None = None
    """The rules, with the names that modules re-export them under."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every reference, by path, line and column."""
        return tuple(reference for file in self.files for reference in file.references)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Every notice, by path, line and column."""
        return tuple(notice for file in self.files for notice in file.notices)

    @property
    def by_label(self) -> Mapping[str, int]:
        """How many references each label has, the most frequent first."""
        counts: dict[str, int] = {}
        for reference in self.references:
            counts[reference.label] = counts.get(reference.label, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
