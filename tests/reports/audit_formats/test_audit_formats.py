from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.reports.audit_formats.audit_samples import (
    HOSTILE,
    analysis,
    audits,
    every_kind,
    reference,
)
from workbench.analyzers.model import Audit, Verdict
from workbench.formatting.columns import cells
from workbench.formatting.terminal import Style, visible
from workbench.reports.audit_formats import FORMATS, render
from workbench.reports.audit_formats.findings import Findings
from workbench.reports.audit_formats.markdown import LONGEST_COMMENT
from workbench.reports.builders.audit import AuditSummary


def findings(audit: Audit, hidden: int | None = None) -> Findings:
    return Findings(audit, hidden)


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


def cells_of(text: str) -> list[list[str]]:
    """Return the text of the cells of each table row, as a Markdown parser finds them."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    rows: list[list[str]] = []
    for before, token in pairwise(tokens):
        if before.type == "tr_open":
            rows.append([])
        if before.type in {"td_open", "th_open"}:
            assert token.children is not None
            assert {child.type for child in token.children} <= {
                "text",
                "code_inline",
                "text_special",
            }
            rows[-1].append("".join(child.content for child in token.children))
    return rows


@pytest.mark.parametrize("name", FORMATS)
@given(audits(), st.none() | st.integers(0, 9), st.randoms())
@settings(max_examples=25)
def test_output_is_stable_and_printable(
    name: str, audit: Audit, hidden: int | None, random: Any
) -> None:
    text = render(findings(audit, hidden), name)

    shuffled = list(audit.files)
    random.shuffle(shuffled)
    mixed = tuple(
        replace(file, references=tuple(random.sample(file.references, len(file.references))))
        for file in shuffled
    )
    errors = audit.errors[::-1]
    again = render(findings(replace(audit, files=mixed, errors=errors), hidden), name)
    assert again == text
    assert text.endswith("\n") or not text
    assert all(line.isprintable() for line in text.split("\n"))


@pytest.mark.parametrize("name", FORMATS)
@given(audits())
@settings(max_examples=25)
def test_a_style_adds_colors_and_nothing_else(name: str, audit: Audit) -> None:
    styled = render(findings(audit, 1), name, Style(color=True))
    unstyled = render(findings(audit, 1), name)
    assert re.sub(r"\x1b\[\d+m", "", styled) == unstyled
    if name not in {"text", "concise"}:
        assert styled == unstyled


@pytest.mark.parametrize("name", FORMATS)
def test_findings_are_sorted_by_file_and_line(name: str) -> None:
    found = [reference(f"{d}.py", line) for d in "cab" for line in (30, 4, 17)]
    files = [analysis(*found[at : at + 3]) for at in (0, 3, 6)]
    text = render(findings(Audit(3, tuple(files), ())), name)
    backwards = [replace(file, references=file.references[::-1]) for file in files[::-1]]

    assert render(findings(Audit(3, tuple(backwards), ())), name) == text
    at = [text.index(path) for path in ("a.py", "b.py", "c.py")]
    assert at == sorted(at)


@pytest.mark.parametrize("name", FORMATS)
def test_all_findings_are_shown(name: str) -> None:
    text = render(findings(every_kind(), 41), name)

    for fact in (
        "a test patches it",
        "called once",
        "copy",
        "this comment keeps nothing",
        "no such utility",
        "a/broken.py",
        "line 3: invalid syntax",
        "41",
    ):
        assert fact in text, fact


@pytest.mark.parametrize("name", FORMATS)
def test_an_audit_without_findings(name: str) -> None:
    text = render(findings(Audit(7, (), ())), name)

    assert "a/b.py" not in text
    if name in {"text", "markdown", "github"}:
        assert "0 references in 0 of 7 files" in text


def test_an_unknown_format_raises() -> None:
    with pytest.raises(ValueError, match="unknown audit format 'yaml': use one of text, concise"):
        render(findings(every_kind()), "yaml")


@given(audits())
def test_concise_has_a_line_for_each_finding(audit: Audit) -> None:
    lines = render(findings(audit), "concise").splitlines()

    references = [
        f"{visible(r.path)}:{r.line}:{r.column}: {r.verdict.value} {r.kind.value} "
        for r in audit.references
    ]
    notices = [f"{visible(n.path)}:{n.line}:{n.column}: notice: " for n in audit.notices]
    errors = [f"{visible(e.path)}: error: " for e in audit.errors]
    expected = [*references, *notices, *errors]
    assert len(lines) == len(expected)
    assert all(any(line.startswith(start) for line in lines) for start in expected)


@given(audits())
def test_json_round_trip(audit: Audit) -> None:
    text = render(findings(audit), "json")
    read = AuditSummary.from_json(json.loads(text))

    assert sorted(map(repr, read.places)) == sorted(
        map(repr, AuditSummary.from_audit(audit).places)
    )


@given(audits(), st.none() | st.integers(0, 9))
def test_json_lines_match_the_json_document(audit: Audit, hidden: int | None) -> None:
    document = json.loads(render(findings(audit, hidden), "json"))
    objects = [json.loads(line) for line in render(findings(audit, hidden), "jsonl").splitlines()]

    def of(kind: str) -> list[Any]:
        chosen = [o for o in objects if o["type"] == kind]
        return [{key: o[key] for key in o if key != "type"} for o in chosen]

    for kind in ("reference", "notice", "error"):
        assert of(kind) == document[f"{kind}s"]
    (summary,) = of("summary")
    assert objects[-1]["type"] == "summary"
    if hidden is not None:
        assert summary.pop("hidden") == document["baseline"]["hidden"] == hidden
    assert summary == document["summary"]


def test_text_fits_80_columns() -> None:
    long = reference(
        f"{'directory/' * 5}module.py",
        1234,
        56,
        name=f"package.{'module.' * 7}slow",
        reason="why " * 40,
    )
    text = render(
        findings(replace(every_kind(), files=(analysis(long), *every_kind().files))), "text"
    )

    assert all(cells(line) <= 80 for line in text.splitlines())
    assert f"{long.path}:1234:56:\n    rewrite call package." in text
    assert "a/b.py:3:7: rewrite call m.slow\na/b.py:9:7: review call m.slow\n    a test" in text
    assert "a/b.py:12:4: notice\n    this comment keeps nothing\n" in text
    assert re.search(r"^slow +5 +2 +2 +2 +1$", text, re.MULTILINE)
    totals = "5 references in 2 of 7 files: 2 to rewrite, 2 to review, 1 suppressed"
    assert f"{totals}\n2 notices, 1 error\n" in text


@given(audits())
def test_github_commands_are_parsed_as_intended(audit: Audit) -> None:
    found = list(commands(render(findings(audit), "github")))

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


def test_github_command_of_a_reference() -> None:
    audit = Audit(1, (analysis(reference("a:b,c%\n.py", reason=HOSTILE)),), ())
    ((level, properties, data),) = commands(render(findings(audit), "github"))

    assert level == "warning"
    assert properties == {"file": "a:b,c%\n.py", "line": "3", "col": "7", "title": "slow"}
    assert data == f"call m.slow can be rewritten: {visible(HOSTILE)}"


@given(audits())
@settings(max_examples=50)
def test_markdown_table_has_all_references(audit: Audit) -> None:
    text = render(findings(audit), "markdown")
    rows = [row for row in cells_of(text) if len(row) == 5]

    expected = [
        [
            f"{visible(r.path)}:{r.line}:{r.column}",
            r.verdict.value,
            r.kind.value,
            visible(r.qualified_name),
            visible(r.reason),
        ]
        for r in audit.references
    ]
    # Zero-width spaces prevent mentions and links; code spans and cells are stripped.
    shown = [[" ".join(cell.replace("\u200b", "").split()) for cell in row] for row in rows[1:]]
    assert sorted(shown) == sorted([" ".join(cell.split()) for cell in row] for row in expected)
    blocks = [t.content.strip() for t in MarkdownIt().parse(text) if t.type == "html_block"]
    folded = ["<details>\n<summary>All references</summary>", "</details>"]
    assert blocks == (folded if expected else [])


@pytest.mark.parametrize("text", ["x", "x" * 200, "€" * 200, "`" * 200])
def test_markdown_fits_a_comment(text: str) -> None:
    found = [reference(text, line, reason=text) for line in range(1, 3000)]
    audit = Audit(1, (analysis(*found),), every_kind().errors * 200)
    written = render(findings(audit), "markdown")

    assert 0.95 * LONGEST_COMMENT < len(written.encode()) <= LONGEST_COMMENT
    shown = sum(len(row) == 5 for row in cells_of(written)) - 1
    assert f"The first {shown:,} references" in written
    assert f"{2999 - shown:,} more; run `workbench audit` to list them." in written
    assert written.endswith("</details>\n")
