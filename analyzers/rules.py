"""The names to replace, indexed by what the resolver asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

KEEP_NEEDLE = "workbench:"
"""What a file must contain to have a comment of the user's (see `suppressions`)."""


@dataclass(frozen=True)
class Copy:
    """How a copy of a function's body is recognised."""

    fingerprint: str
    """See `workbench.analyzers.copies.fingerprint`."""
    needles: tuple[str, ...]
    """What every copy's text contains, the rarest first: code without it is not even parsed."""
    published: str
    """Where the body comes from, for people: what was published, and its versions."""


@dataclass(frozen=True)
class Rule:
    """One name to replace: ``old`` and ``new`` are qualified names, ``label`` names the pair."""

    old: str
    new: str
    label: str
    copies: tuple[Copy, ...] = ()
    """The bodies that the function has, or had."""


class Hit(NamedTuple):
    """A rule that a dotted name meets, and how."""

    rule: Rule
    depth: int
    """How many attributes it took."""
    target: str
    """The variable that is read: a module's own import of the function is one of its own."""


@dataclass(frozen=True)
class RuleIndex:
    """Rules by qualified name; re-exports make one rule known under several names."""

    by_name: Mapping[str, Rule]
    own: frozenset[str] = frozenset()
    """Names that are variables of their own, because a module imports the function itself."""
    others: frozenset[str] = frozenset()
    """Labels that are known but not looked for: a comment may name them all the same."""

    @classmethod
    def of(cls, rules: Iterable[Rule], others: Iterable[str] = ()) -> RuleIndex:
        """Index rules under their old names."""
        return cls({rule.old: rule for rule in rules}, others=frozenset(others))

    def also(self, names: Mapping[str, Rule], own: Iterable[str]) -> RuleIndex:
        """The same rules, known under further names."""
        return RuleIndex({**self.by_name, **names}, self.own.union(own), self.others)

    @cached_property
    def needles(self) -> frozenset[str]:
        """A file that contains none of these has nothing to tell, whatever it is."""
        copies = (copy.needles[0] for _, copy in self.copies.values())
        return frozenset((*self.heads, *copies, KEEP_NEEDLE))

    @cached_property
    def copies(self) -> Mapping[str, tuple[Rule, Copy]]:
        """What to look for copies of, by fingerprint."""
        found = {copy.fingerprint: (r, copy) for r in self.by_name.values() for copy in r.copies}
        return dict(sorted(found.items()))

    @cached_property
    def labels(self) -> frozenset[str]:
        """What the rules are called."""
        return frozenset(rule.label for rule in self.by_name.values())

    @cached_property
    def heads(self) -> frozenset[str]:
        """Last parts of the names: what a file must contain to be of interest."""
        return frozenset(name.rpartition(".")[2] for name in self.by_name)

    @cached_property
    def modules(self) -> frozenset[str]:
        """What holds the named functions."""
        return frozenset(name.rpartition(".")[0] for name in self.by_name)

    @cached_property
    def tails(self) -> frozenset[str]:
        """Last parts of the modules: mostly what code calls them."""
        return frozenset(module.rpartition(".")[2] for module in self.modules)

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """Every proper prefix of a name: ``a`` and ``a.b`` of ``a.b.c``."""
        parts = [name.split(".") for name in self.by_name]
        return frozenset(".".join(p[:length]) for p in parts for length in range(1, len(p)))

    @cached_property
    def new_roots(self) -> frozenset[str]:
        """The top-level packages that the new names come from."""
        return frozenset(rule.new.partition(".")[0] for rule in self.by_name.values())

    def find(self, path: str, attributes: tuple[str, ...]) -> Hit | None:
        """The rule that ``path`` meets with as few of ``attributes`` as it takes."""
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
