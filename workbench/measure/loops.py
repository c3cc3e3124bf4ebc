"""The timing loop, with minimal overhead around the call and the same for both sides."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from workbench.catalog.model import Call

Loop = Callable[[int], float]
"""Makes the given number of calls and returns the total time in seconds."""

_MAX_LOOPS = 2**30


def bind(function: Callable[..., Any], call: Call) -> Loop:
    """Return the loop that times ``function`` with the arguments of ``call``."""
    names = tuple(call.kwargs)
    timed = _loop_for(len(call.args), names)
    arguments = (*call.args, *call.kwargs.values())
    return lambda loops: timed(function, loops, *arguments)


def calibrate(loop: Loop, sample_seconds: float) -> tuple[int, list[tuple[int, float]]]:
    """Find how many calls fill a sample, which also warms up the function.

    Two full samples in a row are required: the first call of a cold function, or an interrupted
    call, may take as long as thousands of others. Returns the number of calls, and each attempt as
    (calls, seconds per call).
    """
    attempts = []
    loops = 1
    was_full = False
    while True:
        elapsed = loop(loops)
        attempts.append((loops, elapsed / loops))
        is_full = elapsed >= sample_seconds
        if (is_full and was_full) or loops >= _MAX_LOOPS:
            return loops, attempts
        was_full = is_full
        if is_full:
            continue
        # The first calls are slow: limit their influence by growing at most tenfold.
        wanted = sample_seconds / max(elapsed / loops, 1e-9)
        loops = min(max(loops + loops // 8 + 1, int(wanted) + 1), loops * 10, _MAX_LOOPS)


@cache
def _loop_for(positional: int, names: tuple[str, ...]) -> Callable[..., float]:
    """Generate a loop with local variables as arguments and ten calls per iteration.

    Unpacking ``*args`` and iterating cost as much as the shortest calls of the catalog.
    """
    variables = [f"a{index}" for index in range(positional + len(names))]
    named = [
        f"{name}={variable}" for name, variable in zip(names, variables[positional:], strict=True)
    ]
    arguments = ", ".join([*variables[:positional], *named])
    call = f"function({arguments})"
    source = f"""
def timed({", ".join(["function", "loops", *variables])}):
    tens, ones = repeat(None, loops // 10), repeat(None, loops % 10)
    start = perf_counter()
    for _ in tens:
        {"; ".join([call] * 10)}
    for _ in ones:
        {call}
    return perf_counter() - start
"""
    namespace: dict[str, Any] = {}
    exec(f"from itertools import repeat\nfrom time import perf_counter\n{source}", namespace)
    timed: Callable[..., float] = namespace["timed"]
    return timed
