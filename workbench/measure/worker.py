"""The worker process: reads a job from standard input and writes one JSON line per event.

Events: ``{"event": "start", "task": i}``, ``{"event": "ready"}`` when everything is imported and
prepared, then ``{"event": "done", "task": i, …}`` with the samples of all sides (except a floor
that fails), or ``{"event": "failed", "task": i, "reason": …}``. For the events of equivalence
checks, see ``checking``.
"""

from __future__ import annotations

import gc
import json
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from workbench import backends
from workbench.catalog import select
from workbench.catalog.model import Utility, Workload
from workbench.errors import WorkbenchError
from workbench.measure.checking import run_checks
from workbench.measure.counting import run_counts
from workbench.measure.floor import bind_floor
from workbench.measure.loops import Loop, bind, calibrate
from workbench.measure.pairing import Pairing
from workbench.results.model import FLOOR

_FEWEST_PAIRS = 3


def main() -> None:
    """Run the job on standard input."""
    # Timed code may print, so events use a separate descriptor.
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as events:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        run(json.load(sys.stdin), events)


def run(job: dict[str, Any], events: TextIO) -> None:
    """Run every task of ``job`` in random order, or its checks or counts."""
    for kind, do in (("check", run_checks), ("count", run_counts)):
        if kind in job:
            do(job, partial(_emit, events))
            return
    random_ = random.Random(job["seed"])
    _pin(job["cpu"])
    tasks = list(enumerate(job["tasks"]))
    random_.shuffle(tasks)
    gc.freeze()
    gc.disable()
    for index, task in tasks:
        _emit(events, event="start", task=index)
        try:
            sample = _run_task(task, job, random_, partial(_emit, events, event="ready"))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            message = " ".join(str(error).split())
            reason = message if isinstance(error, WorkbenchError) else f"{_name(error)}: {message}"
            _emit(events, event="failed", task=index, reason=reason)
        else:
            _emit(events, event="done", task=index, **sample)
        gc.collect()


def sample_pairs(
    loops: list[Loop], counts: list[int], pairs: int, seconds: float, random_: random.Random
) -> list[list[float]]:
    """Time every loop once per pair, in random order; return seconds per call by loop.

    Stops after ``seconds``, but takes a minimum number of pairs.
    """
    values: list[list[float]] = [[] for _ in loops]
    order = list(range(len(loops)))
    end = time.perf_counter() + seconds
    for taken in range(pairs):
        if taken >= _FEWEST_PAIRS and time.perf_counter() > end:
            break
        random_.shuffle(order)
        for side in order:
            values[side].append(loops[side](counts[side]) / counts[side])
    return values


def _run_task(
    task: dict[str, Any], job: dict[str, Any], random_: random.Random, ready: Callable[[], None]
) -> dict[str, Any]:
    started = datetime.now()
    begin = time.perf_counter()
    pairing = Pairing.from_json(job["pairing"])
    (utility,) = [pairing.utility()] if pairing.expression else select([task["utility"]])
    workload = _workload(utility, task["workload"])
    directory = Path(job["scratch"]) / utility.name
    directory.mkdir(parents=True, exist_ok=True)
    call = workload.prepare(directory)
    sides = [backends.function(utility, side) for side in task["sides"] if side != FLOOR]
    floor_calls = floor_error = ""
    with call.surroundings():
        loops = [bind(function, call) for function in sides]
        if FLOOR in task["sides"] and workload.floor:
            try:
                floor = workload.floor(call)
                floor_calls = floor.calls
                loops.append(bind_floor(floor))
            except OSError as error:
                floor_error = str(error)
        ready()
        calibrated = [calibrate(loop, job["sample_seconds"]) for loop in loops]
        counts = [count for count, _ in calibrated]
        values = sample_pairs(loops, counts, job["pairs"], job["seconds"], random_)
    return {
        "date": str(started),
        "duration": time.perf_counter() - begin,
        "loops": counts,
        "warmups": [attempts for _, attempts in calibrated],
        "values": values,
        "floor_calls": floor_calls,
        "floor_error": floor_error,
    }


def _workload(utility: Utility, name: str) -> Workload:
    try:
        return utility.workload(name)
    except KeyError:
        raise WorkbenchError(f"{utility.name} has no workload '{name}'") from None


def _pin(cpu: int | None) -> None:
    if cpu is None:
        return
    try:
        os.sched_setaffinity(0, {cpu})
    except (AttributeError, OSError) as error:
        print(f"not pinned to CPU {cpu}: {error}", file=sys.stderr)


def _emit(events: TextIO, **event: Any) -> None:
    events.write(json.dumps(event) + "\n")
    events.flush()


def _name(error: BaseException) -> str:
    return type(error).__name__


if __name__ == "__main__":
    main()
