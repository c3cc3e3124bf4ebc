"""Tests for recorded names; `test_scopes` compares their scopes with Python's symbol tables."""

from __future__ import annotations

import ast
from importlib.util import resolve_name

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyzers.case_files import CASES, Case
from tests.analyzers.names.recording import HEADS, MODULES, record, tokens
from workbench.analyzers.names.binder import Binder, absolute
from workbench.analyzers.names.bindings import How, NameContext
from workbench.analyzers.names.positions import Places
from workbench.analyzers.names.scopes import ScopeKind
from workbench.analyzers.syntax.lexer import SpanIndex, opaque_spans
from workbench.analyzers.syntax.pieces import Piece


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("m.work(m)", [("m.work", "call"), ("m", "load")]),
        ("m.a.work.b()", [("m.a.work.b", "call")]),
        ("m().work", [("m", "call")]),
        ("m.a[m.b]", [("m.a", "load"), ("m.b", "load")]),
        ("m.a = m.b, m", [("m.a", "store"), ("m.b", "load"), ("m", "load")]),
        ("m.a += m.b", [("m.a", "store"), ("m.b", "load")]),
        ("m.a: int = m", [("m.a", "store"), ("m", "load")]),
        ("[m.a, *m.b] = 1", [("m.a", "store"), ("m.b", "store")]),
        ("del m.a, m.b[m]", [("m.a", "delete"), ("m.b", "load"), ("m", "load")]),
        ("getattr(m.a, 'work')", [("m.a", "load"), ("m.a.work", "looked up by a string")]),
        ("hasattr(m, 'a.work')", [("m", "load"), ("m.a.work", "looked up by a string")]),
        ("p(m, 'work', 1)", [("m", "load"), ("m.work", "named by a string")]),
        ("p(1, m, name='rest')", [("m", "load"), ("m.rest", "named by a string")]),
        ("getattr(m, 'other')", [("m", "load")]),
        ("x.multiple(m, work=1)", [("m", "load"), ("m.work", "named by a string")]),
        ("multiple(m, work=1)", [("m", "load")]),
        ("x: 'm.work'", [("m.work", "quoted")]),
        ("def f(x: 'list[m.work]') -> 'rest': 1", [("m.work", "quoted"), ("rest", "quoted")]),
        ("x = 'm.work'", []),
        ("p(m=1, **m)", [("m", "load")]),
        ("x.m.work", []),
    ],
)
def test_uses(code: str, found: list[tuple[str, str]]) -> None:
    uses = [(".".join((u.name, *u.attributes)), u.context.value) for u in record(code, "m").uses]
    assert [use for use in uses if use[0] not in ("x", "p")] == found


def test_a_field_that_shows_its_code_marks_its_uses() -> None:
    uses = record("f'{m}{m=}{m:{m=}} {(m, f\"{m}\")=!r:{m}}' + m", "m").uses
    assert [use.shown for use in uses] == [False, True, False, True, True, True, True, False]


@pytest.mark.parametrize("case", [case for case in CASES if case.runs], ids=lambda case: case.name)
def test_tokens_are_where_the_text_has_them(case: Case) -> None:
    words = set(case.before.replace(".", " ").replace("(", " ").split())
    names = record(case.before, *(word for word in words if word.isidentifier()))
    inside = {use.root.start for use in names.uses if use.context is NameContext.QUOTED}
    assert tokens(names)
    for token in tokens(names):
        assert case.before.startswith(token.value, token.start) or token.start in inside


@pytest.mark.parametrize(
    ("code", "origin", "covers", "number"),
    [
        ("import a, m", "m", "m", 1),
        ("import m.b.c", "m", "m.b.c", 0),
        ("import a.b as m", "a.b", "a.b", 0),
        ("from a.b import (x,\n c as m)", "a.b.c", "a.b.c", 1),
        ("from . import m", "top.pack.m", "top.pack.m", 0),
        ("from ..b import c as m", "top.b.c", "top.b.c", 0),
        ("from ... import m", None, "", 0),
    ],
)
def test_imports(code: str, origin: str | None, covers: str, number: int) -> None:
    text = f"if x:\n  {code}; x\n"
    ((binding,),) = record(text, "m", package=("top", "pack")).module.bindings.values()
    site = binding.site
    assert site is not None
    assert (binding.how, binding.origin, binding.covers) == (How.IMPORT, origin, covers)
    assert (site.number, text[site.start : site.end], site.nested) == (number, code, True)
    assert text.startswith("m", binding.token.start)


@pytest.mark.parametrize(
    ("code", "nested"),
    [
        ("import m", False),
        ("def f():\n import m", False),
        ("class C:\n import m", False),
        ("def f():\n if x: import m", True),
        ("for x in y:\n pass\nelse: import m", True),
        ("try: import m\nfinally: x", True),
        ("with x: import m", True),
        ("while x:\n class C: import m", False),
        ("match x:\n case 1: import m", True),
    ],
)
def test_imports_that_may_not_run_are_nested(code: str, nested: bool) -> None:
    scopes = record(code, "m").module.walk()
    (site,) = (b.site for scope in scopes for b in scope.bindings.get("m", ()))
    assert site is not None
    assert site.nested is nested


@pytest.mark.parametrize(
    ("code", "how"),
    [
        ("m = n", How.ASSIGNED),
        ("m = k = n.work", How.ASSIGNED),
        ("m: int = n", How.ASSIGNED),
        ("(m := n.a)", How.ASSIGNED),
        ("m = import_module('lib.x')", How.DYNAMIC),
        ("m = x.y('lib.core')", How.DYNAMIC),
        ("m = x.y('lib.other')", How.OTHER),
        ("m, k = n", How.OTHER),
        ("m = 1", How.OTHER),
        ("del m", How.DELETED),
        ("for m in n: pass", How.OTHER),
    ],
)
def test_how_names_are_bound(code: str, how: How) -> None:
    (binding,) = record(code, "m", "n").module.bindings["m"]
    assert binding.how is how
    assert (binding.value is not None) == (how is How.ASSIGNED)
    assert binding.value is None or binding.value.name == "n"


@pytest.mark.parametrize(
    ("code", "demanded"),
    [
        ("a.work", {"a"}),
        ("a.b.rest.c", {"a"}),
        ("a.other", set()),
        ("self.a.work", {"self", "a"}),
        ("from x import work as w, rest, other", {"w", "rest"}),
        ("getattr(a, 'work')", {"a"}),
        ("p.multiple(a.b, work=1)", {"a"}),
        ("x: 'a.work'", {"a"}),
        ("work = a.b", {"a"}),
        ("x.work = a", {"x", "a"}),
    ],
)
def test_names_to_record_as_well(code: str, demanded: set[str]) -> None:
    assert record(code).demanded == demanded


def test_attributes_of_imported_modules() -> None:
    code = (
        "import_module('a.b').work(__import__(name='c').d.rest)\ngetattr(x('lib.core'), 'work')\n"
    )
    code += "import_module(x).work\nx('other').work\n"
    found = [(d.origin, d.attributes, d.by_string) for d in record(code).dynamics]
    assert sorted(found) == [
        ("a.b", ("work",), False),
        ("c", ("d", "rest"), False),
        ("lib.core", ("work",), True),
    ]


def test_attributes_that_hold_names() -> None:
    code = "class C:\n def f(self): self.a = m.b\nx.y.z = m\nx.c: int = m\nx.d = m()\n"
    held = record(code, "m").held
    assert [(one.name, one.token.value, one.value.attributes) for one in held] == [
        ("self", "a", ("b",)),
        ("x", "c", ()),
    ]
    assert held[0].scope.kind is ScopeKind.FUNCTION
    assert [code[one.token.start :][:1] for one in held] == ["a", "c"]


def test_star_imports() -> None:
    code = "from a.b import *\nfrom .c import *\nfrom ...d import *\n"
    stars = record(code, package=("top",)).stars
    assert [(star.origin, star.start) for star in stars] == [("a.b", 0), ("top.c", 18)]


def test_members_of_a_split_class_share_its_scope() -> None:
    text = "class C:\n    m = 1\n    def f(self): m\n"
    index, binder = SpanIndex(text, opaque_spans(text)), Binder(HEADS | {"m"}, HEADS, MODULES, ())
    first, second = text.index("    m"), text.index("    def")
    for start, end in ((first, second), (second, len(text))):
        piece = Piece(start, end, "class _:\n    pass\n", owner=0)
        places = Places(text, index, piece)
        binder.add(ast.parse(piece.code(text)), places, piece.owner)
    (scope,) = binder.names.module.children
    assert scope.kind is ScopeKind.CLASS
    assert [binding.token.start for binding in scope.bindings["m"]] == [first + 4]
    assert [child.kind for child in scope.children] == [ScopeKind.FUNCTION]
    assert [use.root.start for use in binder.names.uses] == [len(text) - 2]


PARTS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=3)


@given(PARTS, st.integers(0, 4), PARTS)
def test_relative_imports_are_those_of_python(
    package: list[str], level: int, module: list[str]
) -> None:
    try:
        expected: str | None = resolve_name("." * level + ".".join(module), ".".join(package))
    except ImportError:
        expected = None
    assert absolute(tuple(package), level, ".".join(module)) == expected
