"""The names to replace, indexed for the resolver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

KEEP_NEEDLE = "workbench:"
"""Text that every suppression contains (see `suppressions`)."""


@dataclass(frozen=True)
class Copy:
    """The data that identifies copies of a function's body."""

    fingerprint: str
    """See `workbench.analyzers.copies.fingerprint`."""
    needles: tuple[str, ...]
    """Strings that every copy contains, rarest first; code without all of them is not parsed."""
    published: str
    """Published versions with this body, as text for the user."""


@dataclass(frozen=True)
class Rule:
    """One name to replace: ``old`` and ``new`` are qualified names, ``label`` names the pair."""

    old: str
    new: str
    label: str
    copies: tuple[Copy, ...] = ()
    """The bodies of the function in its published versions."""


class Hit(NamedTuple):
    """A rule that a dotted name matches."""

    rule: Rule
    depth: int
    """Number of attributes that are part of the match."""
    target: str
    """The variable that is read; a module that imports the function has its own variable."""


@dataclass(frozen=True)
class RuleIndex:
    """Rules by qualified name; through re-exports a rule can have several names."""

    by_name: Mapping[str, Rule]
    own: frozenset[str] = frozenset()
    """Names that are separate variables because a module imports the function itself."""
    others: frozenset[str] = frozenset()
    """Labels that are known but not searched for; suppressions may still name them."""

    @classmethod
    def of(cls, rules: Iterable[Rule], others: Iterable[str] = ()) -> RuleIndex:
        """Index rules by their old names."""
        return cls({rule.old: rule for rule in rules}, others=frozenset(others))

    def also(self, names: Mapping[str, Rule], own: Iterable[str]) -> RuleIndex:
        """Return an index of the same rules with additional names."""
        return RuleIndex({**self.by_name, **names}, self.own.union(own), self.others)

    @cached_property
    def needles(self) -> frozenset[str]:
        """Strings to search for; a file that contains none of them needs no analysis."""
        copies = (copy.needles[0] for _, copy in self.copies.values())
        return frozenset((*self.heads, *copies, KEEP_NEEDLE))

    @cached_property
    def copies(self) -> Mapping[str, tuple[Rule, Copy]]:
        """Copies and their rules by fingerprint."""
        found = {copy.fingerprint: (r, copy) for r in self.by_name.values() for copy in r.copies}
        return dict(sorted(found.items()))

    @cached_property
    def labels(self) -> frozenset[str]:
        """Labels of the rules."""
        return frozenset(rule.label for rule in self.by_name.values())

    @cached_property
    def heads(self) -> frozenset[str]:
        """Last parts of the names; a file that contains none of them has no references."""
        return frozenset(name.rpartition(".")[2] for name in self.by_name)

    @cached_property
    def modules(self) -> frozenset[str]:
        """Qualified names of the modules that define the functions."""
        return frozenset(name.rpartition(".")[0] for name in self.by_name)

    @cached_property
    def tails(self) -> frozenset[str]:
        """Last parts of the module names, which code usually refers to them by."""
        return frozenset(module.rpartition(".")[2] for module in self.modules)

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """All proper prefixes of the names: ``a`` and ``a.b`` for ``a.b.c``."""
        parts = [name.split(".") for name in self.by_name]
        return frozenset(".".join(p[:length]) for p in parts for length in range(1, len(p)))

    @cached_property
    def new_roots(self) -> frozenset[str]:
        """Top-level packages of the new names."""
        return frozenset(rule.new.partition(".")[0] for rule in self.by_name.values())

    def find(self, path: str, attributes: tuple[str, ...]) -> Hit | None:
        """Find the rule that ``path`` matches with the fewest of ``attributes``."""
        if path in self.by_name:
            return self._hit(path, 0)
        for count, attribute in enumerate(attributes, 1):
            if path not in self.prefixes:
                return None
            path = f"{path}.{attribute}"
            if path in self.by_name:
                return self._hit(path, count)
        return None

    def _hit(self, name: str, depth: int) -> Hit:
        rule = self.by_name[name]
        return Hit(rule, depth, name if name in self.own else rule.old)
