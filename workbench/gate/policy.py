"""The thresholds of the gate and its possible answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from math import inf

from workbench.errors import WorkbenchError

DEFAULT_MIN_SPEEDUP = 1.0
DEFAULT_MAX_REGRESSION = 0.10


class Answer(Enum):
    """The gate's answer for a workload, the worst first."""

    FAIL = "fail"
    MISSING = "missing"
    INCOMPARABLE = "incomparable"
    UNDECIDED = "undecided"
    PASS = "pass"


@dataclass(frozen=True)
class Thresholds:
    """The thresholds of one utility.

    ``min_speedup`` is absolute, None for no minimum; ``max_regression`` is the fraction of the
    baseline's speedup that may be lost, 0.1 for 10%. Raises WorkbenchError for invalid values.
    """

    min_speedup: float | None = DEFAULT_MIN_SPEEDUP
    max_regression: float = DEFAULT_MAX_REGRESSION

    def __post_init__(self) -> None:
        if self.min_speedup is not None and not 0 < self.min_speedup < inf:
            raise WorkbenchError(f"min_speedup must be positive, not {self.min_speedup:g}")
        if not 0 <= self.max_regression < 1:
            raise WorkbenchError(
                f"max_regression must be at least 0% and below 100%, not {self.max_regression:.0%}"
            )


@dataclass(frozen=True)
class Policy:
    """The thresholds of all utilities, and how to treat missing and undecided workloads."""

    thresholds: Thresholds = Thresholds()
    utilities: Mapping[str, Thresholds] = field(default_factory=dict)
    """Thresholds of single utilities, instead of the general ones."""
    may_be_missing: frozenset[str] = frozenset()
    """Utilities or ``UTILITY/WORKLOAD`` that may be missing from the results."""
    undecided: Answer = Answer.UNDECIDED
    """The answer to give for undecided workloads."""

    def of(self, utility: str) -> Thresholds:
        """Return the thresholds of a utility."""
        return self.utilities.get(utility, self.thresholds)

    def excuses(self, utility: str, workload: str) -> bool:
        """Return whether a workload may be missing."""
        return bool({utility, f"{utility}/{workload}"} & self.may_be_missing)
