"""Read sampling profiles in JSON, which have the time of each stack but no calls."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workbench.profiles.model import Labels, Profile, ProfiledCalls, ProfiledFunction, ProfileError

_UNITS = {"seconds": 1.0, "milliseconds": 1e-3, "microseconds": 1e-6, "nanoseconds": 1e-9}
_SYNTHETIC = "["
"""Prefix of frames that pyinstrument adds, such as ``[self]``."""

Stack = Sequence[ProfiledFunction]
"""Functions, the outermost first."""


def read_samples(document: object, labels: Labels) -> Profile:
    """Read a decoded JSON document of pyinstrument (``-r json`` or a session) or speedscope.

    Raises ProfileError for anything else.
    """
    if not isinstance(document, Mapping):
        raise ProfileError("it is not a JSON object")
    for key, profiler, stacks in (
        ("root_frame", "pyinstrument", _tree),
        ("frame_records", "pyinstrument", _records),
        ("profiles", "speedscope", _speedscope),
    ):
        if key in document:
            try:
                return _profile(profiler, stacks(document), labels)
            except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
                if isinstance(error, ProfileError):
                    raise
                raise ProfileError(f"'{key}' is not valid for {profiler}") from error
    raise ProfileError("it has none of root_frame, frame_records and profiles")


def _profile(profiler: str, stacks: Iterator[tuple[Stack, float]], labels: Labels) -> Profile:
    total = 0.0
    found: dict[tuple[str, ProfiledFunction | None], float] = defaultdict(float)
    for stack, seconds in stacks:
        total += seconds
        for position, place in enumerate(stack):
            utility = labels(place.path, place.function)
            if utility is not None:
                found[utility, stack[position - 1] if position else None] += seconds
                break
    uses = tuple(
        ProfiledCalls(utility, caller, None, spent) for (utility, caller), spent in found.items()
    )
    return Profile(profiler, counts_calls=False, seconds=total, uses=uses)


def _tree(document: Mapping[str, Any]) -> Iterator[tuple[Stack, float]]:
    """Walk the tree of ``pyinstrument -r json``; a frame's own time excludes its children."""
    waiting: list[tuple[Any, Stack]] = []
    if document["root_frame"] is not None:
        waiting.append((document["root_frame"], ()))
    while waiting:
        frame, above = waiting.pop()
        function = _text(frame["function"])
        stack = above
        if not function.startswith(_SYNTHETIC):
            stack = (
                *above,
                ProfiledFunction(_text(frame["file_path"]), _line(frame["line_no"]), function),
            )
        children = frame["children"]
        own = _time(frame["time"]) - math.fsum(_time(child["time"]) for child in children)
        if own > 0:
            yield stack, own
        waiting += [(child, stack) for child in children]


def _records(document: Mapping[str, Any]) -> Iterator[tuple[Stack, float]]:
    """Read a saved session of pyinstrument: ``function NUL file NUL line`` for each frame."""
    for identifiers, seconds in document["frame_records"]:
        yield tuple(_identified(_text(identifier)) for identifier in identifiers), _time(seconds)


def _identified(identifier: str) -> ProfiledFunction:
    function, path, line = identifier.partition("\x01")[0].split("\0")
    return ProfiledFunction(path, _line(int(line)), function)


def _speedscope(document: Mapping[str, Any]) -> Iterator[tuple[Stack, float]]:
    frames = [
        ProfiledFunction(
            _text(frame.get("file") or ""), _line(frame.get("line")), _text(frame["name"])
        )
        for frame in document["shared"]["frames"]
    ]
    for profile in document["profiles"]:
        unit = profile["unit"]
        if unit not in _UNITS:
            raise ProfileError(f"its unit is {unit!r}, not a unit of time")
        stacks = _events if profile["type"] == "evented" else _sampled
        for numbers, amount in stacks(profile):
            if any(number < 0 for number in numbers):
                raise ProfileError("a sample refers to a frame that does not exist")
            yield tuple(frames[number] for number in numbers), _time(amount) * _UNITS[unit]


def _sampled(profile: Mapping[str, Any]) -> Iterator[tuple[Sequence[int], float]]:
    yield from zip(profile["samples"], profile["weights"], strict=True)


def _events(profile: Mapping[str, Any]) -> Iterator[tuple[Sequence[int], float]]:
    stack: list[int] = []
    before = _time(profile["startValue"])
    for event in profile["events"]:
        now = _time(event["at"])
        yield tuple(stack), now - before
        before = now
        if event["type"] == "O":
            stack.append(event["frame"])
        elif stack.pop() != event["frame"]:
            raise ProfileError("a close event does not match the innermost open function")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a string")
    return value


def _line(value: Any) -> int | None:
    return value if type(value) is int and value > 0 else None


def _time(value: Any) -> float:
    if type(value) not in {int, float} or not 0 <= value < math.inf:
        raise ValueError("not a time")
    return float(value)
