"""Timing the floor: the bare system calls in a loop of Rust, and library calls beside them."""

from __future__ import annotations

from workbench.catalog.model import Call, Floor
from workbench.measure.loops import Loop, bind


def why_missing() -> str | None:
    """Return in one line why no floor can be timed here, or None when it can."""
    try:
        from workbench._native import floor_seconds
    except ImportError as error:
        return f"the workbench's own extension is missing: {error}"
    del floor_seconds
    return None


def bind_floor(floor: Floor) -> Loop:
    """Return the loop that times a floor, after one round of it.

    Raises OSError when a system call fails.
    """
    from workbench._native import floor_seconds

    def system(loops: int) -> float:
        return floor_seconds(floor.system, floor.target, loops) * loops

    system(1)
    if floor.library is None:
        return system
    library = bind(floor.library, Call())
    return lambda loops: system(loops) + library(loops)
