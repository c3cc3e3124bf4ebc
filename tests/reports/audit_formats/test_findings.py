from __future__ import annotations

from collections import Counter
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports.audit_formats.audit_samples import analysis, audits, every_kind, reference
from workbench.analyzers.model import Audit, FileError, Notice, Verdict
from workbench.formatting.terminal import PLAIN, Style
from workbench.reports.audit_formats.findings import Findings, at, colored, place, sentence


@given(audits())
@settings(max_examples=25)
def test_findings_are_sorted_and_none_is_lost(audit: Audit) -> None:
    files = Findings(audit).files

    assert [file.path for file in files] == sorted(file.path for file in audit.files)
    for file in files:
        places = [(r.line, r.column) for r in file.references]
        assert places == sorted(places)
        assert list(file.notices) == sorted(file.notices, key=lambda n: (n.line, n.column))
    listed = Counter(chain.from_iterable(file.references for file in files))
    assert listed == Counter(audit.references)


@given(audits())
@settings(max_examples=25)
def test_counts_are_those_of_the_audit(audit: Audit) -> None:
    counts = Findings(audit).counts

    assert counts.references == len(audit.references)
    for verdict in Verdict:
        expected = sum(r.verdict is verdict for r in audit.references)
        assert getattr(counts, verdict.value) == expected
    assert {t.name: t.references for t in counts.by_utility} == dict(audit.by_label)
    subjects = [(error.subject, error.reason) for error in counts.errors]
    assert subjects == sorted((error.path, error.message) for error in audit.errors)
    assert counts.would_gain is None


def test_totals_count_references_notices_and_errors() -> None:
    one = analysis(reference(), notices=(Notice("a/b.py", 1, 1, "unused"),))
    first, second = Findings(Audit(1, (one,), (FileError("b.py", "unreadable"),))).totals

    assert first.startswith("1 reference in 1 of 1 file: 1 to rewrite")
    assert second == "1 notice, 1 error"
    many = tuple(analysis(*(reference(f"{n}.py", m) for m in range(1, 11))) for n in range(123))
    assert "1,230 references in 123 of 45,678 files" in Findings(Audit(45_678, many, ())).totals[0]


@pytest.mark.parametrize(
    ("hidden", "words"), [(0, "0 findings"), (1, "1 finding"), (12_345, "12,345 findings")]
)
def test_a_baseline_says_how_much_it_hides(hidden: int, words: str) -> None:
    assert Findings(every_kind(), hidden).baseline.endswith(words)
    assert not Findings(every_kind()).baseline


@pytest.mark.parametrize("verdict", Verdict)
@given(st.text())
def test_a_sentence_names_the_reference_and_its_reason(verdict: Verdict, reason: str) -> None:
    shown = sentence(reference(verdict=verdict, reason=reason))

    assert shown.startswith("call m.slow ")
    assert shown.endswith(f": {reason}" if reason else shown.partition(":")[0])
    others = {sentence(reference(verdict=other, reason=reason)) for other in Verdict}
    assert len(others) == len(Verdict)


def test_a_place_is_a_visible_path_with_line_and_column() -> None:
    found = Notice("a\nb\x1b[2J.py", 12, 4, "")

    assert at(found) == r"a\nb\x1b[2J.py:12:4"
    assert place(found, PLAIN) == at(found)
    assert place(found, Style(color=True)) == "\x1b[1m" + r"a\nb\x1b[2J.py" + "\x1b[0m:12:4"


def test_each_verdict_has_a_color() -> None:
    style = Style(color=True)
    shown = [colored("x", word, style) for word in ("rewrite", "review", "keep", "notice")]

    assert shown == [style.green("x"), style.yellow("x"), style.faint("x"), style.yellow("x")]
    assert colored("x", "rewrite", PLAIN) == "x"
