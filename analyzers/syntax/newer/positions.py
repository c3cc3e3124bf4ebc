"""Where LibCST nodes are, as `ast` says it."""

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
    """Gives nodes of `ast` their positions: lines from 1, columns from 0 in bytes of UTF-8."""

    def __init__(self, code: str, module: cst.Module) -> None:
        # The parser shares no nodes, so that the tree need not be copied to tell them apart.
        self._spans = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
        self._lines = _LINE.findall(code)
        # The positions are those in the code that LibCST prints: without form feeds before it.
        printed = _LINE.findall(module.code)
        self._dropped = [
            len(line.rstrip("\r\n")) - len(kept.rstrip("\r\n"))
            for line, kept in zip(self._lines, printed, strict=False)
        ]

    def start(self, node: cst.CSTNode) -> CodePosition:
        """Where a node begins, after its own parentheses."""
        return self._spans[node].start

    def end(self, node: cst.CSTNode) -> CodePosition:
        """Where a node ends, before its own parentheses."""
        return self._spans[node].end

    def at(self, node: _Node, source: cst.CSTNode) -> _Node:
        """Place a node where a LibCST node is."""
        return self.between(node, self.start(source), self.end(source))

    def across(self, node: _Node, elements: Sequence[Any]) -> _Node:
        """Place a node where its elements are, with the comma after the last one."""
        comma = elements[-1].comma
        end = self.end(comma if isinstance(comma, cst.Comma) else elements[-1])
        return self.between(node, self.start(elements[0]), end)

    def between(self, node: _Node, start: CodePosition, end: CodePosition) -> _Node:
        """Place a node from one position to another."""
        vars(node).update(
            lineno=start.line,
            col_offset=self._column(start),
            end_lineno=end.line,
            end_col_offset=self._column(end),
        )
        return node

    def text(self, start: CodePosition, end: CodePosition) -> str:
        """The source from one position to another."""
        lines = self._lines[start.line - 1 : end.line]
        lines[-1] = lines[-1][: end.column + self._dropped[end.line - 1]]
        lines[0] = lines[0][start.column + self._dropped[start.line - 1] :]
        return "".join(lines)

    def _column(self, position: CodePosition) -> int:
        line = position.line - 1
        before = self._lines[line][: position.column + self._dropped[line]]
        return len(before.encode())


def identifier(node: cst.Name) -> str:
    """The name that Python makes of one in the source (PEP 3131)."""
    return unicodedata.normalize("NFKC", node.value)


def dotted(node: cst.BaseExpression) -> str:
    """A dotted name as it stands in an import."""
    if isinstance(node, cst.Attribute):
        return f"{dotted(node.value)}.{identifier(node.attr)}"
    assert isinstance(node, cst.Name)
    return identifier(node)
