"""Build the curves of a report: speedups by input size."""

from __future__ import annotations

import math

from workbench.reports.model.sections import CurvePoint, CurveResult
from workbench.results.curves import break_even
from workbench.results.model import Interval, SizeCurve, SizePoint


def curve_result(curve: SizeCurve) -> CurveResult:
    """Convert a curve and find its break-even size."""
    found = break_even(curve.points)
    at, low, high = _bounds(found.size)
    return CurveResult(
        utility=curve.utility,
        name=curve.name,
        unit=curve.unit,
        points=tuple(_point(point) for point in curve.points),
        crossing=found.crossing.value,
        break_even=at,
        break_even_low=low,
        break_even_high=high,
    )


def _point(point: SizePoint) -> CurvePoint:
    measured = point.measurement
    speedup, low, high = _bounds(measured.speedup if any(measured.native) else None)
    return CurvePoint(
        size=point.size,
        python_seconds=measured.python_seconds if any(measured.python) else None,
        native_seconds=measured.native_seconds if any(measured.native) else None,
        speedup=speedup,
        low=low,
        high=high,
        samples=measured.samples,
    )


def _bounds(found: Interval | None) -> tuple[float | None, float | None, float | None]:
    values = (found.estimate, found.low, found.high) if found else ()
    if not values or not all(math.isfinite(value) and value > 0 for value in values):
        return None, None, None
    return values
