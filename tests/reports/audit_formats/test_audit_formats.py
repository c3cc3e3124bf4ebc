from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports.audit_formats.audit_samples import (
    analysis,
    audits,
    every_kind,
    reference,
)
from workbench.analyzers.model import Audit
from workbench.formatting.terminal import Style
from workbench.reports.audit_formats import FORMATS, render
from workbench.reports.audit_formats.findings import Findings


def findings(audit: Audit, hidden: int | None = None) -> Findings:
    return Findings(audit, hidden)


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
