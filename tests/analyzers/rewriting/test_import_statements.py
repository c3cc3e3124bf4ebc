"""Tests for planned import statements; `test_import_layout` tests what remains of one."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyzers.names.recording import record
from workbench.analyzers.rewriting.import_statements import (
    StatementPlan,
    entry,
    moved_entry,
    new_text,
    plan_for,
)
from workbench.analyzers.syntax.source import Source


def plan(code: str, name: str = "work") -> StatementPlan:
    """Return the plan for the statement that binds a name."""
    scopes = record(code, name).module.walk()
    (binding,) = (b for scope in scopes for b in scope.bindings.get(name, ()))
    assert binding.site is not None
    return plan_for(Source(code.encode()), binding.site)


@pytest.mark.parametrize(
    ("before", "indent"), [("", ""), ("if x:\n\t ", "\t "), ("\f", ""), ("x = 1; ", "")]
)
def test_a_plan_is_for_the_statement_of_the_binding(before: str, indent: str) -> None:
    code = f"{before}from a import (é,\n work as w); x\n"
    found = plan(code, "w")
    assert code[found.start : found.end] == "from a import (é,\n work as w)"
    assert found.indent == indent
    assert isinstance(found.statement, ast.ImportFrom)
    assert (found.added, found.moved, found.dropped) == ([], {}, [])


def test_nothing_planned_leaves_the_statement() -> None:
    code = "from a import (work,  # c\n  b)"
    assert new_text(plan(code), "\n") == code


@pytest.mark.parametrize(
    ("code", "moved", "new"),
    [
        # All aliases move to one module: the layout stays.
        ("from a import (work,  # c\n  b as d,)", {}, None),
        (
            "from a import (work,  # c\n  b as d,)",
            {0: "n.m.work", 1: "n.m.b"},
            "from n.m import (work,  # c\n  b as d,)",
        ),
        ("from a import work", {0: "n.job"}, "from n import job as work"),
        # Otherwise each one gets a statement, with its comments.
        ("from a import work, b", {0: "n.work"}, "from n import work|from a import b"),
        (
            "from a import (\n  work,  # c\n  b,\n)",
            {0: "n.work"},
            "from n import work  # c|from a import (\n  b,\n)",
        ),
        (
            "from a import work, b",
            {1: "n.b", 0: "m.work"},
            "from n import b|from m import work",
        ),
        (
            "from a import work, b",
            {0: "m.job", 1: "n.b"},
            "from m import job as work|from n import b",
        ),
    ],
)
def test_moved_aliases(code: str, moved: dict[int, str], new: str | None) -> None:
    found = plan(code)
    found.moved.update(moved)
    assert new_text(found, "|") == (new or code)


def test_dropped_and_added_statements() -> None:
    found = plan("import work, b")
    found.dropped.append(0)
    assert new_text(found, "; ") == "import b"
    found.added.append("import fast")
    assert new_text(found, "; ") == "import fast; import b"
    found.dropped.append(1)
    assert new_text(found, "; ") == "import fast"
    found.added.clear()
    assert new_text(found, "; ") == ""


def test_a_dropped_alias_is_not_moved_with_the_others() -> None:
    found = plan("from a import work, b")
    found.moved[0] = "n.work"
    found.dropped.append(1)
    assert new_text(found, "|") == "from n import work"


NAMES = st.sampled_from(["work", "b"])


@given(
    st.sampled_from(["import {}", "from a.b import {}", "from . import {}", "from ..a import {}"]),
    st.lists(st.tuples(NAMES, st.none() | NAMES), min_size=1, max_size=3),
)
def test_entries_are_the_imports_one_by_one(
    template: str, names: list[tuple[str, str | None]]
) -> None:
    lines = [template.format(name + (f" as {new}" if new else "")) for name, new in names]
    joined = template.format(", ".join(line.partition("import ")[2] for line in lines))
    (statement,) = ast.parse(joined).body
    assert isinstance(statement, ast.Import | ast.ImportFrom)
    assert [entry(statement, alias) for alias in statement.names] == lines


@given(NAMES, st.none() | NAMES, st.sampled_from(["n.work", "n.m.b", "n.other"]))
def test_a_moved_alias_binds_the_same_name(name: str, asname: str | None, new: str) -> None:
    (statement,) = ast.parse(moved_entry(ast.alias(name, asname), new)).body
    assert isinstance(statement, ast.ImportFrom)
    (alias,) = statement.names
    assert f"{statement.module}.{alias.name}" == new
    assert (alias.asname or alias.name) == (asname or name)


def test_an_alias_to_its_own_name_stays_one() -> None:
    """Type checkers take ``import name as name`` for a re-export."""
    assert moved_entry(ast.alias("b", "work"), "n.work") == "from n import work as work"
    assert moved_entry(ast.alias("work"), "n.work") == "from n import work"
