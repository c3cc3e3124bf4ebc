"""Run the equivalence check in worker processes, so that hangs and crashes do not end the run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from time import monotonic
from typing import Any

from workbench import backends
from workbench.catalog import Utility, select
from workbench.errors import WorkbenchError
from workbench.measure.pairing import Pairing
from workbench.measure.plan import Limits, Progress
from workbench.measure.process import OutOfTimeError, WorkerLostError, run_job
from workbench.results.model import Failure
from workbench.verify import Equivalence, Mismatch, verify

NOT_REACHED = "not reached within the time budget"
_HEARTBEAT_SECONDS = 0.05


@dataclass
class Checked:
    """The equivalence checks of a run, and the failures of those that could not be made."""

    checks: list[Equivalence] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def check_equivalence(
    utilities: Sequence[Utility],
    pairing: Pairing,
    examples: int,
    limits: Limits,
    progress: Progress | None = None,
) -> Checked:
    """Check the second side of each utility against the first until the deadline.

    A utility that crashes or exceeds the time limit becomes a failure, and the check continues with
    the next one. Raises WorkbenchError when a side cannot be imported or no worker can be started.
    """
    found = Checked()
    rest = [utility.name for utility in utilities]
    while rest:
        job = {
            "check": rest,
            "examples": examples,
            "pairing": pairing.to_json(),
            "scratch": limits.scratch,
        }
        has_started = False
        try:
            for event in run_job(job, limits.time_limit, 0, limits.deadline):
                has_started = True
                if event["event"] == "start" and progress:
                    progress(len(utilities) - len(rest), len(utilities), f"verify {rest[0]}")
                elif event["event"] == "done":
                    found.checks.append(_equivalence(event["check"]))
                    rest = rest[1:]
                elif event["event"] == "failed":
                    raise WorkbenchError(event["reason"])
        except WorkerLostError as lost:
            if not has_started:
                raise WorkbenchError(f"cannot start a worker process: {lost}") from lost
            found.failures.append(_unchecked(rest[0], str(lost)))
            rest = rest[1:]
        except OutOfTimeError:
            found.failures += [_unchecked(name, NOT_REACHED) for name in rest]
            return found
    return found


def run_checks(job: dict[str, Any], emit: Callable[..., None]) -> None:
    """Run the checks of a ``check_equivalence`` job in a worker."""
    pairing = Pairing.from_json(job["pairing"])
    # A killed worker cannot remove its files; its parent removes this directory.
    tempfile.tempdir = job["scratch"]
    last = monotonic()

    def beat() -> None:
        nonlocal last
        if monotonic() > last + _HEARTBEAT_SECONDS:
            last = monotonic()
            emit(event="alive")

    for name in job["check"]:
        emit(event="start")
        (utility,) = [pairing.utility()] if pairing.expression else select([name])
        try:
            _import_all(utility, pairing, job["examples"])
            emit(event="ready")
            (check,) = verify([utility], job["examples"], sides=pairing.sides, beat=beat)
        except WorkbenchError as error:
            emit(event="failed", reason=str(error))
            return
        emit(event="done", check=asdict(check))


def _import_all(utility: Utility, pairing: Pairing, examples: int) -> None:
    """Import what the check needs, before the utility's time limit starts."""
    for side in pairing.sides:
        backends.function(utility, side)
    if examples:
        with suppress(ImportError):  # verify reports what is missing
            import hypothesis  # noqa: F401


def _equivalence(data: dict[str, Any]) -> Equivalence:
    mismatches = tuple(Mismatch(**mismatch) for mismatch in data["mismatches"])
    first, second = data["sides"]
    examples = tuple(data["examples"])
    return Equivalence(data["utility"], data["cases"], mismatches, (first, second), examples)


def _unchecked(utility: str, reason: str) -> Failure:
    return Failure(f"equivalence of {utility}", reason)
