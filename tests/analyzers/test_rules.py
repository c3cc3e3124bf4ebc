"""Tests for the index of the names to replace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.analyzers.rules import KEEP_NEEDLE, Copy, Rule, RuleIndex

WORK = Rule("lib.core.work", "fast.work", "work")
REST = Rule("lib.rest", "other.tools.pause", "rest")
TOP = Rule("top", "fast.top", "top")
INDEX = RuleIndex.of((WORK, REST, TOP), others=("more",))


def test_what_is_derived_from_the_names() -> None:
    assert INDEX.heads == {"work", "rest", "top"}
    assert INDEX.modules == {"lib.core", "lib", ""}
    assert INDEX.tails == {"core", "lib", ""}
    assert INDEX.prefixes == {"lib", "lib.core"}
    assert INDEX.new_roots == {"fast", "other"}
    assert INDEX.labels == {"work", "rest", "top"}
    assert INDEX.others == {"more"}


def test_a_file_without_any_needle_needs_no_analysis() -> None:
    copies = (Copy("1", ("rarest", "usual"), "1.0"), Copy("0", ("rare",), "2.0"))
    rule = Rule("a.b", "c.d", "b", copies)
    index = RuleIndex.of((WORK, rule))
    assert index.needles == {"work", "b", "rarest", "rare", KEEP_NEEDLE}
    assert list(index.copies.items()) == [("0", (rule, copies[1])), ("1", (rule, copies[0]))]


def test_further_names_are_of_the_same_rules() -> None:
    index = INDEX.also({"app.job": WORK}, ["app.job"]).also({"api.x.do": REST}, [])
    assert INDEX.find("app", ("job",)) is None
    assert index.others == INDEX.others
    assert index.heads == INDEX.heads | {"job", "do"}
    # A module that imports the function has a variable of its own, other names are the rule's.
    assert index.find("app", ("job",)) == (WORK, 1, "app.job")
    assert index.find("api", ("x", "do", "y")) == (REST, 2, "lib.rest")
    assert index.find("lib.core.work", ()) == (WORK, 0, "lib.core.work")


@pytest.mark.parametrize(
    ("path", "attributes", "depth"),
    [
        ("lib", ("core", "work"), 2),
        ("lib.core", ("work", "work"), 1),
        ("lib.core.work", ("x",), 0),
        ("lib", ("core",), None),
        ("core", ("work",), None),
        ("lib.core.wor", ("k",), None),
        ("li", ("b", "rest"), None),
        ("", ("lib", "rest"), None),
    ],
)
def test_find(path: str, attributes: tuple[str, ...], depth: int | None) -> None:
    hit = INDEX.find(path, attributes)
    assert (hit.depth if hit is not None else None) == depth


PARTS = st.lists(st.sampled_from("ab"), min_size=1, max_size=4)


@given(st.lists(PARTS.map(".".join), max_size=4), PARTS, PARTS)
def test_the_match_with_the_fewest_attributes_is_found(
    names: list[str], path: list[str], attributes: list[str]
) -> None:
    index = RuleIndex.of(Rule(name, f"new.{name}", name) for name in names)
    candidates = [".".join((*path, *attributes[:count])) for count in range(len(attributes) + 1)]
    wanted = next((depth for depth, name in enumerate(candidates) if name in names), None)
    hit = index.find(".".join(path), tuple(attributes))
    assert (hit.depth if hit is not None else None) == wanted
    assert hit is None or hit.rule.old == hit.target == candidates[hit.depth]
