"""Audits of files with given uses of replaceable functions."""

from __future__ import annotations

from pathlib import Path

from workbench.analyzers.model import (
    Audit,
    FileAnalysis,
    FileError,
    Reference,
    ReferenceKind,
    Verdict,
)

Use = tuple[str, Verdict]


def audit(uses: list[Use], path: str = "a.py", gaps: int = 0) -> Audit:
    """An audit of one file with a use on each line, after some empty lines."""
    references = tuple(
        Reference(
            path, gaps + number, 1, f"m.{use[:-3]}", use[:-3], ReferenceKind.CALL, verdict, ""
        )
        for number, (use, verdict) in enumerate(uses, 1)
    )
    original = "\n" * gaps + "".join(f"{use}\n" for use, _ in uses)
    return of(FileAnalysis(path, Path(path), original.encode(), references, ()))


def of(*files: FileAnalysis, errors: tuple[FileError, ...] = ()) -> Audit:
    return Audit(len(files), files, errors)
