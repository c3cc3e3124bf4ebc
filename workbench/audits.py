"""The catalog's names, looked for in a code base."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzers.model import Audit, Rule
from reports.units import counted
from workbench.errors import DONE, FINDINGS, INCOMPLETE, WorkbenchError
from workbench.files import read_bytes
from workbench.scope import Scope

if TYPE_CHECKING:
    from reports.audit import AuditSummary

Progress = Callable[[int, int], None]
"""Called with files done and files in all."""

SCHEMA_VERSION = 1


def rules() -> tuple[Rule, ...]:
    """Return what the catalog replaces as rules for the analyzers."""
    return Scope().rules()


def audit(
    paths: Iterable[str | Path] | Scope, progress: Progress | None = None, *, fresh: bool = False
) -> Audit:
    """Find every reference to a replaceable function below ``paths``; nothing is imported or run.

    A `Scope` instead of paths says more exactly what to look for and where. With ``fresh`` no
    outcome is taken from a cache. Raises WorkbenchError for a path that does not exist, and for
    what else cannot be used.
    """
    from analyzers.audit import audit as find
    from analyzers.discover import PathError

    scope = paths if isinstance(paths, Scope) else Scope(tuple(Path(path) for path in paths))
    settings = scope.settings(fresh=fresh)
    try:
        return find(scope.selection(), scope.rules(), progress, settings)
    except PathError as error:
        raise WorkbenchError(str(error)) from error


def exit_code(found: Audit, *, findings: bool = True) -> int:
    """3 when a file could not be analysed, 1 when there are references (if those count), else 0."""
    if found.errors:
        return INCOMPLETE
    return FINDINGS if found.references and findings else DONE


def to_json(found: Audit) -> str:
    """Write an audit as a JSON document (schema version 1)."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "summary": {
            "files_scanned": found.files_scanned,
            "files_with_references": len({r.path for r in found.references}),
            "references": len(found.references),
            "by_utility": dict(found.by_label),
        },
        "references": [
            {
                "path": reference.path,
                "line": reference.line,
                "column": reference.column,
                "qualified_name": reference.qualified_name,
                "utility": reference.label,
                "kind": reference.kind.value,
                "verdict": reference.verdict.value,
                "reason": reference.reason,
            }
            for reference in found.references
        ],
        "errors": [{"path": error.path, "message": error.message} for error in found.errors],
    }
    return json.dumps(document, indent=2) + "\n"


def to_text(found: Audit) -> str:
    """Write an audit as one line for each reference, and a summary."""
    lines = [
        f"{r.path}:{r.line}:{r.column}: {r.verdict.value} {r.kind.value} {r.qualified_name}"
        + (f" ({r.reason})" if r.reason else "")
        for r in found.references
    ]
    if lines:
        lines.append("")
    counts = found.by_label
    width = max((len(name) for name in counts), default=0)
    lines += [f"{name:{width}}  {count:5,}" for name, count in counts.items()]
    with_references = len({r.path for r in found.references})
    lines.append(
        f"{counted(len(found.references), 'reference')} in {with_references:,} of "
        f"{counted(found.files_scanned, 'file')}, {counted(len(found.errors), 'error')}"
    )
    return "\n".join(lines) + "\n"


def load_audit(path: Path | str) -> AuditSummary:
    """Read back what ``workbench audit --format json`` wrote.

    Raises WorkbenchError, one line, when the file cannot be read or is no such document.
    """
    from reports.audit import AuditSummary

    try:
        document: Any = json.loads(read_bytes(Path(path)))
    except ValueError as error:
        raise WorkbenchError(f"{path} is not JSON: {error}") from error
    try:
        return AuditSummary.from_json(document)
    except ValueError as error:
        raise WorkbenchError(f"{path} is {error}") from error
