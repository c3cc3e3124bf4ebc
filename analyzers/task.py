"""What the analysis of one file takes and gives: plain data that needs no parser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.analyzers.model import FileAnalysis, FileContext, PythonFile
from workbench.analyzers.rules import Rule, RuleIndex


@dataclass(frozen=True)
class Task:
    """One file to analyse, and all that the result depends on."""

    file: PythonFile
    data: bytes
    module: tuple[str, ...]
    """Dotted name of the module in parts."""
    rules: RuleIndex
    context: FileContext
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
    dropped: frozenset[str] = frozenset()
    """Names of the module that the edits remove."""
    replaced: frozenset[str] = frozenset()
    """Names of the module through which references go that are rewritten."""
    patched: Mapping[str, str] = field(default_factory=dict)
    """Qualified names of variables that the file replaces at run time, and where."""
