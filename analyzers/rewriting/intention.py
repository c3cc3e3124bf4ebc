"""The intended changes, recorded separately from the edits so that the edits can be checked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Intention:
    """Intended changes with their counts; imports are statements of one name each."""

    expressions: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Dotted names before and after."""
    removed: Counter[str] = field(default_factory=Counter)
    added: Counter[str] = field(default_factory=Counter)

    @property
    def names(self) -> set[str]:
        """Names that the affected imports bind, and names that the new expressions read."""
        imported = {line.split()[-1] for line in (*self.removed, *self.added)}
        read = {after for _, after in self.expressions}
        return {name.partition(".")[0] for name in imported | read}
