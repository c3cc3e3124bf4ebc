from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from tests.reports.audit_formats.audit_samples import (
    HOSTILE,
    analysis,
    audits,
    every_kind,
    reference,
)
from workbench.analyzers.model import Audit, FileError
from workbench.formatting.terminal import visible
from workbench.reports.audit_formats.findings import Findings
from workbench.reports.audit_formats.markdown import LONGEST_COMMENT, render


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


@given(audits())
@settings(max_examples=50)
def test_the_table_has_all_references(audit: Audit) -> None:
    text = render(Findings(audit))
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
def test_the_text_fits_a_comment(text: str) -> None:
    found = [reference(text, line, reason=text) for line in range(1, 3000)]
    audit = Audit(1, (analysis(*found),), every_kind().errors * 200)
    written = render(Findings(audit))

    assert 0.95 * LONGEST_COMMENT < len(written.encode()) <= LONGEST_COMMENT
    shown = sum(len(row) == 5 for row in cells_of(written)) - 1
    assert f"The first {shown:,} references" in written
    assert f"{2999 - shown:,} more; run `workbench audit` to list them." in written
    assert written.endswith("</details>\n")


def test_the_parts_come_in_order() -> None:
    text = render(Findings(every_kind(), 41))

    assert text.startswith("## Audit\n\n4 references in 1 of 7 files")
    parts = ("41 findings", "| utility |", "`a/broken.py`", "`a/c.py:1:1`", "<details>")
    at = [text.index(part) for part in parts]
    assert at == sorted(at)
    rows = [row for row in cells_of(text) if len(row) == 6]
    assert rows == [
        ["utility", "references", "files", "rewrite", "review", "keep"],
        ["slow", "4", "1", "1", "2", "1"],
    ]


def test_an_audit_without_findings_is_one_sentence() -> None:
    heading, blank, sentence, end = render(Findings(Audit(7, (), ()))).split("\n")

    assert (heading, blank, end) == ("## Audit", "", "")
    assert "0 references in 0 of 7 files" in sentence


def test_many_utilities_and_errors_leave_space_for_references() -> None:
    found = [reference(line=n + 1, name=f"m.{'f' * 90}{n}") for n in range(500)]
    errors = tuple(FileError(f"{'e' * 90}{n}", "unreadable") for n in range(500))
    text = render(Findings(Audit(1, (analysis(*found),), errors)))

    assert len(text.encode()) <= LONGEST_COMMENT
    lengths = [len(row) for row in cells_of(text)]
    utilities, references = lengths.count(6) - 1, lengths.count(5) - 1
    listed = text.count(": unreadable")
    assert min(utilities, references, listed) > 100
    for shown in (utilities, references, listed):
        assert f"{500 - shown:,} more; run `workbench audit` to list them." in text


def test_hostile_names_are_neither_markup_nor_mentions() -> None:
    found = reference(HOSTILE.replace("/", ""), name=HOSTILE, reason=f"{HOSTILE} @org #12")
    errors = (FileError(HOSTILE, HOSTILE),)
    tokens = (
        MarkdownIt().enable("table").parse(render(Findings(Audit(1, (analysis(found),), errors))))
    )

    blocks = [token.content.strip() for token in tokens if token.type == "html_block"]
    assert blocks == ["<details>\n<summary>All references</summary>", "</details>"]
    prose = [child for token in tokens for child in token.children or () if child.type == "text"]
    assert not any("@org" in child.content or "#12" in child.content for child in prose)
    assert not any(child.type == "html_inline" for t in tokens for child in t.children or ())
