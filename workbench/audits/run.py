"""The catalog's names, looked for in a code base."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.analyzers.model import Audit
from workbench.analyzers.rules import Rule
from workbench.audits.scope import AuditScope
from workbench.errors import DONE, FINDINGS, INCOMPLETE, WorkbenchError
from workbench.files import read_bytes

if TYPE_CHECKING:
    from workbench.reports.builders.audit import AuditSummary

Progress = Callable[[int, int], None]
"""Called with files done and files in all."""

_KEEP = "keep"


def rules() -> tuple[Rule, ...]:
    """Return what the catalog replaces as rules for the analyzers."""
    return AuditScope().rules()


def audit(
    paths: Iterable[str | Path] | AuditScope,
    progress: Progress | None = None,
    *,
    fresh: bool = False,
) -> Audit:
    """Find every reference to a replaceable function below ``paths``; nothing is imported or run.

    A `AuditScope` instead of paths says more exactly what to look for and where. With ``fresh`` no
    outcome is taken from a cache. Raises WorkbenchError for a path that does not exist, and for
    what else cannot be used.
    """
    from workbench.analyzers.audit import audit as find
    from workbench.analyzers.project.discover import PathError

    scope = (
        paths if isinstance(paths, AuditScope) else AuditScope(tuple(Path(path) for path in paths))
    )
    settings = scope.settings(fresh=fresh)
    try:
        return find(scope.selection(), scope.rules(), progress, settings)
    except PathError as error:
        raise WorkbenchError(str(error)) from error


def exit_code(found: Audit, *, findings: bool = True) -> int:
    """3 when a file could not be analysed, 1 when there are findings (if those count), else 0.

    A reference that a comment asks to keep is settled and no finding; a notice is one.
    """
    if found.errors:
        return INCOMPLETE
    open_ = any(r.verdict.value != _KEEP for r in found.references) or found.notices
    return FINDINGS if open_ and findings else DONE


def load_audit(path: Path | str) -> AuditSummary:
    """Read back what ``workbench audit --format json`` wrote.

    Raises WorkbenchError, one line, when the file cannot be read, is no such document, or was made
    against a baseline and so lacks what that one had.
    """
    return read_audit(Path(path))[0]


def read_audit(path: Path) -> tuple[AuditSummary, Mapping[str, Any]]:
    """Read an audit as `load_audit` does, and the document as it is."""
    from workbench.reports.builders.audit import AuditSummary

    try:
        document: Any = json.loads(read_bytes(path))
    except ValueError as error:
        raise WorkbenchError(f"{path} is not JSON: {error}") from error
    try:
        summary = AuditSummary.from_json(document)
    except ValueError as error:
        raise WorkbenchError(f"{path} is {error}") from error
    if "baseline" in document:
        raise WorkbenchError(f"{path} has only what was new: take an audit without --baseline")
    return summary, document
