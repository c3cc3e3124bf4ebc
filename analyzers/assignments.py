"""Record what assignments, deletions and declarations do to names of interest."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from analyzers.names import Context, Held, How, Scope, Use
from analyzers.scopes import Declared
from analyzers.tree import chain
from analyzers.uses import UseRecorder


class AssignmentRecorder(UseRecorder):
    """Adds to the uses of names what gives them other values."""

    def _target(self, node: cst.CSTNode, how: How = How.OTHER) -> None:
        """Record a target of an assignment, of ``for``, ``with``, ``except``, ``del``."""
        if isinstance(node, cst.Name):
            self._see(node)
            self._bind(node, how)
        elif isinstance(node, cst.Attribute):
            deletes = how is How.DELETED
            self._expression(node, Context.DELETE if deletes else Context.STORE)
        elif isinstance(node, cst.Tuple | cst.List):
            for element in node.elements:
                self._target(element.value, how)
        elif isinstance(node, cst.StarredElement):
            self._target(node.value, how)
        else:
            self.visit(node)

    def _assign(self, node: cst.Assign) -> None:
        targets = [assign_target.target for assign_target in node.targets]
        for target in targets:
            if isinstance(target, cst.Name):
                self._see(target)
            else:
                self._target(target)
        names = [target for target in targets if isinstance(target, cst.Name)]
        self._hold(targets, node.value, self._pass_on(names, node.value, self._scope))

    def _hold(
        self,
        targets: Sequence[cst.BaseExpression],
        value: cst.BaseExpression | None,
        use: Use | None,
    ) -> None:
        """Record attributes of plain names that are assigned a name."""
        root = chain(value)[0] if value is not None else None
        for target in targets:
            if not isinstance(target, cst.Attribute) or not isinstance(target.value, cst.Name):
                continue
            if use is not None:
                held = Held(self._scope, target.value.value, target.attr, use)
                self.names.held.append(held)
            if target.attr.value in self._interest and isinstance(root, cst.Name):
                self.names.demanded.add(root.value)

    def _pass_on(
        self, names: Sequence[cst.Name], value: cst.BaseExpression | None, scope: Scope
    ) -> Use | None:
        """Visit a value and bind ``names`` of ``scope`` to it."""
        use = self._expression(value) if value is not None else None
        origin = self._imported_by(value) if value is not None else None
        for name in names:
            if use is not None:
                self._bind(name, How.ASSIGNED, scope, value=use)
            elif origin is not None:
                self._bind(name, How.DYNAMIC, scope, origin=origin)
            else:
                self._bind(name, How.OTHER, scope)
            if name.value in self._interest and value is not None:
                root, _ = chain(value)
                if isinstance(root, cst.Name):
                    self.names.demanded.add(root.value)
        return use

    def _annotated(self, node: cst.AnnAssign) -> None:
        target = node.target
        if isinstance(target, cst.Name):
            self._see(target)
        else:
            self._target(target)
        self.visit(node.annotation)
        names = [target] if isinstance(target, cst.Name) else []
        self._hold([target], node.value, self._pass_on(names, node.value, self._scope))

    def _augmented(self, node: cst.AugAssign) -> None:
        self._target(node.target)
        self.visit(node.value)

    def _walrus(self, node: cst.NamedExpr) -> None:
        target = node.target
        names = [target] if isinstance(target, cst.Name) else []
        for name in names:
            self._see(name)
        self._pass_on(names, node.value, self._scope.walrus_target)

    def _delete(self, node: cst.Del) -> None:
        self._target(node.target, How.DELETED)

    def _as_name(self, node: cst.AsName) -> None:
        self._target(node.name)

    def _declare(self, node: cst.Global | cst.Nonlocal) -> None:
        declared = Declared.GLOBAL if isinstance(node, cst.Global) else Declared.NONLOCAL
        for item in node.names:
            self._see(item.name)
            self._scope.declared[item.name.value] = declared
