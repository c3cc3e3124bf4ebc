"""Convert LibCST statements to those of `ast`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst
from libcst.metadata import CodePosition

from workbench.analyzers.syntax.newer.expressions import Expressions, operator
from workbench.analyzers.syntax.newer.patterns import Patterns
from workbench.analyzers.syntax.newer.positions import Positions, dotted, identifier
from workbench.analyzers.syntax.nodes import ParamSpec, TryStar, TypeAlias, TypeVar, TypeVarTuple


class Statements:
    """A converter for the statements of one module."""

    def __init__(self, code: str, module: cst.Module) -> None:
        self._positions = Positions(code, module)
        self._expressions = Expressions(self._positions)
        self._patterns = Patterns(self._positions, self._expressions)
        self._end = CodePosition(1, 0)
        """End of the last simple statement, including a semicolon; its parents end there too."""

    def block(self, nodes: Sequence[cst.CSTNode]) -> list[ast.stmt]:
        """Convert statements; several on one line become separate statements."""
        result: list[ast.stmt] = []
        for node in nodes:
            if isinstance(node, cst.SimpleStatementLine):
                result += self.block(node.body)
            else:
                result.append(self._statement(node))
        return result

    def _statement(self, node: Any) -> ast.stmt:
        result: ast.stmt = _HANDLERS[type(node).__name__](self, node)
        end = self._end
        if isinstance(node, cst.BaseSmallStatement):
            end = self._end = self._positions.end(node)
            if isinstance(node.semicolon, cst.Semicolon):
                end = self._positions.start(node.semicolon.whitespace_before)
                self._end = self._positions.end(node.semicolon)
        return self._positions.between(result, self._positions.start(node), end)

    def _clause(self, node: Any) -> list[ast.stmt]:
        """Convert the statements of ``else`` or ``finally``."""
        return self.block(node.body.body) if node is not None else []

    # -- definitions ----------------------------------------------------------------------------

    def _function(self, node: cst.FunctionDef) -> ast.stmt:
        kind = ast.AsyncFunctionDef if node.asynchronous is not None else ast.FunctionDef
        result = kind(
            name=identifier(node.name),
            args=self._expressions.parameters(node.params),
            body=self.block(node.body.body),
            decorator_list=[
                self._expressions.expression(item.decorator) for item in node.decorators
            ],
            returns=self._expressions.optional(node.returns.annotation if node.returns else None),
        )
        vars(result)["type_params"] = self._type_parameters(node.type_parameters)
        return result

    def _class_definition(self, node: cst.ClassDef) -> ast.stmt:
        bases, keywords = self._expressions.arguments((*node.bases, *node.keywords))
        result = ast.ClassDef(
            name=identifier(node.name),
            bases=bases,
            keywords=keywords,
            body=self.block(node.body.body),
            decorator_list=[
                self._expressions.expression(item.decorator) for item in node.decorators
            ],
        )
        vars(result)["type_params"] = self._type_parameters(node.type_parameters)
        return result

    def _type_parameters(self, node: cst.TypeParameters | None) -> list[Any]:
        return [self._type_parameter(item) for item in node.params] if node is not None else []

    def _type_parameter(self, node: cst.TypeParam) -> Any:
        parameter, default = node.param, self._expressions.optional(node.default)
        end = self._positions.end(parameter)
        if node.default is not None:
            end = self._positions.end(node.default.rpar[-1] if node.default.rpar else node.default)
        if node.star and default is not None and isinstance(node.equal, cst.AssignEqual):
            starred = ast.Starred(value=default, ctx=ast.Load())
            default = self._positions.between(
                starred, self._positions.end(node.equal.whitespace_after), end
            )
        name: dict[str, Any] = {"name": identifier(parameter.name), "default_value": default}
        if isinstance(parameter, cst.TypeVar):
            result = TypeVar(**name, bound=self._expressions.optional(parameter.bound))
        else:
            kind = TypeVarTuple if isinstance(parameter, cst.TypeVarTuple) else ParamSpec
            result = kind(**name)
        return self._positions.between(result, self._positions.start(parameter), end)

    def _type_alias(self, node: cst.TypeAlias) -> Any:
        return TypeAlias(
            name=self._expressions.target(node.name),
            type_params=self._type_parameters(node.type_parameters),
            value=self._expressions.expression(node.value),
        )

    # -- compound statements --------------------------------------------------------------------

    def _if(self, node: cst.If) -> ast.stmt:
        test, body, orelse = (
            self._expressions.expression(node.test),
            self.block(node.body.body),
            node.orelse,
        )
        after = [self._statement(orelse)] if isinstance(orelse, cst.If) else self._clause(orelse)
        return ast.If(test=test, body=body, orelse=after)

    def _while(self, node: cst.While) -> ast.stmt:
        test, body = self._expressions.expression(node.test), self.block(node.body.body)
        return ast.While(test=test, body=body, orelse=self._clause(node.orelse))

    def _for(self, node: cst.For) -> ast.stmt:
        kind = ast.AsyncFor if node.asynchronous is not None else ast.For
        target, iterable = (
            self._expressions.target(node.target),
            self._expressions.expression(node.iter),
        )
        body, orelse = self.block(node.body.body), self._clause(node.orelse)
        return kind(target=target, iter=iterable, body=body, orelse=orelse)

    def _with(self, node: cst.With) -> ast.stmt:
        kind = ast.AsyncWith if node.asynchronous is not None else ast.With
        items = [
            ast.withitem(
                context_expr=self._expressions.expression(item.item),
                optional_vars=self._expressions.target(item.asname.name)
                if item.asname is not None
                else None,
            )
            for item in node.items
        ]
        return kind(items=items, body=self.block(node.body.body))

    def _try(self, node: cst.Try | cst.TryStar) -> Any:
        kind = ast.Try if isinstance(node, cst.Try) else TryStar
        body = self.block(node.body.body)
        handlers = [self._handler(item) for item in node.handlers]
        orelse, final = self._clause(node.orelse), self._clause(node.finalbody)
        return kind(body=body, handlers=handlers, orelse=orelse, finalbody=final)

    def _handler(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> ast.ExceptHandler:
        result = ast.ExceptHandler(
            type=self._expressions.optional(node.type),
            name=dotted(node.name.name) if node.name is not None else None,
            body=self.block(node.body.body),
        )
        return self._positions.between(result, self._positions.start(node), self._end)

    def _match(self, node: cst.Match) -> ast.stmt:
        subject = self._expressions.expression(node.subject)
        cases = [
            ast.match_case(
                pattern=self._patterns.pattern(case.pattern),
                guard=self._expressions.optional(case.guard),
                body=self.block(case.body.body),
            )
            for case in node.cases
        ]
        return ast.Match(subject=subject, cases=cases)

    # -- assignments ----------------------------------------------------------------------------

    def _assign(self, node: cst.Assign) -> ast.stmt:
        targets = [self._expressions.target(item.target) for item in node.targets]
        return ast.Assign(targets=targets, value=self._expressions.expression(node.value))

    def _annotated(self, node: cst.AnnAssign) -> ast.stmt:
        return ast.AnnAssign(
            target=self._expressions.target(node.target),
            annotation=self._expressions.expression(node.annotation.annotation),
            value=self._expressions.optional(node.value),
            simple=int(isinstance(node.target, cst.Name) and not node.target.lpar),
        )

    def _augmented(self, node: cst.AugAssign) -> ast.stmt:
        target, value = (
            self._expressions.target(node.target),
            self._expressions.expression(node.value),
        )
        return ast.AugAssign(target=target, op=operator(node.operator), value=value)

    def _delete(self, node: cst.Del) -> ast.stmt:
        target = self._expressions.target(node.target, ast.Del)
        bare = isinstance(node.target, cst.Tuple) and not node.target.lpar
        return ast.Delete(targets=target.elts if bare else [target])

    # -- imports --------------------------------------------------------------------------------

    def _import(self, node: Any) -> ast.stmt:
        result = ast.Import(names=[self._alias(item) for item in node.names])
        vars(result)["is_lazy"] = int(type(node).__name__ == "LazyImport")
        return result

    def _import_from(self, node: Any) -> ast.stmt:
        star = isinstance(node.names, cst.ImportStar)
        result = ast.ImportFrom(
            module=dotted(node.module) if node.module is not None else None,
            names=[self._positions.at(ast.alias(name="*"), node.names)]
            if star
            else [self._alias(item) for item in node.names],
            level=len(node.relative),
        )
        vars(result)["is_lazy"] = int(type(node).__name__ == "LazyImportFrom")
        return result

    def _alias(self, node: cst.ImportAlias) -> ast.alias:
        asname = dotted(node.asname.name) if node.asname is not None else None
        return self._positions.at(ast.alias(name=dotted(node.name), asname=asname), node)

    # -- other simple statements ----------------------------------------------------------------

    def _expression_statement(self, node: cst.Expr) -> ast.stmt:
        return ast.Expr(value=self._expressions.expression(node.value))

    def _return(self, node: cst.Return) -> ast.stmt:
        return ast.Return(value=self._expressions.optional(node.value))

    def _raise(self, node: cst.Raise) -> ast.stmt:
        cause = self._expressions.expression(node.cause.item) if node.cause is not None else None
        return ast.Raise(exc=self._expressions.optional(node.exc), cause=cause)

    def _assert(self, node: cst.Assert) -> ast.stmt:
        return ast.Assert(
            test=self._expressions.expression(node.test), msg=self._expressions.optional(node.msg)
        )

    def _declaration(self, node: cst.Global | cst.Nonlocal) -> ast.stmt:
        kind = ast.Global if isinstance(node, cst.Global) else ast.Nonlocal
        return kind(names=[identifier(item.name) for item in node.names])

    def _word(self, node: cst.Pass | cst.Break | cst.Continue) -> ast.stmt:
        result: ast.stmt = getattr(ast, type(node).__name__)()
        return result


# By name, because older versions of LibCST lack some of them.
_HANDLERS: dict[str, Callable[[Statements, Any], Any]] = {
    "AnnAssign": Statements._annotated,
    "Assert": Statements._assert,
    "Assign": Statements._assign,
    "AugAssign": Statements._augmented,
    "Break": Statements._word,
    "ClassDef": Statements._class_definition,
    "Continue": Statements._word,
    "Del": Statements._delete,
    "Expr": Statements._expression_statement,
    "For": Statements._for,
    "FunctionDef": Statements._function,
    "Global": Statements._declaration,
    "If": Statements._if,
    "Import": Statements._import,
    "ImportFrom": Statements._import_from,
    "LazyImport": Statements._import,
    "LazyImportFrom": Statements._import_from,
    "Match": Statements._match,
    "Nonlocal": Statements._declaration,
    "Pass": Statements._word,
    "Raise": Statements._raise,
    "Return": Statements._return,
    "Try": Statements._try,
    "TryStar": Statements._try,
    "TypeAlias": Statements._type_alias,
    "While": Statements._while,
    "With": Statements._with,
}
