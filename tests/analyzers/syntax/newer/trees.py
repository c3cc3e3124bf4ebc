"""Trees of the parser of newer syntax, compared with those of `ast.parse` and with the source."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from typing import Any

from workbench.analyzers.syntax.newer import parse

PLACES = ("lineno", "col_offset", "end_lineno", "end_col_offset")


def shape(node: Any, placed: bool = True) -> Any:
    """Convert a tree to tuples, without the parts of f-strings that differ between versions."""
    if isinstance(node, list):
        return [shape(item, placed) for item in node]
    if not isinstance(node, ast.AST):
        return repr(node)
    places = [getattr(node, name, None) for name in PLACES] if placed else []
    fields = {name: getattr(node, name, None) for name in node._fields}
    if isinstance(node, ast.JoinedStr):
        fields["values"] = [item for item in node.values if not isinstance(item, ast.Constant)]
        placed = False
    return type(node).__name__, places, {name: shape(fields[name], placed) for name in fields}


def expected(code: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return shape(ast.parse(code))


def text(code: str, node: Any) -> str:
    """Return the source at the reported position of a node."""
    lines = [line.encode() for line in re.split(r"(?<=\n)", code.replace("\r\n", "\n"))]
    lines = lines[node.lineno - 1 : node.end_lineno]
    lines[-1] = lines[-1][: node.end_col_offset]
    lines[0] = lines[0][node.col_offset :]
    return b"".join(lines).decode()


def names(code: str) -> list[str]:
    """Return the names in a tree, after a check that their positions are right."""
    found = [node for node in all_nodes(parse(code)) if isinstance(node, ast.Name)]
    assert [text(code, node) for node in found] == [node.id for node in found]
    return [node.id for node in found]


def all_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes, including ``type_params``, which is not a field before Python 3.12."""
    for node in ast.walk(tree):
        yield node
        if "type_params" not in node._fields:
            for parameter in getattr(node, "type_params", []):
                yield from all_nodes(parameter)
