"""What a profile says of the replaced functions, whichever profiler wrote it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Labels = Callable[[str, str], str | None]
"""Names the utility that replaces a function, given its file and its name; None for any other."""


@dataclass(frozen=True)
class ProfiledFunction:
    """A function of the profiled program; ``line`` is None where the profile has none."""

    path: str
    line: int | None
    function: str


@dataclass(frozen=True)
class ProfiledCalls:
    """One replaced function, called from one place.

    ``calls`` is None in a sampling profile. ``seconds`` covers what the function itself calls.
    ``caller`` is None where nothing that was profiled called it.
    """

    utility: str
    caller: ProfiledFunction | None
    calls: int | None
    seconds: float


@dataclass(frozen=True)
class Profile:
    """One profile.

    A replaced function that another one calls is not counted: it goes when that one is replaced.
    """

    profiler: str
    """``cProfile``, ``pyinstrument`` or ``speedscope``."""
    counts_calls: bool
    """Whether calls were counted, not sampled."""
    seconds: float
    """Time of the whole program, over all threads."""
    uses: tuple[ProfiledCalls, ...]


class ProfileError(ValueError):
    """Says in a few words why something is no profile."""
