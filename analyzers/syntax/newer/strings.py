"""Convert LibCST strings to those of `ast`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import libcst as cst
from libcst.metadata import CodePosition

from workbench.analyzers.syntax.newer.positions import Positions
from workbench.analyzers.syntax.nodes import Interpolation, TemplateStr

_Literal = cst.SimpleString | cst.FormattedString | cst.TemplatedString
_Field = cst.FormattedStringExpression | cst.TemplatedStringExpression


class Strings:
    """A converter for the strings of one module; ``expression`` converts their fields."""

    def __init__(
        self, positions: Positions, expression: Callable[[cst.BaseExpression], ast.expr]
    ) -> None:
        self._positions = positions
        self._expression = expression

    def string(self, node: _Literal | cst.ConcatenatedString) -> Any:
        """Convert a string, which may consist of adjacent literals."""
        parts = list(_literals(node))
        plain = [part for part in parts if isinstance(part, cst.SimpleString)]
        if len(plain) == len(parts):
            values: list[Any] = [part.evaluated_value for part in plain]
            kind = "u" if plain[0].value.startswith("u") else None
            return ast.Constant(value=type(values[0])().join(values), kind=kind)
        formatted = [part for part in parts if not isinstance(part, cst.SimpleString)]
        fields = [field for part in formatted for field in self._fields(part.parts)]
        if any(isinstance(part, cst.TemplatedString) for part in parts):
            return TemplateStr(values=fields)
        return ast.JoinedStr(values=fields)

    def _fields(self, parts: Sequence[cst.CSTNode]) -> Iterator[ast.expr]:
        for part in parts:
            if not isinstance(part, _Field):
                continue
            if part.equal is not None:
                shown = self._inside(part, self._positions.end(part.equal))
                yield self._positions.at(ast.Constant(value=shown), part)
            yield self._field(part)

    def _field(self, node: _Field) -> Any:
        fields: dict[str, Any] = {
            "value": self._expression(node.expression),
            "conversion": ord(node.conversion) if node.conversion else -1,
            "format_spec": self._specification(node),
        }
        if node.equal is not None and node.conversion is None and node.format_spec is None:
            fields["conversion"] = ord("r")
        if isinstance(node, cst.FormattedStringExpression):
            return self._positions.at(ast.FormattedValue(**fields), node)
        blank = node.equal.whitespace_before if node.equal else node.whitespace_after_expression
        text = self._inside(node, self._positions.start(blank))
        return self._positions.at(Interpolation(**fields, str=text), node)

    def _specification(self, node: _Field) -> ast.JoinedStr | None:
        """Convert the format specification between the colon and the closing brace."""
        if node.format_spec is None:
            return None
        brace = _moved(self._positions.end(node), -1)
        first = self._positions.start(node.format_spec[0]) if node.format_spec else brace
        result = ast.JoinedStr(values=list(self._fields(node.format_spec)))
        return self._positions.between(result, _moved(first, -1), brace)

    def _inside(self, node: _Field, end: CodePosition) -> str:
        return self._positions.text(_moved(self._positions.start(node), 1), end)


def _literals(node: cst.BaseExpression) -> Iterator[_Literal]:
    """Yield the literals of a string, which may be adjacent ones."""
    while isinstance(node, cst.ConcatenatedString):
        yield node.left
        node = node.right
    assert isinstance(node, _Literal)
    yield node


def _moved(position: CodePosition, columns: int) -> CodePosition:
    return CodePosition(position.line, position.column + columns)
