"""The walk over a tree sees names in the order of the source."""

from __future__ import annotations

import random
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import libcst as cst
import pytest
from case_files import CASES

from analyzers.tree import child_fields

LIBRARY = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
SMALL = [path for path in LIBRARY if path.stat().st_size < 8_000]
SAMPLE = random.Random(3).sample(SMALL, 6)


def by_fields(node: object) -> Iterator[str]:
    if isinstance(node, cst.Name | cst.SimpleString):
        yield node.value
    elif isinstance(node, cst.CSTNode):
        for field in child_fields(type(node)):
            yield from by_fields(getattr(node, field))
    elif isinstance(node, list | tuple):
        for item in node:
            yield from by_fields(item)


def by_libcst(node: cst.CSTNode) -> Iterator[str]:
    if isinstance(node, cst.Name | cst.SimpleString):
        yield node.value
    for child in node.children:
        yield from by_libcst(child)


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.name)
def test_library_modules(path: Path) -> None:
    tree = cst.parse_module(path.read_bytes())
    assert list(by_fields(tree)) == list(by_libcst(tree))


def test_cases() -> None:
    for case in CASES:
        tree = cst.parse_module(case.before)
        assert list(by_fields(tree)) == list(by_libcst(tree)), case.name


def test_syntax_of_newer_pythons() -> None:
    code = (
        "type A[T: int = str, *Ts, **P] = T\n"
        "def f[T: a = b](x, /, y: c = d, *z, k=e, **w) -> g: pass\n"
        "class C[T](a, b, m=c): pass\n"
        "x = t'{a!r:>{b}}' f'{c}' 'd'\n"
        "try: pass\nexcept* (a, b) as c: pass\n"
    )
    tree = cst.parse_module(code)
    assert list(by_fields(tree)) == list(by_libcst(tree))
