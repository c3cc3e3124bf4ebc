"""How much to measure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

Progress = Callable[[int, int, str], None]
"""Called with tasks done, tasks expected in all, and what is done next."""


@dataclass(frozen=True)
class Limits:
    """What keeps one part of a run in bounds."""

    time_limit: float
    """Seconds after which a running workload that sends no event is given up."""
    deadline: float
    """What the monotonic clock says when the part has to end."""
    scratch: str
    """The directory where files may be made."""


@dataclass(frozen=True)
class Plan:
    """How many processes and pairs a run takes, and when it may stop.

    A process times each workload for at most ``pairs`` pairs of samples or ``task_seconds``. After
    ``least_processes`` a workload is left alone once its interval is narrower than
    ``target_width`` (relative, high over low minus 1); no process starts after ``most_processes``.
    The whole run ends after ``budget_seconds``, whatever is under way then.

    Samples are short and many: a busy neighbour gets turns of some milliseconds, and few samples
    of half a millisecond have one in them.
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
    """Seconds after which a running workload that sends no event is given up."""
    seed: int | None = None
    """Decides the order of measurements; None for another one in each run."""
    curves: bool = False
    """Whether utilities are timed over sizes of their input too."""
    instructions: bool = False
    """Whether instructions are counted after all is timed, within a budget of its own."""


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
    """Return a plan by its name, None meaning the default one, with a time limit of its own.

    With ``curves`` it may take twice as long.
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
