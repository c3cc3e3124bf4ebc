from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given, settings

from tests.reports.audit_formats.audit_samples import (
    HOSTILE,
    analysis,
    audits,
    every_kind,
    reference,
)
from workbench.analyzers.model import Audit, Notice, Verdict
from workbench.formatting.columns import cells
from workbench.formatting.terminal import Style, visible_path
from workbench.reports.audit_formats.findings import Findings
from workbench.reports.audit_formats.text import render


def test_text_fits_80_columns() -> None:
    long = reference(
        f"{'directory/' * 5}module.py",
        1234,
        56,
        name=f"package.{'module.' * 7}slow",
        reason="why " * 40,
    )
    text = render(Findings(replace(every_kind(), files=(analysis(long), *every_kind().files))))

    assert all(cells(line) <= 80 for line in text.splitlines())
    assert f"{long.path}:1234:56:\n    rewrite call package." in text
    assert "a/b.py:3:7: rewrite call m.slow\na/b.py:9:7: review call m.slow\n    a test" in text
    assert "a/b.py:12:4: notice\n    this comment keeps nothing\n" in text
    assert re.search(r"^slow +5 +2 +2 +2 +1$", text, re.MULTILINE)
    totals = "5 references in 2 of 7 files: 2 to rewrite, 2 to review, 1 suppressed"
    assert f"{totals}\n2 notices, 1 error\n" in text


@given(audits())
@settings(max_examples=25)
def test_each_finding_starts_a_line_with_its_place(audit: Audit) -> None:
    lines = render(Findings(audit)).splitlines()

    for found in (*audit.references, *audit.notices):
        place = f"{visible_path(found.path)}:{found.line}:{found.column}:"
        assert any(line == place or line.startswith(f"{place} ") for line in lines)


def test_references_and_notices_of_a_file_are_mixed_by_position() -> None:
    notices = (Notice("a.py", 5, 1, "unused"), Notice("a.py", 1, 1, "unknown"))
    file = analysis(reference("a.py", 9), reference("a.py", 3), notices=notices)
    block = render(Findings(Audit(1, (file,), ()))).partition("\n\n")[0]

    places = re.findall(r"^a\.py:(\d+)", block, re.MULTILINE)
    assert places == ["1", "3", "5", "9"]


def test_one_long_line_moves_all_of_its_file_below_the_places() -> None:
    short, other = reference("a.py", 1), reference("b.py", 1)
    long = reference("a.py", 2, name="m." + "x" * 80)
    text = render(Findings(Audit(2, (analysis(short, long), analysis(other)), ())))

    assert "a.py:1:7:\n    rewrite call m.slow\n" in text
    assert "b.py:1:7: rewrite call m.slow\n" in text


def test_errors_and_statistics_have_blocks_of_their_own() -> None:
    blocks = render(Findings(every_kind(), 5)).split("\n\n")

    assert len(blocks) == 5
    assert blocks[2] == "a/broken.py: line 3: invalid syntax"
    assert [line.split()[0] for line in blocks[3].splitlines()] == ["utility", "slow"]
    assert "5 findings" in blocks[4].splitlines()[-1]
    assert render(Findings(Audit(7, (), ()))).count("\n") == 2


def test_only_counts_above_zero_are_colored() -> None:
    file = analysis(reference(), reference(line=4, verdict=Verdict.KEEP))
    text = render(Findings(Audit(1, (file,), ())), Style(color=True))

    (row,) = re.findall(r"^slow.*$", text, re.MULTILINE)
    assert re.findall(r"\x1b\[(\d+)m *(\d+)\x1b\[0m", row) == [("32", "1"), ("2", "1")]
    assert re.sub(r"\x1b\[\d+m", "", row).split()[1:] == ["2", "1", "1", "0", "1"]


def test_hostile_names_stay_visible_on_their_line() -> None:
    found = reference(HOSTILE.replace("/", ""), name=HOSTILE, reason=HOSTILE)
    text = render(Findings(Audit(1, (analysis(found),), ())))

    assert all(line.isprintable() for line in text.split("\n"))
    assert not any(line.startswith("::") for line in text.split("\n"))
