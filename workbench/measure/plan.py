"""Plans: how much to measure, and the limits of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

Progress = Callable[[int, int, str], None]
"""Called with the number of finished tasks, their expected total, and the next task."""


@dataclass(frozen=True)
class Limits:
    """The limits of one part of a run."""

    time_limit: float
    """Seconds after which a running workload that sends no event is stopped."""
    deadline: float
    """The value of the monotonic clock at which the part ends."""
    scratch: str
    """The directory for temporary files."""


@dataclass(frozen=True)
class Plan:
    """How many processes and pairs a run takes, and when it stops.

    A process times each workload for at most ``pairs`` pairs of samples or ``task_seconds``. After
    ``least_processes``, a workload is finished once its interval is narrower than ``target_width``
    (relative, high over low minus 1); no process starts after ``most_processes``. The run ends
    after ``budget_seconds``, even in the middle of a process.

    Samples are short and many: other processes run for some milliseconds at a time, so they
    interrupt only a few samples of half a millisecond.
    """

    name: str
    least_processes: int
    most_processes: int
    pairs: int
    sample_seconds: float
    task_seconds: float
    target_width: float
    budget_seconds: float
    examples: int
    """Random inputs for the equivalence check of each utility."""
    time_limit: float = 60.0
    """Seconds after which a running workload that sends no event is stopped."""
    seed: int | None = None
    """Determines the order of measurements; None for a different order in each run."""
    curves: bool = False
    """Whether to time utilities over the sizes of their input too."""
    instructions: bool = False
    """Whether to count instructions after timing, within a separate budget."""


FAST = Plan("fast", 4, 10, 40, 0.0005, 0.25, 0.15, 50.0, 20)
DEFAULT = Plan("default", 8, 30, 60, 0.001, 0.5, 0.05, 210.0, 100)
RIGOROUS = Plan("rigorous", 16, 80, 100, 0.002, 1.0, 0.02, 1200.0, 500)


def named(
    name: str | None,
    time_limit: float | None = None,
    seed: int | None = None,
    *,
    curves: bool = False,
    instructions: bool = False,
) -> Plan:
    """Return a plan by name, or the default plan, with the given time limit and seed.

    ``curves`` doubles its budget.
    """
    plan = next((p for p in (FAST, RIGOROUS) if p.name == name), DEFAULT)
    budget = plan.budget_seconds * (2 if curves else 1)
    limit = time_limit or plan.time_limit
    return replace(
        plan,
        seed=seed,
        time_limit=limit,
        budget_seconds=budget,
        curves=curves,
        instructions=instructions,
    )
