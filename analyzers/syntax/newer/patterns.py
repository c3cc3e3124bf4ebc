"""Convert LibCST patterns to those of `ast`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst
from libcst.metadata import CodePosition

from workbench.analyzers.syntax.newer.expressions import CONSTANTS, Expressions
from workbench.analyzers.syntax.newer.positions import Positions, identifier


class Patterns:
    """A converter for the patterns of one module."""

    def __init__(self, positions: Positions, expressions: Expressions) -> None:
        self._positions = positions
        self._expressions = expressions

    def pattern(self, node: cst.MatchPattern | cst.MatchStar) -> ast.pattern:
        """Convert a pattern."""
        result = _HANDLERS[type(node)](self, node)
        if isinstance(node, cst.MatchValue | cst.MatchSingleton):
            return self._positions.at(result, node.value)
        if isinstance(node, cst.MatchTuple):
            return self._positions.between(
                result, self._positions.start(node.lpar[-1]), self._positions.end(node.rpar[0])
            )
        if isinstance(node, cst.MatchList) and node.lbracket is None:
            return self._positions.across(result, node.patterns)
        if isinstance(node, cst.MatchStar):
            return self._positions.between(
                result, self._positions.start(node), self._star_end(node)
            )
        return self._positions.at(result, node)

    def _star_end(self, node: cst.MatchStar) -> CodePosition:
        if node.name is not None:
            return self._positions.end(node.name)
        underscore = self._positions.end(node.whitespace_before_name)
        return CodePosition(underscore.line, underscore.column + 1)

    def _patterns(self, nodes: Sequence[Any]) -> list[ast.pattern]:
        return [
            self.pattern(item if isinstance(item, cst.MatchStar) else item.value) for item in nodes
        ]

    def _value(self, node: cst.MatchValue) -> ast.pattern:
        return ast.MatchValue(value=self._expressions.expression(node.value))

    def _singleton(self, node: cst.MatchSingleton) -> ast.pattern:
        return ast.MatchSingleton(value=CONSTANTS[node.value.value])

    def _sequence(self, node: cst.MatchSequence) -> ast.pattern:
        return ast.MatchSequence(patterns=self._patterns(node.patterns))

    def _star(self, node: cst.MatchStar) -> ast.pattern:
        return ast.MatchStar(name=_name(node.name))

    def _mapping(self, node: cst.MatchMapping) -> ast.pattern:
        return ast.MatchMapping(
            keys=[self._expressions.expression(item.key) for item in node.elements],
            patterns=[self.pattern(item.pattern) for item in node.elements],
            rest=_name(node.rest),
        )

    def _class(self, node: cst.MatchClass) -> ast.pattern:
        return ast.MatchClass(
            cls=self._expressions.expression(node.cls),
            patterns=self._patterns(node.patterns),
            kwd_attrs=[identifier(item.key) for item in node.kwds],
            kwd_patterns=[self.pattern(item.pattern) for item in node.kwds],
        )

    def _as(self, node: cst.MatchAs) -> ast.pattern:
        pattern = self.pattern(node.pattern) if node.pattern is not None else None
        return ast.MatchAs(pattern=pattern, name=_name(node.name))

    def _or(self, node: cst.MatchOr) -> ast.pattern:
        return ast.MatchOr(patterns=[self.pattern(item.pattern) for item in node.patterns])


def _name(node: cst.Name | None) -> str | None:
    return identifier(node) if node is not None else None


_HANDLERS: dict[type[cst.CSTNode], Callable[[Patterns, Any], ast.pattern]] = {
    cst.MatchAs: Patterns._as,
    cst.MatchClass: Patterns._class,
    cst.MatchList: Patterns._sequence,
    cst.MatchMapping: Patterns._mapping,
    cst.MatchOr: Patterns._or,
    cst.MatchSingleton: Patterns._singleton,
    cst.MatchStar: Patterns._star,
    cst.MatchTuple: Patterns._sequence,
    cst.MatchValue: Patterns._value,
}
