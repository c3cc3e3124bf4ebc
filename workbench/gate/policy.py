"""What the gate demands, and the answers it can give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from math import inf

from workbench.errors import WorkbenchError

DEFAULT_MIN_SPEEDUP = 1.0
DEFAULT_MAX_REGRESSION = 0.10


class Answer(Enum):
    """What the gate says of a workload, the worst first."""

    FAIL = "fail"
    MISSING = "missing"
    INCOMPARABLE = "incomparable"
    UNDECIDED = "undecided"
    PASS = "pass"


@dataclass(frozen=True)
class Thresholds:
    """What one utility has to reach.

    ``min_speedup`` is absolute, None for no such demand; ``max_regression`` is the part of the
    baseline's speedup that may be lost, 0.1 for 10%.
    """

    min_speedup: float | None = DEFAULT_MIN_SPEEDUP
    max_regression: float = DEFAULT_MAX_REGRESSION

    def __post_init__(self) -> None:
        if self.min_speedup is not None and not 0 < self.min_speedup < inf:
            raise WorkbenchError(f"the least speedup must be positive, not {self.min_speedup:g}")
        if not 0 <= self.max_regression < 1:
            raise WorkbenchError(
                f"the largest regression must be 0% or more and below 100%, "
                f"not {self.max_regression:.0%}"
            )


@dataclass(frozen=True)
class Policy:
    """What the gate demands of whom."""

    thresholds: Thresholds = Thresholds()
    utilities: Mapping[str, Thresholds] = field(default_factory=dict)
    """For utilities with demands of their own."""
    may_be_missing: frozenset[str] = frozenset()
    """Utilities or ``UTILITY/WORKLOAD`` that need not be there."""
    undecided: Answer = Answer.UNDECIDED
    """What an undecided workload counts as."""

    def of(self, utility: str) -> Thresholds:
        """Return the thresholds of a utility."""
        return self.utilities.get(utility, self.thresholds)

    def excuses(self, utility: str, workload: str) -> bool:
        """Whether a workload need not be there."""
        return bool({utility, f"{utility}/{workload}"} & self.may_be_missing)
