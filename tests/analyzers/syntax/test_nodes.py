"""Tests for nodes that some versions of Python lack."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from workbench.analyzers.syntax import nodes

NAMES = [
    "TryStar",
    "TypeAlias",
    "TypeVar",
    "TypeVarTuple",
    "ParamSpec",
    "TemplateStr",
    "Interpolation",
]


@pytest.mark.parametrize("name", NAMES)
def test_the_class_of_the_running_python_is_used(name: str) -> None:
    node: Any = getattr(nodes, name)
    own = getattr(ast, name, None)
    assert node.__name__ == name
    assert issubclass(node, ast.AST)
    assert own is None or node is own


def test_parsed_nodes_are_instances() -> None:
    (statement,) = ast.parse("try: x\nexcept* E: y\n").body
    assert isinstance(statement, nodes.TryStar)
    assert not isinstance(ast.parse("try: x\nexcept E: y\n").body[0], nodes.TryStar)


@pytest.mark.parametrize("name", NAMES)
def test_nodes_can_be_built_walked_and_placed(name: str) -> None:
    kind: Any = getattr(nodes, name)
    inner = {field: ast.Name(id=field, ctx=ast.Load()) for field in kind._fields}
    node = kind(**inner)
    assert list(ast.iter_child_nodes(node)) == list(inner.values())
    assert {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} == set(inner)
    assert ast.copy_location(node, ast.Pass(lineno=3, col_offset=4)).lineno == 3


@pytest.mark.parametrize("name", ["TypeVar", "TypeVarTuple", "ParamSpec"])
def test_type_parameters_have_a_default(name: str) -> None:
    node: Any = getattr(nodes, name)(name="T", default_value=ast.Constant(value=1))
    assert node.default_value.value == 1
    assert node._fields[0] == "name"
