"""Helpers for tests of catalog entries: outcomes of calls, and what an entry generates."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, find, settings

from workbench import backends
from workbench.catalog import Call, Utility
from workbench.verify import describe

SIDES = ("python", "native")


def result(utility: Utility, side: str, call: Call) -> object:
    """Return the result of a call on one side, or the type of the exception that it raises."""
    function = backends.function(utility, side)
    with call.surroundings():
        try:
            return function(*call.args, **call.kwargs)
        except Exception as error:
            return type(error)


def results(utility: Utility, call: Call) -> list[object]:
    """Return what can be compared of the results on both sides."""
    found = (result(utility, side, call) for side in SIDES)
    return [value if isinstance(value, type) else utility.observe(value) for value in found]


def corners(utility: Utility, directory: Path) -> set[str]:
    """Return the descriptions of an entry's corner cases."""
    return {describe(utility.name, call) for call in utility.corners(directory)}


def kind(path: object) -> str:
    """Return what a path is; empty if it is not a string."""
    if not isinstance(path, str):
        return ""
    if os.path.isdir(path):
        return "directory"
    return "file" if os.path.exists(path) else "missing"


def drawn(utility: Utility, directory: Path, condition: Callable[[Call], bool]) -> Call:
    """Return a random input of an entry that meets a condition which 3% or more of them meet.

    Raises hypothesis.errors.NoSuchExample if none of 1,000 does.
    """
    few = settings(
        max_examples=1_000,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    return find(utility.strategy(directory), condition, settings=few, random=Random(0))
