from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reports.audit_formats.audit_samples import HOSTILE, analysis, reference
from workbench.analyzers.model import Reference, ReferenceKind, Verdict
from workbench.reports.audit_formats.fingerprint import fingerprinted


def fingerprint(found: Reference, original: bytes) -> str:
    ((same, text),) = fingerprinted(analysis(found, original=original))
    assert same is found
    assert re.fullmatch("[0-9a-f]{16}", text)
    return text


BEFORE = fingerprint(reference(line=1), b"m.slow(1, 2)")


@given(
    st.integers(0, 20),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.text(" \t\f", max_size=8),
    st.text(" \t", min_size=1, max_size=3),
)
def test_moved_and_indented_lines_keep_their_fingerprint(
    above: int, newline: str, indent: str, space: str
) -> None:
    text = f"# other{newline}" * above + f"{indent}m.slow(1,{space}2){indent}{newline}x = 1"

    assert fingerprint(reference(line=above + 1), text.encode()) == BEFORE


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        (reference(line=1), b"m.slow(1, 3)"),
        (reference(line=1), b"m.slow(1,2)"),
        (reference(line=1, name="m.other"), b"m.slow(1, 2)"),
        (reference(line=1, kind=ReferenceKind.REFERENCE), b"m.slow(1, 2)"),
    ],
)
def test_another_line_name_or_kind_has_another_fingerprint(changed: Reference, line: bytes) -> None:
    assert fingerprint(changed, line) != BEFORE


def test_path_column_verdict_and_reason_do_not_count() -> None:
    other = reference("z.py", 1, 99, verdict=Verdict.REVIEW, reason="a test patches it")

    assert fingerprint(other, b"m.slow(1, 2)") == BEFORE


def test_equal_references_have_equal_fingerprints() -> None:
    file = analysis(
        reference(line=1), reference(line=2), reference(line=3), original=b"f(1)\nf(1)\nf(2)\n"
    )
    first, second, third = (text for _, text in fingerprinted(file))

    assert first == second != third


@given(st.integers(1, 9), st.binary(max_size=30))
def test_any_name_and_any_content_have_a_fingerprint(line: int, original: bytes) -> None:
    assert fingerprint(reference(line=line, name=HOSTILE), original)
