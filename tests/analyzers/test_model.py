"""Tests for the results of an audit."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from workbench.analyzers.model import (
    Audit,
    FileAnalysis,
    FileContext,
    Notice,
    Reference,
    ReferenceKind,
    Verdict,
)


def reference(path: str, line: int, label: str) -> Reference:
    name = f"lib.{label}"
    return Reference(path, line, 1, name, label, ReferenceKind.CALL, Verdict.REWRITE, "")


def file(path: str, *labels: str) -> FileAnalysis:
    references = tuple(reference(path, line, label) for line, label in enumerate(labels, 1))
    notices = (Notice(path, 9, 1, "unused"),)
    return FileAnalysis(path, Path(path), b"", references, (), notices)


def test_an_audit_has_what_its_files_have_in_order() -> None:
    audit = Audit(2, (file("a.py", "work", "rest"), file("b.py", "work")), ())
    places = [(found.path, found.line, found.label) for found in audit.references]
    assert places == [("a.py", 1, "work"), ("a.py", 2, "rest"), ("b.py", 1, "work")]
    assert [notice.path for notice in audit.notices] == ["a.py", "b.py"]


def test_labels_are_counted_most_frequent_first() -> None:
    audit = Audit(1, (file("a.py", "c", "b", "d", "b"), file("b.py", "d", "a")), ())
    assert list(audit.by_label.items()) == [("b", 2), ("d", 2), ("a", 1), ("c", 1)]


def test_an_audit_that_finds_nothing() -> None:
    audit = Audit(3, (), ())
    assert (audit.references, audit.notices, dict(audit.by_label)) == ((), (), {})
    assert (audit.roots, audit.rules) == ((), None)


@pytest.mark.parametrize("kind", [*ReferenceKind, *Verdict])
def test_kinds_and_verdicts_are_their_names_in_documents(kind: ReferenceKind | Verdict) -> None:
    assert f"{kind}" == kind.value == kind.name.lower()
    assert type(kind)(kind.value) is kind


def test_results_do_not_change() -> None:
    found = reference("a.py", 1, "work")
    with pytest.raises(FrozenInstanceError):
        found.line = 2  # type: ignore[misc]
    assert found == reference("a.py", 1, "work")
    assert len({found, reference("a.py", 1, "work"), reference("a.py", 2, "work")}) == 2


def test_files_do_not_affect_each_other_by_default() -> None:
    context = FileContext()
    assert not context.is_package
    assert not context.vendored
    assert not context.include_generated
    assert (context.kept, context.declined) == (frozenset(), frozenset())
    assert context.intercepted == context.patched == {}
    assert context.patched is not FileContext().patched
