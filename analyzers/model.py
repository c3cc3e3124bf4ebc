"""What the analyzers pass on: plain frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analyzers.rules import RuleIndex
    from analyzers.task import Context


class Kind(str, Enum):
    """How a place in the code uses a replaceable name."""

    CALL = "call"
    REFERENCE = "reference"
    IMPORT = "import"
    STRING = "string"
    COPY = "copy"
    """A definition whose body is that of the function (vendored code)."""


class Verdict(str, Enum):
    """What the codemod may do with a reference."""

    REWRITE = "rewrite"
    REVIEW = "review"
    KEEP = "keep"
    """Left alone because a comment of the file asks for it."""


@dataclass(frozen=True)
class Copy:
    """How a copy of a function's body is recognised."""

    fingerprint: str
    """See `analyzers.fingerprint`."""
    needles: tuple[str, ...]
    """What every copy's text contains, the rarest first: code without it is not even parsed."""
    published: str
    """Where the body comes from, for people: what was published, and its versions."""


@dataclass(frozen=True)
class Rule:
    """One name to replace: ``old`` and ``new`` are qualified names, ``label`` names the pair."""

    old: str
    new: str
    label: str
    copies: tuple[Copy, ...] = ()
    """The bodies that the function has, or had."""


@dataclass(frozen=True)
class Reference:
    """One use of a replaceable name; line and column are 1-based, columns count code points."""

    path: str
    line: int
    column: int
    qualified_name: str
    label: str
    kind: Kind
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
class FileAnalysis:
    """One file with references: what was found and the edits that migrate it."""

    path: str
    """Relative to the current directory where possible, with forward slashes."""
    location: Path
    original: bytes
    references: tuple[Reference, ...]
    edits: tuple[Edit, ...]
    notices: tuple[Notice, ...] = ()
    context: Context | None = None
    """What other files mean for this one, to plan it again (see `analyzers.decline`)."""


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
