"""Audit a code base: find every reference to the functions of some rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from analyzers.candidates import read_candidates
from analyzers.discover import discover
from analyzers.model import Audit, FileAnalysis, FileError, Rule
from analyzers.rules import RuleIndex

Progress = Callable[[int, int], None]
"""Called with the number of files done and the number of all files."""


def audit(paths: Sequence[Path], rules: Sequence[Rule], progress: Progress | None = None) -> Audit:
    """Find every reference under ``paths`` to a name that a rule replaces.

    Nothing is imported or executed. What cannot be analysed is in the result's ``errors``. Raises
    `analyzers.discover.PathError` for a path that does not exist.
    """
    from analyzers.analyze import analyze  # slow to import

    files = discover(paths)
    index = RuleIndex.of(rules)
    analyses: list[FileAnalysis] = []
    errors: list[FileError] = []
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, len(files))

    for file, data in read_candidates(files, index.heads, errors.append, step):
        outcome = analyze(file, data, index)
        if outcome.error:
            errors.append(FileError(file.display, outcome.error))
        elif outcome.analysis is not None:
            analyses.append(outcome.analysis)
    errors.sort(key=lambda error: error.path)
    roots = tuple(Path(path).absolute() for path in paths)
    return Audit(len(files), tuple(analyses), tuple(errors), roots)
