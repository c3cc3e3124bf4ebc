"""Input and output of the analysis of one file; this module imports no parser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.analyzers.model import FileAnalysis, FileContext, PythonFile
from workbench.analyzers.rules import Rule, RuleIndex


@dataclass(frozen=True)
class Task:
    """One file to analyse, with everything that the result depends on."""

    file: PythonFile
    data: bytes
    module: tuple[str, ...]
    """Parts of the module's dotted name."""
    rules: RuleIndex
    context: FileContext
    prove: bool = True
    apart: bool = False
    """Whether the analysis runs in its own process, which may crash; no code is too deep then."""


@dataclass(frozen=True)
class Outcome:
    """The result for one file; ``error`` says why it could not be analysed."""

    analysis: FileAnalysis | None = None
    error: str = ""
    too_deep: bool = False
    """Whether to retry the analysis in a separate process."""
    unproved: str = ""
    """Why the edits must not be applied; empty if they are proved or were not checked."""
    unknown: frozenset[str] = frozenset()
    """Qualified names under which other files may re-export a function."""
    exports: Mapping[str, Rule] = field(default_factory=dict)
    """Functions that the module re-exports under different names."""
    dropped: frozenset[str] = frozenset()
    """Names of the module that the edits remove."""
    replaced: frozenset[str] = frozenset()
    """Names of the module that rewritten references are accessed through."""
    patched: Mapping[str, str] = field(default_factory=dict)
    """Qualified names of variables that the file replaces at run time, with the locations."""
