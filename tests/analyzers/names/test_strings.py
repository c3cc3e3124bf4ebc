"""Tests for references in string literals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.analyzers.names.strings import (
    PATCHING,
    Literal,
    Mention,
    Mentions,
    literal_of,
    literals,
    roots,
)
from workbench.analyzers.rules import Hit, Rule, RuleIndex
from workbench.analyzers.syntax.lexer import SpanIndex, opaque_spans

RULES = RuleIndex.of((Rule("lib.core.work", "fast.work", "work"), Rule("lib.rest", "fast.r", "r")))
WORDS = frozenset(("work", "rest"))


def index_of(text: str) -> SpanIndex:
    return SpanIndex(text, opaque_spans(text))


def only_literal(text: str) -> Literal:
    (literal,) = literals(text, index_of(text), WORDS)
    return literal


def mentions(text: str) -> tuple[list[Mention], set[str]]:
    """Return the mentions in a module in which ``c`` is the module, and unknown names."""
    finder = Mentions(text, index_of(text), RULES, {"c": "lib.core"}.get, imported)
    return list(finder), finder.unknown


def imported(name: str) -> Hit | None:
    return RULES.find("lib.core.work", ()) if name == "do_work" else None


@pytest.mark.parametrize("prefix", ["", "b", "R", "rb", "f", "Rf", "u"])
@pytest.mark.parametrize("quote", ["'", '"', "'''", '"""'])
def test_content_is_the_text_between_the_quotes(prefix: str, quote: str) -> None:
    text = f"x = {prefix}{quote}a.work{quote}\n"
    literal = only_literal(text)
    assert (literal.content, literal.prose) == ("a.work", False)
    assert text[literal.start : literal.end] == f"{prefix}{quote}a.work{quote}"


@given(st.text("ab'\"\\ \n{}", max_size=8))
def test_content_of_any_string(value: str) -> None:
    text = f"x = {value!r}"
    (span,) = opaque_spans(text)
    assert literal_of(text, span).content == repr(value)[1:-1]


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("'''Do work.'''\n", True),
        ('def f():\r    r"""Do\nwork."""\n', True),
        ("'''work'''\n", False),
        ("'Do work.'\n", False),
        ("x = '''Do work.'''\n", False),
    ],
)
def test_documentation_is_prose(text: str, prose: bool) -> None:
    assert only_literal(text).prose is prose


def test_only_formatted_strings_with_fields_are_formatted() -> None:
    assert only_literal("f'{a}.work'").formatted
    assert not only_literal("f'a.work'").formatted


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("'a.work(b.c, d.x.work) .e.work'", ["a", "d"]),
        ("'work a.workshop'", []),
        ("'work.a'", []),
        ("'''a.work b'''", []),
        ("'é.work'", ["é"]),
    ],
)
def test_roots_of_dotted_names(text: str, found: list[str]) -> None:
    assert list(roots(only_literal(text), WORDS)) == found


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("x = 'lib.core.work'", "work"),
        ("x = 'lib.core:work'", "work"),
        ("x = 'lib.core.work.attribute'", "work"),
        ("x = 'lib.core.work is slow'", "work"),
        ("x = b'lib.rest'", "r"),
        ("x = 'c.work(1)'", "work"),
        ("x = '1 + c.work'", "work"),
        ("x = f'{name}.work'", "work"),
        ("x = f'{name}.core.work'", None),
        ("x = f'lib.core.{work}'", None),
        ("x = f'a{name}.work'", None),
        ("x = 'other.lib.core.work'", None),
        ("x = 'd.work(1)'", None),
        ("x = 'work'", None),
        ("x = 'lib.core.workshop'", None),
        ("'''lib.core.work in prose'''", None),
    ],
)
def test_mentions(text: str, label: str | None) -> None:
    found, _ = mentions(text)
    assert [(mention.rule.label, mention.start) for mention in found] == (
        [(label, text.index("=") + 2)] if label else []
    )
    assert all(mention.target == mention.rule.old for mention in found)
    assert all(mention.reason and not mention.patches for mention in found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("__all__ = ['a', 'do_work']", 1),
        ("__all__ = ('do_work',  # ']'\n 'do_work')", 2),
        ("__all__ += [']', 'do_work']", 1),
        ("__all__.extend(['do_work'])", 1),
        ("__all__: list[str] = ['do_work']", 1),
        ("__all__: Final[tuple[str, ...]] = (\n    'do_work',\n)", 1),
        ("__all__: list[str]\nx = ['do_work']", 0),
        ("__all__ = []\nx = ['do_work']", 0),
        ("# __all__ = [\n'do_work']", 0),
        ("'__all__ = ['\n'do_work'", 0),
    ],
)
def test_names_listed_for_export(text: str, found: int) -> None:
    assert len(mentions(text)[0]) == found


@pytest.mark.parametrize(
    ("code", "patches"),
    [
        ("mock.patch(", True),
        ("patch.object(\n    ", True),
        ("patch(target = ", True),
        ("monkeypatch.setattr(", True),
        ("monkeypatch.delattr( ", True),
        ("dispatch.me(", True),
        ("getattr(", False),
        ("patch(f(", False),
        ("patch(1, ", False),
    ],
)
def test_targets_of_patches(code: str, patches: bool) -> None:
    assert (PATCHING.search(code) is not None) is patches
    (mention,) = mentions(f"{code}'lib.core.work')")[0]
    assert mention.patches is patches


def test_names_that_may_be_reexports() -> None:
    assert mentions(
        "x('app.work')\nx('app.other', 'app.work now', 'app.b or x.work', 'lib.core.work')"
    )[1] == {"app.work"}
