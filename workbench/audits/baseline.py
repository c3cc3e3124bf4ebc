"""Find what is new in an audit since an earlier one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.audits.run import read_audit
from workbench.catalog import utilities

if TYPE_CHECKING:
    from workbench.analyzers.model import Audit, FileAnalysis, Reference
    from workbench.reports.audit_formats.findings import Findings

_KEEP = "keep"
Key = tuple[str, str, str, bool]
"""Path, qualified name, kind, and whether the verdict is `keep`.

`rewrite` and `review` are equal here: a test that starts to patch a function turns existing calls
into `review` but does not make them new. A reference whose suppression is removed is new.
"""


@dataclass(frozen=True)
class Baseline:
    """Counts of the references and notices in the earlier audit."""

    references: Counter[tuple[Key, str]]
    """By key and fingerprint; the fingerprint is empty if the document has none."""
    notices: Counter[tuple[str, str]]
    """By path and message."""


def load_baseline(path: Path) -> Baseline:
    """Read the output of ``workbench audit --format json``.

    Raises WorkbenchError as `load_audit` does.
    """
    summary, document = read_audit(path)
    return Baseline(
        Counter((_recorded(r), _fingerprint(r)) for r in document["references"]),
        Counter((notice.path, notice.message) for notice in summary.notices),
    )


def findings(found: Audit, baseline: Baseline | None = None) -> Findings:
    """Return what to show of an audit: everything, or only what is not in the baseline."""
    from workbench.reports.audit_formats.findings import Findings

    purposes = {utility.name: utility.summary for utility in utilities()}
    if baseline is None:
        return Findings(found, purposes=purposes)
    new = only_new(found, baseline)
    hidden = len(found.references) + len(found.notices) - len(new.references) - len(new.notices)
    return Findings(new, hidden, purposes)


def only_new(found: Audit, baseline: Baseline) -> Audit:
    """Return the audit without the references and notices of the baseline; errors stay.

    A reference is first matched with an equal one on an equal line, wherever that line has moved.
    The rest is matched by count: an edited line is not a new reference, an additional use is.
    """
    notices = Counter(baseline.notices)
    references = _references(found.files, baseline.references)
    files = (
        replace(
            file,
            references=tuple(references[file.path]),
            notices=tuple(n for n in file.notices if not _take(notices, (n.path, n.message))),
        )
        for file in found.files
    )
    return replace(found, files=tuple(file for file in files if file.references or file.notices))


def _references(
    files: Iterable[FileAnalysis], known: Counter[tuple[Key, str]]
) -> Mapping[str, list[Reference]]:
    from workbench.reports.audit_formats.fingerprint import fingerprinted

    exact = Counter(known)
    rest: dict[str, list[Reference]] = {}
    for file in files:
        rest[file.path] = [
            reference
            for reference, fingerprint in fingerprinted(file)
            if not _take(exact, (_key(reference), fingerprint))
        ]
    counts: Counter[Key] = Counter()
    for (key, _), count in exact.items():
        counts[key] += count
    return {
        path: [reference for reference in references if not _take(counts, _key(reference))]
        for path, references in rest.items()
    }


def _take(counts: Counter[Any], key: object) -> bool:
    """Decrement a count; return False if none is left."""
    if counts[key] <= 0:
        return False
    counts[key] -= 1
    return True


def _key(reference: Reference) -> Key:
    kept = reference.verdict.value == _KEEP
    return reference.path, reference.qualified_name, reference.kind.value, kept


def _fingerprint(reference: Mapping[str, Any]) -> str:
    found = reference.get("fingerprint")
    return found if isinstance(found, str) else ""


def _recorded(reference: Mapping[str, Any]) -> Key:
    names = (str(reference[name]) for name in ("path", "qualified_name", "kind"))
    path, qualified_name, kind = names
    return path, qualified_name, kind, reference["verdict"] == _KEEP
