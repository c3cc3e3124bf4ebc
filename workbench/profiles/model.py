"""The data model of profiles, common to all profilers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Labels = Callable[[str, str], str | None]
"""Returns the utility that replaces a function, given its file and name; None if there is none."""


@dataclass(frozen=True)
class ProfiledFunction:
    """A function of the profiled program; ``line`` is None when the profile does not have it."""

    path: str
    line: int | None
    function: str


@dataclass(frozen=True)
class ProfiledCalls:
    """The calls of one replaced function by one caller.

    ``calls`` is None in a sampling profile. ``seconds`` includes the functions it calls. ``caller``
    is None when the caller was not profiled.
    """

    utility: str
    caller: ProfiledFunction | None
    calls: int | None
    seconds: float


@dataclass(frozen=True)
class Profile:
    """One profile.

    Calls of a replaced function by another one are not included, since they disappear when that one
    is replaced.
    """

    profiler: str
    """``cProfile``, ``pyinstrument`` or ``speedscope``."""
    counts_calls: bool
    """Whether the profiler counted calls, rather than sampled stacks."""
    seconds: float
    """Time of the whole program, summed over all threads."""
    uses: tuple[ProfiledCalls, ...]


class ProfileError(ValueError):
    """The content is not a valid profile; the message is the reason in a few words."""
