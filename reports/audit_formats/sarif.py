"""An audit as a log of the Static Analysis Results Interchange Format (OASIS SARIF 2.1.0)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from workbench.analyzers.model import FileAnalysis, Notice, Reference, Verdict
from workbench.analyzers.syntax.source import Source
from workbench.formatting.terminal import visible
from workbench.reports.audit_formats.findings import Findings, sentence
from workbench.reports.audit_formats.fingerprint import fingerprinted
from workbench.reports.model.audit import Problem

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "%SRCROOT%"
_NOTICE = "notice"
_LONGEST_TEXT = 2000
_LEVELS = {Verdict.REWRITE: "warning", Verdict.REVIEW: "note", Verdict.KEEP: "note"}


def render(findings: Findings) -> str:
    """Return a log with one run: utilities as rules, references and notices as results."""
    rules = _rules(findings)
    indices = {rule["id"]: index for index, rule in enumerate(rules)}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "workbench",
                "semanticVersion": version("accel-workbench"),
                "rules": rules,
            }
        },
        "invocations": [_invocation(findings)],
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "Directory in which the audit was run."}}
        },
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "results": [result for file in findings.files for result in _results(file, indices)],
    }
    if findings.hidden is not None:
        run["properties"] = {"hiddenByBaseline": findings.hidden}
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _rules(findings: Findings) -> list[dict[str, Any]]:
    """Return a rule for each referenced utility, and one for notices if there are any."""
    names = sorted(findings.audit.by_label)
    rules = [_rule(name, findings.purposes.get(name)) for name in names]
    if findings.counts.notices:
        rules.append(
            {
                "id": _NOTICE,
                "name": "Notice",
                "shortDescription": {"text": "A suppression comment is invalid or unused."},
                "help": {"text": "Fix or remove the comment."},
                "defaultConfiguration": {"level": "warning"},
            }
        )
    return rules


def _rule(name: str, purpose: str | None) -> dict[str, Any]:
    shown = _text(name)
    what = f"{shown} has a native implementation"
    return {
        "id": shown,
        "name": "".join(word.capitalize() for word in shown.split("_")),
        "shortDescription": {"text": f"{what}."},
        "fullDescription": {"text": f"{what}: {_text(purpose)}." if purpose else f"{what}."},
        "help": {
            "text": "Run `workbench migrate` to rewrite the references that can be rewritten. The "
            "message of a reference that needs review says why it is not rewritten. Add "
            f"`# workbench: keep[{shown}] reason` to suppress a rewrite."
        },
        "defaultConfiguration": {"level": "warning"},
    }


def _invocation(findings: Findings) -> dict[str, Any]:
    errors = findings.counts.errors
    return {
        "executionSuccessful": not errors,
        "toolExecutionNotifications": [_notification(error) for error in errors],
    }


def _notification(error: Problem) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": _text(error.reason)},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(error.subject)}}],
    }


def _results(file: FileAnalysis, indices: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    fix: Sequence[dict[str, Any]] = _fixes(file)
    for reference, fingerprint in fingerprinted(file):
        seen[fingerprint] += 1
        result = _result(reference, f"{fingerprint}:{seen[fingerprint]}", indices)
        # The edits of a file are only valid together. A single result has the fix, so that
        # applying all fixes of a log makes each edit once.
        if fix and reference.verdict is Verdict.REWRITE:
            result["fixes"], fix = fix, ()
        yield result
    for notice in file.notices:
        yield {
            "ruleId": _NOTICE,
            "ruleIndex": indices[_NOTICE],
            "level": "warning",
            "message": {"text": _text(notice.message)},
            "locations": [_location(notice)],
        }


def _result(reference: Reference, fingerprint: str, indices: Mapping[str, int]) -> dict[str, Any]:
    rule = _text(reference.label)
    result: dict[str, Any] = {
        "ruleId": rule,
        "ruleIndex": indices[rule],
        "level": _LEVELS[reference.verdict],
        "message": {"text": f"{_text(sentence(reference))}."},
        "locations": [_location(reference)],
        "partialFingerprints": {"workbenchReference/v1": fingerprint},
        "properties": {
            "verdict": reference.verdict.value,
            "kind": reference.kind.value,
            "qualifiedName": _text(reference.qualified_name),
        },
    }
    if reference.verdict is Verdict.KEEP:
        suppression = {"kind": "inSource"}
        if reference.reason:
            suppression["justification"] = _text(reference.reason)
        result["suppressions"] = [suppression]
    return result


def _fixes(file: FileAnalysis) -> list[dict[str, Any]]:
    if not file.edits:
        return []
    changes = [
        {
            "deletedRegion": {
                "startLine": region.start[0],
                "startColumn": region.start[1],
                "endLine": region.end[0],
                "endColumn": region.end[1],
            },
            "insertedContent": {"text": region.replacement},
        }
        for region in Source(file.original).regions(file.edits)
    ]
    change = {"artifactLocation": _artifact(file.path), "replacements": changes}
    return [{"description": {"text": "Migrate the whole file."}, "artifactChanges": [change]}]


def _location(place: Reference | Notice) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(place.path),
            "region": {"startLine": place.line, "startColumn": place.column},
        }
    }


def _artifact(path: str) -> dict[str, str]:
    """Return a path as a URI, relative to the root if the path is relative."""
    uri = quote(path.encode("utf-8", "surrogateescape"), safe="/")
    return {"uri": f"file://{uri}"} if path.startswith("/") else {"uri": uri, "uriBaseId": _ROOT}


def _text(text: str) -> str:
    """Escape lone surrogates and control characters; limit the length."""
    return visible(text, _LONGEST_TEXT)
