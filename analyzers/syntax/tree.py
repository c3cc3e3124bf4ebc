"""Python's syntax trees: how code becomes one, dotted names, and string constants."""

from __future__ import annotations

import ast
import warnings


def parse(code: str) -> ast.Module:
    """Parse as `ast.parse` does, without its warnings of the code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(code)


def chain(node: ast.expr) -> tuple[ast.expr, list[ast.Attribute]]:
    """Split ``a.b.c`` into its innermost expression and the attributes read from it."""
    attributes: list[ast.Attribute] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node)
        node = node.value
    attributes.reverse()
    return node, attributes


def constant(node: ast.expr) -> str | None:
    """The value of a string constant; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None
