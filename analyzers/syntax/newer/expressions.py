"""Convert LibCST expressions to those of `ast`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst
from libcst.metadata import CodePosition

from workbench.analyzers.syntax.newer.positions import Positions, identifier
from workbench.analyzers.syntax.newer.strings import Strings

CONSTANTS = {"None": None, "True": True, "False": False}
_OPERATORS = {
    "BitInvert": "Invert",
    "Divide": "Div",
    "Equal": "Eq",
    "FloorDivide": "FloorDiv",
    "GreaterThan": "Gt",
    "GreaterThanEqual": "GtE",
    "LeftShift": "LShift",
    "LessThan": "Lt",
    "LessThanEqual": "LtE",
    "MatrixMultiply": "MatMult",
    "Minus": "USub",
    "Modulo": "Mod",
    "Multiply": "Mult",
    "NotEqual": "NotEq",
    "Plus": "UAdd",
    "Power": "Pow",
    "RightShift": "RShift",
    "Subtract": "Sub",
}
"""LibCST's names of operators and the names in `ast`, where they differ."""


class Expressions:
    """A converter for the expressions of one module."""

    def __init__(self, positions: Positions) -> None:
        self._positions = positions
        self._strings = Strings(positions, self.expression)

    def expression(self, node: cst.BaseExpression) -> ast.expr:
        """Convert an expression that is read."""
        result: ast.expr = _HANDLERS[type(node).__name__](self, node)
        if isinstance(node, cst.Tuple | cst.GeneratorExp) and node.lpar:
            return self._positions.between(
                result, self._positions.start(node.lpar[-1]), self._positions.end(node.rpar[0])
            )
        if isinstance(node, cst.Tuple):
            return self._positions.across(result, node.elements)
        return self._positions.at(result, node)

    def optional(self, node: cst.BaseExpression | None) -> ast.expr | None:
        """Convert an expression, or return None if there is none."""
        return self.expression(node) if node is not None else None

    def target(self, node: cst.BaseExpression, context: type[ast.expr_context] = ast.Store) -> Any:
        """Convert an expression that is assigned or deleted."""
        result = self.expression(node)
        _set_context(result, context)
        return result

    def elements(self, nodes: Sequence[cst.BaseElement]) -> list[ast.expr]:
        """Convert the elements of a tuple, a list or a set."""
        return [
            self.expression(node if isinstance(node, cst.StarredElement) else node.value)
            for node in nodes
        ]

    def arguments(self, nodes: Sequence[cst.Arg]) -> tuple[list[ast.expr], list[ast.keyword]]:
        """Convert the positional and the keyword arguments of a call or a class."""
        positional: list[ast.expr] = []
        named: list[ast.keyword] = []
        for node in nodes:
            value = self.expression(node.value)
            if node.keyword is not None or node.star == "**":
                name = identifier(node.keyword) if node.keyword is not None else None
                named.append(self._positions.at(ast.keyword(arg=name, value=value), node))
            elif node.star:
                positional.append(
                    self._positions.at(ast.Starred(value=value, ctx=ast.Load()), node)
                )
            else:
                positional.append(value)
        return positional, named

    def parameters(self, node: cst.Parameters) -> ast.arguments:
        """Convert the parameters of a function."""
        plain = (*node.posonly_params, *node.params)
        return ast.arguments(
            posonlyargs=[self._parameter(item) for item in node.posonly_params],
            args=[self._parameter(item) for item in node.params],
            vararg=self._parameter(node.star_arg) if isinstance(node.star_arg, cst.Param) else None,
            kwonlyargs=[self._parameter(item) for item in node.kwonly_params],
            kw_defaults=[self.optional(item.default) for item in node.kwonly_params],
            kwarg=self._parameter(node.star_kwarg) if node.star_kwarg is not None else None,
            defaults=[self.expression(item.default) for item in plain if item.default is not None],
        )

    def _parameter(self, node: cst.Param) -> ast.arg:
        annotation = self.expression(node.annotation.annotation) if node.annotation else None
        result = ast.arg(arg=identifier(node.name), annotation=annotation)
        return self._positions.between(
            result,
            self._positions.start(node.name),
            self._positions.end(node.annotation or node.name),
        )

    # -- names and constants --------------------------------------------------------------------

    def _name(self, node: cst.Name) -> ast.expr:
        if node.value in CONSTANTS:
            return ast.Constant(value=CONSTANTS[node.value])
        return ast.Name(id=identifier(node), ctx=ast.Load())

    def _attribute(self, node: cst.Attribute) -> ast.expr:
        value = self.expression(node.value)
        return ast.Attribute(value=value, attr=identifier(node.attr), ctx=ast.Load())

    def _number(self, node: cst.Integer | cst.Float | cst.Imaginary) -> ast.expr:
        return ast.Constant(value=node.evaluated_value)

    def _string(self, node: Any) -> ast.expr:
        result: ast.expr = self._strings.string(node)
        return result

    def _ellipsis(self, _: cst.Ellipsis) -> ast.expr:
        return ast.Constant(value=...)

    # -- operators ------------------------------------------------------------------------------

    def _binary(self, node: cst.BinaryOperation) -> ast.expr:
        left, right = self.expression(node.left), self.expression(node.right)
        return ast.BinOp(left=left, op=operator(node.operator), right=right)

    def _boolean(self, node: cst.BooleanOperation) -> ast.expr:
        values, left, kind = [node.right], node.left, type(node.operator)
        while (
            isinstance(left, cst.BooleanOperation)
            and isinstance(left.operator, kind)
            and not left.lpar
        ):
            values.append(left.right)
            left = left.left
        values.append(left)
        converted = [self.expression(value) for value in reversed(values)]
        return ast.BoolOp(op=operator(node.operator), values=converted)

    def _unary(self, node: cst.UnaryOperation) -> ast.expr:
        return ast.UnaryOp(op=operator(node.operator), operand=self.expression(node.expression))

    def _comparison(self, node: cst.Comparison) -> ast.expr:
        return ast.Compare(
            left=self.expression(node.left),
            ops=[operator(item.operator) for item in node.comparisons],
            comparators=[self.expression(item.comparator) for item in node.comparisons],
        )

    def _conditional(self, node: cst.IfExp) -> ast.expr:
        body, test = self.expression(node.body), self.expression(node.test)
        return ast.IfExp(test=test, body=body, orelse=self.expression(node.orelse))

    def _walrus(self, node: cst.NamedExpr) -> ast.expr:
        return ast.NamedExpr(target=self.target(node.target), value=self.expression(node.value))

    def _await(self, node: cst.Await) -> ast.expr:
        return ast.Await(value=self.expression(node.expression))

    def _yield(self, node: cst.Yield) -> ast.expr:
        if isinstance(node.value, cst.From):
            return ast.YieldFrom(value=self.expression(node.value.item))
        return ast.Yield(value=self.optional(node.value))

    def _lambda(self, node: cst.Lambda) -> ast.expr:
        return ast.Lambda(args=self.parameters(node.params), body=self.expression(node.body))

    def _call(self, node: cst.Call) -> ast.expr:
        function = self.expression(node.func)
        positional, named = self.arguments(node.args)
        sole = node.args[0].value if node.args else None
        if isinstance(sole, cst.GeneratorExp) and not sole.lpar:
            self._positions.between(
                positional[0],
                self._positions.end(node.whitespace_after_func),
                self._positions.end(node),
            )
        return ast.Call(func=function, args=positional, keywords=named)

    # -- subscripts -----------------------------------------------------------------------------

    def _subscript(self, node: cst.Subscript) -> ast.expr:
        value, last = self.expression(node.value), node.slice[-1]
        items = [self._index(item.slice) for item in node.slice]
        index = items[0]
        trailing = isinstance(last.comma, cst.Comma)
        if len(items) > 1 or trailing or isinstance(index, ast.Starred):
            index = self._positions.across(ast.Tuple(elts=items, ctx=ast.Load()), node.slice)
            if isinstance(last.slice, cst.Slice) and not trailing:
                self._positions.between(
                    index, self._positions.start(node.slice[0]), self._slice_end(last.slice)
                )
        return ast.Subscript(value=value, slice=index, ctx=ast.Load())

    def _index(self, node: cst.BaseSlice) -> ast.expr:
        if isinstance(node, cst.Index):
            value = self.expression(node.value)
            return (
                self._positions.at(ast.Starred(value=value, ctx=ast.Load()), node)
                if node.star
                else value
            )
        assert isinstance(node, cst.Slice)
        lower, upper = self.optional(node.lower), self.optional(node.upper)
        result = ast.Slice(lower=lower, upper=upper, step=self.optional(node.step))
        start = self._positions.start(node if node.lower is not None else node.first_colon)
        return self._positions.between(result, start, self._slice_end(node))

    def _slice_end(self, node: cst.Slice) -> CodePosition:
        """Return the end of a slice; LibCST includes whitespace after a final colon."""
        if node.step is None and isinstance(node.second_colon, cst.Colon):
            return self._positions.end(node.second_colon)
        if node.step is None and node.upper is None:
            return self._positions.end(node.first_colon)
        return self._positions.end(node)

    # -- displays -------------------------------------------------------------------------------

    def _tuple(self, node: cst.Tuple) -> ast.expr:
        return ast.Tuple(elts=self.elements(node.elements), ctx=ast.Load())

    def _list(self, node: cst.List) -> ast.expr:
        return ast.List(elts=self.elements(node.elements), ctx=ast.Load())

    def _set(self, node: cst.Set) -> ast.expr:
        return ast.Set(elts=self.elements(node.elements))

    def _starred(self, node: cst.StarredElement) -> ast.expr:
        return ast.Starred(value=self.expression(node.value), ctx=ast.Load())

    def _dict(self, node: cst.Dict) -> ast.expr:
        keys = (item.key if isinstance(item, cst.DictElement) else None for item in node.elements)
        values = [self.expression(item.value) for item in node.elements]
        return ast.Dict(keys=[self.optional(key) for key in keys], values=values)

    def _comprehension(self, node: cst.BaseSimpleComp) -> ast.expr:
        kind = getattr(ast, type(node).__name__)
        result: ast.expr = kind(elt=self.expression(node.elt), generators=self._loops(node.for_in))
        return result

    def _dict_comprehension(self, node: cst.DictComp) -> ast.expr:
        key, value = self.expression(node.key), self.expression(node.value)
        return ast.DictComp(key=key, value=value, generators=self._loops(node.for_in))

    def _unpacking_comprehension(self, node: Any) -> ast.expr:
        """Convert ``{**a for a in b}``; in Python 3.15 the unpacked expression is the key."""
        absent: Any = None
        key, loops = self.expression(node.value), self._loops(node.for_in)
        return ast.DictComp(key=key, value=absent, generators=loops)

    def _loops(self, loop: cst.CompFor | None) -> list[ast.comprehension]:
        result = []
        while loop is not None:
            converted = ast.comprehension(
                target=self.target(loop.target),
                iter=self.expression(loop.iter),
                ifs=[self.expression(item.test) for item in loop.ifs],
                is_async=int(loop.asynchronous is not None),
            )
            result.append(converted)
            loop = loop.inner_for_in
        return result


def operator(node: cst.CSTNode) -> Any:
    """Convert an operator, including those of augmented assignments."""
    name = type(node).__name__.removesuffix("Assign")
    return getattr(ast, _OPERATORS.get(name, name))()


def _set_context(node: Any, context: type[ast.expr_context]) -> None:
    node.ctx = context()
    inner = node.elts if isinstance(node, ast.Tuple | ast.List) else []
    for item in [node.value] if isinstance(node, ast.Starred) else inner:
        _set_context(item, context)


# By name, because older versions of LibCST lack some of them.
_HANDLERS: dict[str, Callable[[Expressions, Any], ast.expr]] = {
    "Attribute": Expressions._attribute,
    "Await": Expressions._await,
    "BinaryOperation": Expressions._binary,
    "BooleanOperation": Expressions._boolean,
    "Call": Expressions._call,
    "Comparison": Expressions._comparison,
    "ConcatenatedString": Expressions._string,
    "Dict": Expressions._dict,
    "DictComp": Expressions._dict_comprehension,
    "Ellipsis": Expressions._ellipsis,
    "Float": Expressions._number,
    "FormattedString": Expressions._string,
    "GeneratorExp": Expressions._comprehension,
    "IfExp": Expressions._conditional,
    "Imaginary": Expressions._number,
    "Integer": Expressions._number,
    "Lambda": Expressions._lambda,
    "List": Expressions._list,
    "ListComp": Expressions._comprehension,
    "Name": Expressions._name,
    "NamedExpr": Expressions._walrus,
    "Set": Expressions._set,
    "SetComp": Expressions._comprehension,
    "SimpleString": Expressions._string,
    "StarredDictComp": Expressions._unpacking_comprehension,
    "StarredElement": Expressions._starred,
    "Subscript": Expressions._subscript,
    "TemplatedString": Expressions._string,
    "Tuple": Expressions._tuple,
    "UnaryOperation": Expressions._unary,
    "Yield": Expressions._yield,
}
