"""Tests for the record of what edits are meant to change."""

from __future__ import annotations

from collections import Counter

import pytest

from workbench.analyzers.rewriting.intention import Intention


@pytest.mark.parametrize(
    ("removed", "added", "names"),
    [
        ("import a", "", {"a"}),
        ("import a.b.c", "", {"a"}),
        ("import a.b as c", "", {"c"}),
        ("from a import b", "import d.e", {"b", "d"}),
        ("from . import b as c", "from d import e as c", {"c"}),
    ],
)
def test_names_that_imports_bind(removed: str, added: str, names: set[str]) -> None:
    imports = (Counter(line for line in (text,) if line) for text in (removed, added))
    assert Intention(Counter(), *imports).names == names


def test_names_that_new_expressions_read() -> None:
    expressions = Counter({("old.f", "new.f"): 2, ("a.g.x", "_b.g.x"): 1})
    assert Intention(expressions).names == {"new", "_b"}


def test_intentions_start_empty_and_count() -> None:
    first, second = Intention(), Intention()
    first.removed["import a"] += 1
    first.removed["import a"] += 1
    assert first == Intention(removed=Counter({"import a": 2}))
    assert second == Intention()
    assert second.names == set()
