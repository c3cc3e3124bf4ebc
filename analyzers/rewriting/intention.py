"""What edits are meant to change, told apart from the edits so that they can be checked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Intention:
    """What edits are meant to change: how often each, imports as statements of one name."""

    expressions: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Dotted names before and after."""
    removed: Counter[str] = field(default_factory=Counter)
    added: Counter[str] = field(default_factory=Counter)

    @property
    def names(self) -> set[str]:
        """The names that the imports concerned bind, and those that new expressions read."""
        imported = {line.split()[-1] for line in (*self.removed, *self.added)}
        read = {after for _, after in self.expressions}
        return {name.partition(".")[0] for name in imported | read}
