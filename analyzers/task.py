"""What the analysis of one file takes and gives: plain data that needs no parser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analyzers.discover import PythonFile
from analyzers.intention import Intention
from analyzers.model import FileAnalysis, Rule
from analyzers.rules import RuleIndex


@dataclass(frozen=True)
class Context:
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
    """The file holds the code of others and must not be edited (see `analyzers.provenance`)."""
    include_generated: bool = False
    """Edit the file also if it says that it is generated."""


@dataclass(frozen=True)
class Task:
    """One file to analyse, and all that the result depends on."""

    file: PythonFile
    data: bytes
    module: tuple[str, ...]
    """Dotted name of the module in parts."""
    rules: RuleIndex
    context: Context
    prove: bool = True
    apart: bool = False
    """Whether this process may crash or hang: then nothing is too deep."""


@dataclass(frozen=True)
class Outcome:
    """What one file gave; ``error`` says why it could not be analysed."""

    analysis: FileAnalysis | None = None
    error: str = ""
    too_deep: bool = False
    """Whether the analysis of the file should be tried in a process of its own."""
    unproved: str = ""
    """Why the edits must not be made."""
    unknown: frozenset[str] = frozenset()
    """Qualified names that other files may re-export a function under."""
    exports: Mapping[str, Rule] = field(default_factory=dict)
    """Functions that the module has under names of its own."""
    intention: Intention = field(default_factory=Intention)
    """What the edits are meant to change."""
    dropped: frozenset[str] = frozenset()
    """Names of the module that the edits remove."""
    replaced: frozenset[str] = frozenset()
    """Names of the module through which references go that are rewritten."""
    patched: Mapping[str, str] = field(default_factory=dict)
    """Qualified names of variables that the file replaces at run time, and where."""
