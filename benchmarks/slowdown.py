"""How much a native function has to do besides to be slower by a part, and whether it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from slowed import BYTES

from workbench.errors import WorkbenchError
from workbench.measure import process
from workbench.measure.harness import measure
from workbench.measure.pairing import Expression, Pairing
from workbench.measure.plan import DEFAULT, Plan
from workbench.results.model import Interval

PLAN = replace(DEFAULT, name="slowdown", target_width=0.02)
_CORRECTIONS = 3
_BYTES_FOR_ALL = 26_000
"""Whose checksum takes about as long as the function; corrections make up for another machine."""


def size_for(slowdown: float, plan: Plan = PLAN) -> int:
    """Find how many bytes make the function slower by a part, 0.05 for 5%.

    What the wrapper itself costs is part of it, so that the least possible is some 3%. The time of
    a checksum is no straight line: the size is corrected by what the harness sees of it.
    """
    size = 0
    for _ in range(_CORRECTIONS):
        missing = 1 + slowdown - achieved(size, plan).estimate
        size = max(0, size + round(missing * _BYTES_FOR_ALL))
    return size


def achieved(size: int, plan: Plan = PLAN) -> Interval:
    """Measure with the harness how many times longer the slowed function takes.

    Raises WorkbenchError when that cannot be measured.
    """
    pairing = Pairing("slowed:slow", "slowed:bare", Expression())
    with _environment(size):
        results = measure((), plan, pairing=pairing)
    for m in results.measurements:
        if m.speedup is not None:
            return m.speedup
    reasons = "; ".join(failure.reason for failure in results.failures)
    raise WorkbenchError(f"the slowdown cannot be verified: {reasons}")


@contextmanager
def slowed_by(size: int) -> Iterator[None]:
    """Let the workers that the harness starts in this block have the slowed function as native."""
    # The harness has no option for that: nobody else wants a slower native side.
    with _environment(size), patch.object(process, "_WORKER", "slowed"):
        yield


@contextmanager
def _environment(size: int) -> Iterator[None]:
    """Workers get the path and the variables of this process."""
    path = [*sys.path, str(Path(__file__).parent)]
    with patch.dict(os.environ, {BYTES: str(size)}), patch.object(sys, "path", path):
        yield
