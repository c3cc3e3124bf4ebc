"""What is new in an audit since an earlier one."""

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
"""Path, qualified name, kind, and whether it is kept.

`rewrite` or `review` is left out: a test that begins to patch a function turns its old calls into
`review`, and makes none of them new. One whose keep comment is gone is to be seen again.
"""


@dataclass(frozen=True)
class Baseline:
    """How many equal references and notices the earlier audit had."""

    references: Counter[tuple[Key, str]]
    """By key and fingerprint, which is empty where the document has none."""
    notices: Counter[tuple[str, str]]
    """By path and message."""


def load_baseline(path: Path) -> Baseline:
    """Read what ``workbench audit --format json`` wrote earlier.

    Raises WorkbenchError, one line, as `read_audit` does.
    """
    summary, document = read_audit(path)
    return Baseline(
        Counter((_recorded(r), str(r.get("fingerprint", ""))) for r in document["references"]),
        Counter((notice.path, notice.message) for notice in summary.notices),
    )


def findings(found: Audit, baseline: Baseline | None = None) -> Findings:
    """What is to be shown of an audit: all of it, or what a baseline does not have."""
    from workbench.reports.audit_formats.findings import Findings

    purposes = {utility.name: utility.summary for utility in utilities()}
    if baseline is None:
        return Findings(found, purposes=purposes)
    new = only_new(found, baseline)
    hidden = len(found.references) + len(found.notices) - len(new.references) - len(new.notices)
    return Findings(new, hidden, purposes)


def only_new(found: Audit, baseline: Baseline) -> Audit:
    """Leave out the references and notices that the baseline has; errors stay.

    A reference is first matched with an equal one on an equal line, wherever that line has moved.
    What is left is matched by count: an edited line is not a new reference, one more use is.
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
    """Use up one of a kind; False where none is left."""
    if counts[key] <= 0:
        return False
    counts[key] -= 1
    return True


def _key(reference: Reference) -> Key:
    kept = reference.verdict.value == _KEEP
    return reference.path, reference.qualified_name, reference.kind.value, kept


def _recorded(reference: Mapping[str, Any]) -> Key:
    names = (str(reference[name]) for name in ("path", "qualified_name", "kind"))
    path, qualified_name, kind = names
    return path, qualified_name, kind, reference["verdict"] == _KEEP
