"""Provide nodes of `ast` that some supported Python versions do not have.

If the running Python has a node, its own class is used, so that `isinstance` works for the
results of `ast.parse` too. In Python 3.12 the ``default_value`` of a type parameter is only an
attribute, not in ``_fields``.
"""

from __future__ import annotations

import ast
from typing import Any


def _node(name: str, base: type[ast.AST], *fields: str) -> type[Any]:
    own: type[Any] | None = getattr(ast, name, None)
    if own is not None:
        return own
    namespace = {"__module__": __name__, "_fields": fields, "_attributes": ast.stmt._attributes}
    return type(name, (base,), namespace)


TryStar = _node("TryStar", ast.stmt, "body", "handlers", "orelse", "finalbody")
TypeAlias = _node("TypeAlias", ast.stmt, "name", "type_params", "value")
TypeVar = _node("TypeVar", ast.AST, "name", "bound", "default_value")
TypeVarTuple = _node("TypeVarTuple", ast.AST, "name", "default_value")
ParamSpec = _node("ParamSpec", ast.AST, "name", "default_value")
TemplateStr = _node("TemplateStr", ast.expr, "values")
Interpolation = _node("Interpolation", ast.expr, "value", "str", "conversion", "format_spec")
