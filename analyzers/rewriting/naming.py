"""Names for the modules that functions move to, such that they mean them wherever they are read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain, count, takewhile

from workbench.analyzers.names.bindings import How, Scope
from workbench.analyzers.names.scan import Scan
from workbench.analyzers.names.scopes import visible


@dataclass(frozen=True)
class Name:
    """The expression for a module, and the import statement that makes it valid."""

    expression: str
    statement: str


@dataclass(frozen=True)
class _Given:
    """A name that ``home`` will bind to a module, for code of ``readers``."""

    name: str
    module: str
    home: Scope
    readers: Collection[Scope]

    def hides(self, other: _Given) -> bool:
        """Whether code that reads the other name would find this one."""
        return any(self.home in between(reader, other.home) for reader in other.readers)


class Namer:
    """Chooses the names of one file."""

    def __init__(self, scan: Scan) -> None:
        self._scan = scan
        self._given: list[_Given] = []

    def name(self, module: str, home: Scope, readers: Collection[Scope]) -> Name:
        """A name for ``module``, to be imported in ``home`` and read by code of ``readers``.

        It is the module's own one, unless anything else has that; then an alias.
        """
        root, last = module.partition(".")[0], module.rpartition(".")[2]
        own = _Given(root, module, home, readers)
        if self._is_only_imported(root) and self._is_free(own):
            self._given.append(own)
            return Name(module, f"import {module}")
        numbered = (f"_{last}_{number}" for number in count(1))
        aliases = (_Given(name, module, home, readers) for name in chain([f"_{last}"], numbered))
        alias = next(a for a in aliases if self._is_unused(a.name) and self._is_free(a))
        self._given.append(alias)
        return Name(alias.name, f"import {module} as {alias.name}")

    def _is_only_imported(self, name: str) -> bool:
        bindings = (b for s in self._scan.names.module.walk() for b in s.bindings.get(name, ()))
        return all(b.how is How.IMPORT and b.origin == name for b in bindings)

    def _is_unused(self, name: str) -> bool:
        return re.search(rf"\b{name}\b", self._scan.source.text) is None

    def _is_free(self, wanted: _Given) -> bool:
        """Whether readers find the name in its home, and do not find it in place of another."""
        if wanted.name in wanted.home.declared:
            return False
        scopes = (s for reader in wanted.readers for s in between(reader, wanted.home))
        if any(wanted.name in s.bindings or wanted.name in s.declared for s in scopes):
            return False
        own = wanted.name == wanted.module.partition(".")[0]
        return not any(
            (not own and given.module != wanted.module)
            or given.hides(wanted)
            or wanted.hides(given)
            for given in self._given
            if given.name == wanted.name
        )


def between(reader: Scope, home: Scope) -> Iterator[Scope]:
    """The scopes in which code of ``reader`` looks for a name before it does in ``home``."""
    return takewhile(lambda scope: scope is not home, visible(reader))
