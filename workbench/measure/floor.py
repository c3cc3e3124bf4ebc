"""Time the floor: system calls in a Rust loop, and library calls."""

from __future__ import annotations

from workbench.catalog.model import Call, Floor
from workbench.measure.loops import Loop, bind


def why_missing() -> str | None:
    """Return the reason why floors cannot be timed, or None when they can."""
    try:
        from workbench._native import floor_seconds
    except ImportError as error:
        return f"the workbench extension is missing: {error}"
    del floor_seconds
    return None


def bind_floor(floor: Floor) -> Loop:
    """Return the loop that times a floor, after one trial round.

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
