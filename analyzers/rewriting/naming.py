"""Choose names for the new modules that resolve to them wherever they are read."""

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
    """Expression for a module, and the import statement that makes it valid."""

    expression: str
    statement: str


@dataclass(frozen=True)
class _Candidate:
    """A name for ``home`` to bind to a module, read by code in ``readers``."""

    name: str
    module: str
    home: Scope
    readers: Collection[Scope]

    def hides(self, other: _Candidate) -> bool:
        """Return whether code that reads the other name would find this one."""
        return any(self.home in between(reader, other.home) for reader in other.readers)


class Namer:
    """Chooser of the module names in one file."""

    def __init__(self, scan: Scan) -> None:
        self._scan = scan
        self._chosen: list[_Candidate] = []

    def name(self, module: str, home: Scope, readers: Collection[Scope]) -> Name:
        """Return a name for ``module``, imported in ``home`` and read by code in ``readers``.

        This is the module's own name or, if that is taken, an alias.
        """
        root, last = module.partition(".")[0], module.rpartition(".")[2]
        own = _Candidate(root, module, home, readers)
        if self._is_only_imported(root) and self._is_free(own):
            self._chosen.append(own)
            return Name(module, f"import {module}")
        numbered = (f"_{last}_{number}" for number in count(1))
        names = chain([f"_{last}"], numbered)
        aliases = (_Candidate(name, module, home, readers) for name in names)
        alias = next(a for a in aliases if self._is_unused(a.name) and self._is_free(a))
        self._chosen.append(alias)
        return Name(alias.name, f"import {module} as {alias.name}")

    def _is_only_imported(self, name: str) -> bool:
        bindings = (b for s in self._scan.names.module.walk() for b in s.bindings.get(name, ()))
        return all(b.how is How.IMPORT and b.origin == name for b in bindings)

    def _is_unused(self, name: str) -> bool:
        return re.search(rf"\b{name}\b", self._scan.source.text) is None

    def _is_free(self, wanted: _Candidate) -> bool:
        """Return whether readers find the name in its home, and it hides no other name."""
        if wanted.name in wanted.home.declared:
            return False
        scopes = (s for reader in wanted.readers for s in between(reader, wanted.home))
        if any(wanted.name in s.bindings or wanted.name in s.declared for s in scopes):
            return False
        own = wanted.name == wanted.module.partition(".")[0]
        return not any(
            (not own and chosen.module != wanted.module)
            or chosen.hides(wanted)
            or wanted.hides(chosen)
            for chosen in self._chosen
            if chosen.name == wanted.name
        )


def between(reader: Scope, home: Scope) -> Iterator[Scope]:
    """Yield the scopes in which code in ``reader`` looks up a name before it reaches ``home``."""
    return takewhile(lambda scope: scope is not home, visible(reader))
