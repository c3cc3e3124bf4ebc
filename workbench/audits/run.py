"""Search a code base for the catalog's names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.analyzers.model import Audit
from workbench.analyzers.project.discover import PathError, Selection
from workbench.audits.scope import AuditScope
from workbench.errors import DONE, FINDINGS, INCOMPLETE, WorkbenchError
from workbench.files import read_json

if TYPE_CHECKING:
    from workbench.reports.builders.audit import AuditSummary

Progress = Callable[[int, int], None]
"""Called with the number of files done and the number of files."""

_KEEP = "keep"


def audit(
    paths: Iterable[str | Path] | AuditScope,
    progress: Progress | None = None,
    *,
    fresh: bool = False,
) -> Audit:
    """Find every reference to a replaceable function below ``paths``; nothing is imported or run.

    An `AuditScope` instead of paths also selects utilities and options. With ``fresh``, the cache
    is not used. Raises WorkbenchError for a path that does not exist and for invalid settings.
    """
    from workbench.analyzers.audit import audit as find

    if not isinstance(paths, AuditScope):
        paths = AuditScope(Selection(tuple(Path(path) for path in paths)))
    selection, settings = paths.full_selection(), paths.full_settings(fresh=fresh)
    try:
        return find(selection, paths.rules(), progress, settings)
    except PathError as error:
        raise WorkbenchError(str(error)) from error


def exit_code(found: Audit, *, findings: bool = True) -> int:
    """Return 3 if a file could not be analysed, 1 if there are findings (if they count), else 0.

    A suppressed reference is not a finding; a notice is.
    """
    if found.errors:
        return INCOMPLETE
    open_ = any(r.verdict.value != _KEEP for r in found.references) or found.notices
    return FINDINGS if open_ and findings else DONE


def load_audit(path: Path | str) -> AuditSummary:
    """Read the output of ``workbench audit --format json``.

    Raises WorkbenchError if the file cannot be read, is not such a document, or is incomplete
    because it was written with ``--baseline``.
    """
    return read_audit(Path(path))[0]


def read_audit(path: Path) -> tuple[AuditSummary, Mapping[str, Any]]:
    """Read an audit as `load_audit` does, and return the parsed document too."""
    from workbench.reports.builders.audit import AuditSummary

    document: Any = read_json(path)
    try:
        summary = AuditSummary.from_json(document)
    except ValueError as error:
        raise WorkbenchError(f"{path} is {error}") from error
    if "baseline" in document:
        raise WorkbenchError(f"{path} has only new findings; use an audit without --baseline")
    return summary, document
