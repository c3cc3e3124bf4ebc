"""Parse code, and read dotted names and string constants from syntax trees."""

from __future__ import annotations

import ast
import warnings


def parse(code: str) -> ast.Module:
    """Parse with `ast.parse`, without warnings about the code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(code)


def chain(node: ast.expr) -> tuple[ast.expr, list[ast.Attribute]]:
    """Split ``a.b.c`` into its innermost expression and its attributes."""
    attributes: list[ast.Attribute] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node)
        node = node.value
    attributes.reverse()
    return node, attributes


def constant(node: ast.expr) -> str | None:
    """Return the value of a string constant; None for any other expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None
