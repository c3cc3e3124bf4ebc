"""Start worker processes and read their events."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator, Sequence
from math import inf
from typing import IO, Any

START_LIMIT = 120.0
"""Seconds that a worker may spend outside of workloads: starting, importing, exiting."""
_WORKER = "workbench.measure.worker"
_CHUNK = 1 << 16
_RUNNING = ("ready", "alive")
"""After these events the worker runs a workload."""

Event = dict[str, Any]


class WorkerLostError(Exception):
    """A worker exited before its job was done, or was stopped because it sent no event in time."""


class OutOfTimeError(Exception):
    """A worker was stopped at the deadline of the run."""


def run_job(
    job: dict[str, Any],
    time_limit: float,
    hash_seed: int,
    deadline: float = inf,
    command: Sequence[str] = (),
) -> Generator[Event, None, None]:
    """Start a worker for ``job``, prefixed with ``command``, and yield its events.

    ``time_limit`` is in seconds and starts with the event ``ready``, which is not yielded. Raises
    WorkerLostError when the worker crashes or sends no event in time, and OutOfTimeError when the
    monotonic clock reaches ``deadline``.
    """
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [*command, sys.executable, "-m", _WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=_environment(hash_seed),
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            _send(process.stdin, job)
            yield from _events(process.stdout, time_limit, deadline)
            status = process.wait()
            if status:
                raise WorkerLostError(_why_lost(status, errors))
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


def _environment(hash_seed: int) -> dict[str, str]:
    """Return an environment with this process' import path, without the current directory."""
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return {
        **os.environ,
        "PYTHONPATH": path,
        "PYTHONSAFEPATH": "1",
        "PYTHONHASHSEED": str(hash_seed),
    }


def _send(pipe: IO[bytes], job: dict[str, Any]) -> None:
    try:
        with pipe:
            pipe.write(json.dumps(job).encode())
    except BrokenPipeError:
        return  # the exit status is more informative


def _events(pipe: IO[bytes], time_limit: float, deadline: float) -> Iterator[Event]:
    rest = b""
    limit, lacking = START_LIMIT, "not ready"
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        end = time.monotonic() + limit
        while True:
            readable = selector.select(max(0.0, min(end, deadline) - time.monotonic()))
            if time.monotonic() >= deadline:
                raise OutOfTimeError
            if not readable:
                raise WorkerLostError(f"{lacking} within {limit:g} s")
            chunk = os.read(pipe.fileno(), _CHUNK)
            if not chunk:
                return
            *complete, rest = (rest + chunk).split(b"\n")
            events = [json.loads(line) for line in complete]
            if events:
                last = events[-1]["event"]
                limit = time_limit if last in _RUNNING else START_LIMIT
                lacking = "not ready" if last == "start" else "no answer"
                end = time.monotonic() + limit
            yield from (event for event in events if event["event"] != "ready")


def _why_lost(status: int, errors: IO[bytes]) -> str:
    errors.seek(0)
    last = errors.read().decode(errors="replace").strip().splitlines()[-1:]
    how = f"was killed by signal {-status}" if status < 0 else f"exited with status {status}"
    return ": ".join([f"the process {how}", *last])
