"""The names to replace, indexed by what the resolver asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from analyzers.model import Rule


@dataclass(frozen=True)
class RuleIndex:
    """Rules by qualified name; re-exports make one rule known under several names."""

    by_name: Mapping[str, Rule]

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> RuleIndex:
        """Index rules under their old names."""
        return cls({rule.old: rule for rule in rules})

    def also(self, names: Mapping[str, Rule]) -> RuleIndex:
        """The same rules, known under further names."""
        return RuleIndex({**self.by_name, **names})

    @cached_property
    def heads(self) -> frozenset[str]:
        """Last parts of the names: what a file must contain to be of interest."""
        return frozenset(name.rpartition(".")[2] for name in self.by_name)

    @cached_property
    def modules(self) -> frozenset[str]:
        """What holds the named functions."""
        return frozenset(name.rpartition(".")[0] for name in self.by_name)

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """Every proper prefix of a name: ``a`` and ``a.b`` of ``a.b.c``."""
        parts = [name.split(".") for name in self.by_name]
        return frozenset(".".join(p[:length]) for p in parts for length in range(1, len(p)))

    @cached_property
    def new_roots(self) -> frozenset[str]:
        """The top-level packages that the new names come from."""
        return frozenset(rule.new.partition(".")[0] for rule in self.by_name.values())

    def find(self, path: str, attributes: tuple[str, ...]) -> tuple[Rule, int] | None:
        """The rule for ``path`` with as few of ``attributes`` as it takes, and their number."""
        if path in self.by_name:
            return self.by_name[path], 0
        for count, attribute in enumerate(attributes, 1):
            if path not in self.prefixes:
                return None
            path = f"{path}.{attribute}"
            if path in self.by_name:
                return self.by_name[path], count
        return None
