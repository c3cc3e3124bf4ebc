"""Convert positions of LibCST nodes to those of `ast`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, TypeVar

import libcst as cst
from libcst.metadata import CodePosition, MetadataWrapper, PositionProvider

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_Node = TypeVar("_Node")


class Positions:
    """A converter of positions; in `ast`, lines start at 1 and columns, in UTF-8 bytes, at 0."""

    def __init__(self, code: str, module: cst.Module) -> None:
        # The parser does not reuse nodes, so the tree need not be copied to make them unique.
        self._spans = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
        self._lines = _LINE.findall(code)
        # Positions refer to the code that LibCST prints, which lacks form feeds before code.
        printed = _LINE.findall(module.code)
        self._dropped = [
            len(line.rstrip("\r\n")) - len(kept.rstrip("\r\n"))
            for line, kept in zip(self._lines, printed, strict=False)
        ]

    def start(self, node: cst.CSTNode) -> CodePosition:
        """Return the start of a node, inside its own parentheses."""
        return self._spans[node].start

    def end(self, node: cst.CSTNode) -> CodePosition:
        """Return the end of a node, inside its own parentheses."""
        return self._spans[node].end

    def at(self, node: _Node, source: cst.CSTNode) -> _Node:
        """Give a node the position of a LibCST node."""
        return self.between(node, self.start(source), self.end(source))

    def across(self, node: _Node, elements: Sequence[Any]) -> _Node:
        """Give a node the range of its elements, including a trailing comma."""
        comma = elements[-1].comma
        end = self.end(comma if isinstance(comma, cst.Comma) else elements[-1])
        return self.between(node, self.start(elements[0]), end)

    def between(self, node: _Node, start: CodePosition, end: CodePosition) -> _Node:
        """Give a node the range between two positions."""
        vars(node).update(
            lineno=start.line,
            col_offset=self._column(start),
            end_lineno=end.line,
            end_col_offset=self._column(end),
        )
        return node

    def text(self, start: CodePosition, end: CodePosition) -> str:
        """Return the source between two positions."""
        lines = self._lines[start.line - 1 : end.line]
        lines[-1] = lines[-1][: end.column + self._dropped[end.line - 1]]
        lines[0] = lines[0][start.column + self._dropped[start.line - 1] :]
        return "".join(lines)

    def _column(self, position: CodePosition) -> int:
        line = position.line - 1
        before = self._lines[line][: position.column + self._dropped[line]]
        return len(before.encode())


def identifier(node: cst.Name) -> str:
    """Return a name as Python normalises it (PEP 3131)."""
    return unicodedata.normalize("NFKC", node.value)


def dotted(node: cst.BaseExpression) -> str:
    """Return a dotted name of an import as text."""
    if isinstance(node, cst.Attribute):
        return f"{dotted(node.value)}.{identifier(node.attr)}"
    assert isinstance(node, cst.Name)
    return identifier(node)
