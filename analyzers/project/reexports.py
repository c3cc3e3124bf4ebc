"""Find further names of functions that modules import from each other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from workbench.analyzers.names.bindings import How
from workbench.analyzers.names.scan import Search, scan
from workbench.analyzers.project.discover import SUFFIXES
from workbench.analyzers.project.modules import module_parts, package_of
from workbench.analyzers.rules import Rule, RuleIndex
from workbench.analyzers.syntax.source import Source, SourceError

_STAR = ":"
"""Separator between a module and a name that may come from a star import of it."""
_ENDINGS = tuple(end for suffix in SUFFIXES for end in (suffix, f"{os.sep}__init__{suffix}"))
"""Possible endings of a module's location."""
_LONGEST_CHAIN = 50
"""Limit for chains of re-exports; `from .a.a import a` in a module `a` never ends."""


class NamesCache(Protocol):
    """A cache of sets of names by a key and the content of a file."""

    def names(self, key: tuple[str, ...], data: bytes) -> frozenset[str] | None:
        """Return the names stored for a key and a content, or None."""

    def keep_names(self, key: tuple[str, ...], data: bytes, names: frozenset[str]) -> None:
        """Store the names for a key and a content."""


class Modules:
    """The modules of a code base by dotted name, and what they import."""

    def __init__(self, locations: Iterable[str], cache: NamesCache) -> None:
        self._cache = cache
        self._by_last: dict[str, list[str]] = {}
        for location in locations:
            directory, _, name = location.rpartition(os.sep)
            last = name.partition(".")[0]
            if last == "__init__":
                last = directory.rpartition(os.sep)[2]
            self._by_last.setdefault(last, []).append(location)
        self._locations: dict[str, Path | None] = {}
        self._origins: dict[tuple[str, str], frozenset[str]] = {}
        self._meanings: dict[str, Rule | None] = {}

    def reexported(self, names: Iterable[str], rules: RuleIndex) -> dict[str, Rule]:
        """Return those of the qualified ``names`` that resolve to functions of the rules."""
        self._meanings = dict(rules.by_name)
        found = ((name, self._rule(name, 0)) for name in names)
        return {name: rule for name, rule in found if rule is not None}

    def owned(self, names: Iterable[str]) -> set[str]:
        """Return those of ``names`` that are attributes of a module in the code base."""
        return {name for name in names if self._location(name.rpartition(".")[0])}

    def _rule(self, name: str, chain: int) -> Rule | None:
        if name in self._meanings or chain == _LONGEST_CHAIN:
            return self._meanings.get(name)
        self._meanings[name] = None  # ends recursion in cyclic re-exports
        module = self._module_of(name)
        if module is not None:
            attribute, *rest = name.removeprefix(f"{module}.").split(".")
            origins = self._origins_of(module, attribute)
            meanings = {self._meaning(origin, rest, chain + 1) for origin in origins}
            self._meanings[name] = meanings.pop() if len(meanings) == 1 else None
        return self._meanings[name]

    def _meaning(self, origin: str, attributes: Sequence[str], chain: int) -> Rule | None:
        module, star, last = origin.partition(_STAR)
        name = ".".join((module, last, *attributes) if star else (module, *attributes))
        if star and name not in self._meanings and self._location(module) is None:
            return None  # a star import of an external module may bind anything
        return self._rule(name, chain)

    def _module_of(self, name: str) -> str | None:
        """Return the module of the code base in which the lookup of a dotted name starts."""
        module = name.rpartition(".")[0]
        while module and self._location(module) is None:
            module = module.rpartition(".")[0]
        return module or None

    def _location(self, module: str) -> Path | None:
        """Return the location of a module; the last one if several have the same name."""
        if module not in self._locations:
            endings = tuple(f"{os.sep}{module.replace('.', os.sep)}{end}" for end in _ENDINGS)
            last = self._by_last.get(module.rpartition(".")[2], ())
            alike = (location for location in last if location.endswith(endings))
            found = [path for path in map(Path, alike) if ".".join(module_parts(path)) == module]
            self._locations[module] = found[-1] if found else None
        return self._locations[module]

    def _origins_of(self, module: str, name: str) -> frozenset[str]:
        """Return the origins of a module's name; empty if it is not only imported."""
        key = (module, name)
        if key not in self._origins:
            location = self._location(module)
            assert location is not None
            self._origins[key] = self._read_origins(location, name)
        return self._origins[key]

    def _read_origins(self, location: Path, name: str) -> frozenset[str]:
        try:
            data = location.read_bytes()
        except OSError:
            return frozenset()
        package = package_of(location, module_parts(location))
        key = (*package, name)
        known = self._cache.names(key, data)
        if known is None:
            known = _origins(data, name, package)
            self._cache.keep_names(key, data, known)
        return known


def _origins(data: bytes, name: str, package: tuple[str, ...]) -> frozenset[str]:
    search = Search(frozenset((name,)), frozenset(), package=package)
    try:
        names = scan(Source(data), search).names
    except (SourceError, ValueError, RecursionError):
        return frozenset()
    bindings = names.module.bindings.get(name, [])
    if not bindings:
        return frozenset(f"{star.origin}{_STAR}{name}" for star in names.stars)
    if any(binding.how is not How.IMPORT or binding.origin is None for binding in bindings):
        return frozenset()
    return frozenset(binding.origin for binding in bindings if binding.origin is not None)


def aliases(exports: Iterable[Mapping[str, Rule]], rules: RuleIndex) -> dict[str, Rule]:
    """Return new names that modules give to functions by ``import … as``."""
    merged = {name: rule for exported in exports for name, rule in exported.items()}
    return {name: rule for name, rule in merged.items() if name not in rules.by_name}
