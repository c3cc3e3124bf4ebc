"""Slow a native function by a given fraction, and measure the achieved slowdown."""

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
"""Bytes whose checksum takes about as long as the function; corrected by measurement."""


def size_for(slowdown: float, plan: Plan = PLAN) -> int:
    """Find the number of bytes that slows the function by a fraction, 0.05 for 5%.

    The wrapper itself costs about 3%, which is the minimum. The time of a checksum is not linear in
    its size, so the size is corrected by what the harness measures.
    """
    size = 0
    for _ in range(_CORRECTIONS):
        missing = 1 + slowdown - achieved(size, plan).estimate
        size = max(0, size + round(missing * _BYTES_FOR_ALL))
    return size


def achieved(size: int, plan: Plan = PLAN) -> Interval:
    """Measure the ratio of the slowed to the unchanged time with the harness.

    Raises WorkbenchError if it cannot be measured.
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
    """Replace the native function with the slowed one in workers started during the block."""
    # The harness has no option for this, because only this benchmark needs it.
    with _environment(size), patch.object(process, "_WORKER", "slowed"):
        yield


@contextmanager
def _environment(size: int) -> Iterator[None]:
    """Set the path and the variables that workers inherit."""
    path = [*sys.path, str(Path(__file__).parent)]
    with patch.dict(os.environ, {BYTES: str(size)}), patch.object(sys, "path", path):
        yield
