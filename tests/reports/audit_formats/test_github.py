from __future__ import annotations

import re
from collections.abc import Iterator

from hypothesis import given

from tests.reports.audit_formats.audit_samples import (
    HOSTILE,
    analysis,
    audits,
    every_kind,
    reference,
)
from workbench.analyzers.model import Audit, Verdict
from workbench.formatting.terminal import visible
from workbench.reports.audit_formats.findings import Findings
from workbench.reports.audit_formats.github import render


def commands(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Parse workflow commands like the runner of GitHub Actions; skip other lines."""
    for line in re.split(r"\r\n?|\n", text):
        if not line.lstrip().startswith("::"):
            assert "##[" not in line
            continue
        head, _, data = line.lstrip()[2:].partition("::")
        level, _, properties = head.partition(" ")
        pairs = dict(item.split("=", 1) for item in properties.split(","))
        yield level, {k: _decoded(v) for k, v in pairs.items()}, _decoded(data)


def _decoded(text: str) -> str:
    for code, character in (("0D", "\r"), ("0A", "\n"), ("3A", ":"), ("2C", ","), ("25", "%")):
        text = text.replace(f"%{code}", character)
    return text


@given(audits())
def test_commands_are_parsed_as_intended(audit: Audit) -> None:
    found = list(commands(render(Findings(audit))))

    shown = [r for r in audit.references if r.verdict is not Verdict.KEEP]
    assert len(found) == len(shown) + len(audit.notices) + len(audit.errors)
    levels = {Verdict.REWRITE: "warning", Verdict.REVIEW: "notice"}
    places = [(levels[r.verdict], r.path, r.line, r.column) for r in shown]
    places += [("warning", n.path, n.line, n.column) for n in audit.notices]
    assert sorted(
        (level, p["file"], int(p["line"]), int(p["col"]))
        for level, p, _ in found
        if level != "error"
    ) == sorted((level, _property_value(path), *at) for level, path, *at in places)
    assert all(set(p) <= {"file", "line", "col", "title"} for _, p, _ in found)


def _property_value(path: str) -> str:
    return "".join(c if c in "\r\n" else visible(c) for c in path)


def test_command_of_a_reference() -> None:
    audit = Audit(1, (analysis(reference("a:b,c%\n.py", reason=HOSTILE)),), ())
    ((level, properties, data),) = commands(render(Findings(audit)))

    assert level == "warning"
    assert properties == {"file": "a:b,c%\n.py", "line": "3", "col": "7", "title": "slow"}
    assert data == f"call m.slow can be rewritten: {visible(HOSTILE)}"


def test_levels_and_titles_follow_the_verdicts() -> None:
    found = [(level, p["title"]) for level, p, _ in commands(render(Findings(every_kind())))]

    assert found == [
        ("warning", "slow"),
        ("notice", "slow"),
        ("notice", "slow"),
        ("warning", "workbench"),
        ("warning", "workbench"),
        ("error", "workbench"),
    ]


def test_an_error_has_a_file_but_no_line() -> None:
    (*_, (_, properties, data)) = commands(render(Findings(every_kind())))

    assert properties == {"file": "a/broken.py", "title": "workbench"}
    assert data == "line 3: invalid syntax"


def test_kept_references_and_totals_are_log_lines() -> None:
    lines = [
        line
        for line in render(Findings(every_kind(), 41)).splitlines()
        if not line.startswith("::")
    ]

    kept, references, others, baseline = lines
    assert "a/b.py:10:7" in kept
    assert "called once" in kept
    assert references.startswith("4 references in 1 of 7 files")
    assert others == "2 notices, 1 error"
    assert "41 findings" in baseline
    assert "41" not in render(Findings(every_kind()))
