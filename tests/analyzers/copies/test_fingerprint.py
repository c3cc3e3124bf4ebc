"""Tests for fingerprints: which changes affect them and which do not."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.analyzers.copies.fingerprint import fingerprint

BODY = '''
def f(path, n=3, *rest, key=None, **more):
    """Documentation."""
    global counter
    import os.path as p, json
    total: int = 0
    counter += 1
    def inner(a, b=total):
        nonlocal total
        total -= a
        return lambda c: c + a + b
    class Local(Base):
        field = n
        def method(self, n):
            return field, n, self.field
    try:
        with open(path) as stream:
            for i, line in enumerate(stream, 1):
                if (size := len(line)) > 10 and not line.isspace():
                    total += size if i % 2 else -size
    except (OSError, ValueError) as error:
        raise RuntimeError(f"cannot read {path!r}: {error:>{n}}") from error
    match rest:
        case [first, *others] if first:
            total += len(others)
        case {"a": value, **pairs}:
            del pairs[value]
        case int() as number:
            total = number
    pairs = {k: v for k, v in more.items() for k in v if k}
    return p.join(json.dumps(pairs), str(total)), [path for path in rest], sorted(rest, key=key)
'''
LOCALS = re.findall(
    r"\w+",
    "path n rest key more p total inner a b c stream i line size error first others value pairs "
    "number k v json self",
)


def of(code: str) -> str:
    function = ast.parse(textwrap.dedent(code)).body[0]
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    return fingerprint(function)


def body(code: str) -> str:
    return of("def f(x, y):\n" + textwrap.indent(code, "    "))


class _Renaming(ast.NodeTransformer):
    """A transformer that renames every occurrence of the names in a mapping."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.alias):
            bound = node.asname or node.name
            if bound in self._names:
                node.asname = self._names[bound]
            return node
        for field in ("id", "arg", "name", "rest"):
            value = getattr(node, field, None)
            if isinstance(value, str) and not isinstance(node, ast.keyword):
                setattr(node, field, self._names.get(value, value))
        if isinstance(node, ast.Nonlocal):
            node.names = [self._names.get(name, name) for name in node.names]
        return super().generic_visit(node)


def test_all_python_versions_give_the_same_fingerprint() -> None:
    # The catalog stores fingerprints, so they must not depend on the syntax trees of a version.
    assert of(BODY) == "9a111081216daffeb91fe8c3ba2afa34"


fresh_names = st.from_regex(r"[a-z]{1,3}_[a-z0-9é]{0,4}", fullmatch=True)


@given(st.lists(fresh_names, min_size=len(LOCALS), max_size=len(LOCALS), unique=True))
def test_ignores_names_of_locals(names: list[str]) -> None:
    tree = _Renaming(dict(zip(LOCALS, names, strict=True))).visit(ast.parse(BODY))
    assert of(ast.unparse(tree)) == of(BODY)


@given(st.permutations(LOCALS))
def test_ignores_swapped_names_of_locals(names: list[str]) -> None:
    tree = _Renaming(dict(zip(LOCALS, names, strict=True))).visit(ast.parse(BODY))
    assert of(ast.unparse(tree)) == of(BODY)


CHANGES = (
    ("counter", "counted"),
    ("os.path", "os.pathx"),
    ("enumerate(", "enumerated("),
    ("isspace", "isalpha"),
    (".items()", ".values()"),
    ("key=key", "cmp=key"),
    ("> 10", ">= 10"),
    ("> 10", "> 11"),
    ("> 10", "> 10.0"),
    (" and not ", " or not "),
    ("total += size", "total -= size"),
    ("% 2", "// 2"),
    ("else -size", "else +size"),
    ("cannot read", "could not read"),
    ("!r", "!s"),
    (":>{n}", ":<{n}"),
    (":>{n}", ""),
    (" from error", ""),
    ("(OSError, ValueError)", "(ValueError, OSError)"),
    ("nonlocal total\n", "pass\n"),
    ("global counter\n", "pass\n"),
    ("b=total", "b=n"),
    ("case int()", "case str()"),
    ('{"a":', '{"b":'),
    ("for k in v if k", "for k in v if v"),
    ("(Base)", "(Other)"),
    ("field = n", "other = n"),
    ("self.field", "self.other"),
    ("[path for path in rest]", "[path for n in rest]"),
    ("open(path)", "open(n)"),
    ("return p.join", "p.join"),
    ("with open", "async with open"),
)


@pytest.mark.parametrize("change", CHANGES, ids=" to ".join)
def test_detects_changes_of_behaviour(change: tuple[str, str]) -> None:
    assert change[0] in BODY
    code = BODY.replace(*change).replace("def f", "async def f")
    assert of(code) != of(BODY)


@given(st.sets(st.sampled_from(CHANGES)), st.sets(st.sampled_from(CHANGES)))
def test_distinguishes_combinations_of_changes(
    some: set[tuple[str, str]], others: set[tuple[str, str]]
) -> None:
    one, other = (_changed(changes) for changes in (some, others))
    assert (of(one) == of(other)) == (ast.dump(ast.parse(one)) == ast.dump(ast.parse(other)))


def _changed(changes: set[tuple[str, str]]) -> str:
    code = BODY
    for change in sorted(changes):
        code = code.replace(*change)
    return code.replace("def f", "async def f")


@given(st.integers(), st.integers())
def test_distinguishes_numbers(one: int, other: int) -> None:
    assert (body(f"return {one}") == body(f"return {other}")) == (one == other)


@given(st.text(), st.text())
def test_distinguishes_strings(one: str, other: str) -> None:
    assert (body(f"return g({one!r})") == body(f"return g({other!r})")) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("return x", '"""Documentation."""\nreturn x'),
        ("return x", "pass\nreturn x"),
        ("return (x\n  )", "return x  # comment"),
        ("z: int = x\nreturn z", "z = x\nreturn z"),
        ("z = 1", "z: int\nz = 1"),
        ("return 'a' 'b'", "return 'ab'"),
        ("return f'a{x}' 'b' f'c'", "return f'a{x}bc'"),
        ("return f'{x:}'", "return f'{x}'"),
        ("return u'a'", "return 'a'"),
        ("return 0x10", "return 16"),
        ("if x:\n  y()\nelse:\n  if y:\n    x()", "if x:\n  y()\nelif y:\n  x()"),
        ("return [a for a in x]", "return [x for x in x]"),
        ("return (lambda x: x)(x)", "return (lambda y: y)(x)"),
    ],
)
def test_ignores_style(one: str, other: str) -> None:
    assert body(one) == body(other)


def test_walrus_binds_outside_its_comprehension() -> None:
    assert body("return [z := a for a in x], z") == body("return [a := z for z in x], a")
    assert body("return [z := a for a in x], z") != body("return [x := a for a in x], x")


def test_ignores_the_signature() -> None:
    assert of("def f(a, b): return a + b + c") == of(
        "async def g(self, x: int, *, y=1): return x + y + c"
    )
    assert of("def f(a): return a + b") != of("def f(a, b): return a + b")


def test_unbound_names_are_global() -> None:
    assert body("return g(x)") != body("g = 1\nreturn g(x)")
    assert body("return g(x)") != body("return h(x)")
    assert body("def g(): pass\nreturn g(x)") == body("def h(): pass\nreturn h(x)")
