"""Record what assignments, deletions and declarations do to names of interest."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from analyzers.names import Context, Held, How, Scope, Token, Use
from analyzers.scopes import Declared
from analyzers.tree import chain
from analyzers.uses import UseRecorder


class AssignmentRecorder(UseRecorder):
    """Adds to the uses of names what gives them other values."""

    def _target(self, node: ast.expr, how: How = How.OTHER) -> None:
        """Record a target of an assignment, of ``for``, ``with``, ``del``."""
        if isinstance(node, ast.Name):
            self._bind(self._token(node), how)
        elif isinstance(node, ast.Attribute):
            deletes = how is How.DELETED
            self._expression(node, Context.DELETE if deletes else Context.STORE)
        elif isinstance(node, ast.Tuple | ast.List):
            for element in node.elts:
                self._target(element, how)
        elif isinstance(node, ast.Starred):
            self._target(node.value, how)
        else:
            self.visit(node)

    def _assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if not isinstance(target, ast.Name):
                self._target(target)
        names = [target for target in node.targets if isinstance(target, ast.Name)]
        use = self._pass_on([self._token(name) for name in names], node.value, self._scope)
        self._hold(node.targets, node.value, use)

    def _hold(self, targets: Sequence[ast.expr], value: ast.expr | None, use: Use | None) -> None:
        """Record attributes of plain names that are assigned a name."""
        root = chain(value)[0] if value is not None else None
        for target in targets:
            if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
                continue
            if use is not None:
                token = self._places.last(target.attr, target)
                self.names.held.append(Held(self._scope, target.value.id, token, use))
            if target.attr in self._interest and isinstance(root, ast.Name):
                self.names.demanded.add(root.id)

    def _pass_on(
        self, tokens: Sequence[Token | None], value: ast.expr | None, scope: Scope
    ) -> Use | None:
        """Visit a value and bind names of ``scope`` to it; those of no interest are None."""
        use = self._expression(value) if value is not None else None
        origin = self._imported_by(value) if value is not None else None
        for token in tokens:
            if use is not None:
                self._bind(token, How.ASSIGNED, scope, value=use)
            elif origin is not None:
                self._bind(token, How.DYNAMIC, scope, origin=origin)
            else:
                self._bind(token, How.OTHER, scope)
            if token is not None and value is not None:
                root, _ = chain(value)
                if isinstance(root, ast.Name):
                    self.names.demanded.add(root.id)
        return use

    def _annotated(self, node: ast.AnnAssign) -> None:
        target = node.target
        if not isinstance(target, ast.Name):
            self._target(target)
        self._annotation(node.annotation)
        tokens = [self._token(target)] if isinstance(target, ast.Name) else []
        self._hold([target], node.value, self._pass_on(tokens, node.value, self._scope))

    def _augmented(self, node: ast.AugAssign) -> None:
        self._target(node.target)
        self.visit(node.value)

    def _walrus(self, node: ast.NamedExpr) -> None:
        self._pass_on([self._token(node.target)], node.value, self._scope.walrus_target)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self._target(target, How.DELETED)

    def _item(self, node: ast.withitem) -> None:
        self.visit(node.context_expr)
        if node.optional_vars is not None:
            self._target(node.optional_vars)

    def _declare(self, node: ast.Global | ast.Nonlocal) -> None:
        declared = Declared.GLOBAL if isinstance(node, ast.Global) else Declared.NONLOCAL
        for name in node.names:
            self._scope.declared[name] = declared
