"""Functions that are known under further names, because modules import them from each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import libcst as cst

from analyzers.discover import PythonFile
from analyzers.model import Rule
from analyzers.modules import containing_package, module_parts
from analyzers.names import How
from analyzers.rules import RuleIndex
from analyzers.scan import Search, scan
from analyzers.source import Source, SourceError


class Modules:
    """The modules of a code base by their dotted names, and what they import."""

    def __init__(self, files: Iterable[PythonFile]) -> None:
        self._locations = {".".join(module_parts(file.location)): file.location for file in files}
        self._origins: dict[tuple[str, str], frozenset[str]] = {}

    def reexported(self, names: Iterable[str], rules: RuleIndex) -> dict[str, Rule]:
        """Those of the qualified ``names`` that turn out to be functions of the rules."""
        found = ((name, self._rule(name, rules, frozenset())) for name in names)
        return {name: rule for name, rule in found if rule is not None}

    def owned(self, names: Iterable[str]) -> set[str]:
        """Those of the ``names`` whose last part a module binds itself, not only a path to it."""
        return {name for name in names if name.rpartition(".")[0] in self._locations}

    def _rule(self, name: str, rules: RuleIndex, seen: frozenset[str]) -> Rule | None:
        if name in rules.by_name:
            return rules.by_name[name]
        module = self._module_of(name)
        if name in seen or module is None:
            return None
        attribute, *rest = name.removeprefix(f"{module}.").split(".")
        origins = self._origins_of(module, attribute)
        names = (".".join((origin, *rest)) for origin in origins)
        meanings = {self._rule(n, rules, seen | {name}) for n in names}
        return meanings.pop() if len(meanings) == 1 else None

    def _module_of(self, name: str) -> str | None:
        """The module of the code base in which the lookup of a dotted name begins."""
        module = name.rpartition(".")[0]
        while module and module not in self._locations:
            module = module.rpartition(".")[0]
        return module or None

    def _origins_of(self, module: str, name: str) -> frozenset[str]:
        """Where the name of a module comes from; empty if it is not only imported."""
        key = (module, name)
        if key not in self._origins:
            self._origins[key] = _origins(self._locations[module], name)
        return self._origins[key]


def _origins(location: Path, name: str) -> frozenset[str]:
    search = Search(frozenset((name,)), frozenset(), package=containing_package(location))
    try:
        names = scan(Source(location.read_bytes()), search).names
    except (OSError, SourceError, ValueError, cst.ParserSyntaxError, RecursionError):
        return frozenset()
    bindings = names.module.bindings.get(name, [])
    if not bindings:
        return frozenset(f"{star.origin}.{name}" for star in names.stars)
    if any(binding.how is not How.IMPORT or binding.origin is None for binding in bindings):
        return frozenset()
    return frozenset(binding.origin for binding in bindings if binding.origin is not None)


def aliases(exports: Iterable[Mapping[str, Rule]], rules: RuleIndex) -> dict[str, Rule]:
    """Names that modules give to functions by ``import … as``, not known yet."""
    merged = {name: rule for exported in exports for name, rule in exported.items()}
    return {name: rule for name, rule in merged.items() if name not in rules.by_name}
