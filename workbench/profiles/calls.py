"""Read the statistics of cProfile and profile in the format of ``pstats``; these count calls."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.profiles.model import Labels, Profile, ProfiledCalls, ProfiledFunction, ProfileError

_CHILD = Path(__file__).with_name("_unmarshal.py")
_LONGEST = 120
"""Time limit in seconds; a profile of a million functions takes ten."""


def read_calls(data: bytes, labels: Labels) -> Profile:
    """Read the output of ``cProfile`` from ``-o FILE`` or ``dump_stats``.

    Raises ProfileError for anything else.
    """
    rows = _rows(data)
    try:
        functions = [_Function(_place(key), *rest) for key, *rest in rows]
    except (TypeError, ValueError, OverflowError) as error:
        raise ProfileError("it has no valid table of functions of cProfile") from error
    uses = tuple(use for function in functions for use in _uses(function, labels))
    own = math.fsum(function.own_seconds for function in functions)
    return Profile("cProfile", counts_calls=True, seconds=own, uses=uses)


class _Function:
    """One row: a function, its numbers of calls and seconds, in total and by caller."""

    def __init__(self, place: ProfiledFunction, numbers: list[Any], callers: list[Any]) -> None:
        _, calls, own_seconds, seconds = numbers
        self.place = place
        self.calls = _whole(calls)
        self.own_seconds = _time(own_seconds)
        self.seconds = _time(seconds)
        self.callers = [(_place(key), self._edge(edge)) for key, edge in callers]

    def _edge(self, edge: Any) -> tuple[int, float]:
        """Return the calls and seconds of a caller; ``profile`` records no seconds, so estimate."""
        if isinstance(edge, list):
            calls, _, _, seconds = edge
            return _whole(calls), _time(seconds)
        calls = _whole(edge)
        return calls, self.seconds * calls / max(self.calls, 1)


def _rows(data: bytes) -> Any:
    command = [sys.executable, "-I", "-S", str(_CHILD)]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=_LONGEST, check=True
        )
        return json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError, RecursionError) as error:
        raise ProfileError("it cannot be unmarshalled") from error


def _place(key: Any) -> ProfiledFunction:
    path, line, function = key
    if not isinstance(path, str) or not isinstance(function, str):
        raise TypeError("a function has no name")
    return ProfiledFunction(path, _whole(line) or None, function)


def _uses(function: _Function, labels: Labels) -> Iterator[ProfiledCalls]:
    utility = labels(function.place.path, function.place.function)
    if utility is None:
        return
    calls, seconds = function.calls, function.seconds
    for caller, (count, spent) in function.callers:
        calls, seconds = calls - count, seconds - spent
        if labels(caller.path, caller.function) is None:
            yield ProfiledCalls(utility, caller, count, spent)
    if calls > 0:
        yield ProfiledCalls(utility, None, calls, max(seconds, 0.0))


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError("not a count")
    return value


def _time(value: Any) -> float:
    if type(value) not in {int, float} or not math.isfinite(value):
        raise TypeError("not a time")
    # Times are negative when the clock was set back.
    return max(float(value), 0.0)
