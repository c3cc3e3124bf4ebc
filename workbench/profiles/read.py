"""Read a profile; the profiler is recognised by the content."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import WorkbenchError
from workbench.files import decode_json, read_bytes
from workbench.profiles.model import Labels, Profile, ProfileError

if TYPE_CHECKING:
    from workbench.catalog import Utility

_MARSHAL = re.compile(rb"\xfb|\{(?:.*\0|0\Z)", re.DOTALL)
"""Matches the start of a marshalled dict; JSON may start with a brace too, but contains no NUL."""
_KNOWN = "cProfile, pyinstrument (-r json) or speedscope (py-spy record -f speedscope)"


def load_profile(path: Path | str) -> Profile:
    """Read a profile of cProfile, pyinstrument (JSON) or in the format of speedscope.

    Reports the functions that the catalog replaces. Raises WorkbenchError when the file cannot be
    read or has another format.
    """
    from workbench.catalog import utilities

    data = read_bytes(Path(path))
    try:
        return _read(data, labels(utilities()))
    except ProfileError as error:
        raise WorkbenchError(f"{path} is not a {_KNOWN} profile: {error}") from error


def labels(utilities: Iterable[Utility]) -> Labels:
    """Return a function that finds the utility for a file and a function name.

    Paths may be incomplete: for ``sky.utils.common_utils``, ``common_utils.py`` matches but
    ``other/common_utils.py`` does not.
    """
    replaced: dict[str, list[tuple[list[str], str]]] = {}
    for utility in utilities:
        for name in utility.replaces:
            *module, function = name.split(".")
            module[-1] += ".py"
            replaced.setdefault(function, []).append((module[::-1], utility.name))

    def find(path: str, function: str) -> str | None:
        candidates = replaced.get(function)
        if candidates is None:
            return None
        parts = re.split(r"[\\/]", path)[::-1]
        return next((u for m, u in candidates if _agree(parts, m)), None)

    return find


def _agree(path: list[str], module: list[str]) -> bool:
    """Return whether two lists are equal up to the length of the shorter one."""
    return all(one == other for one, other in zip(path, module, strict=False))


def _read(data: bytes, find: Labels) -> Profile:
    if _MARSHAL.match(data):
        from workbench.profiles.calls import read_calls

        return read_calls(data, find)
    from workbench.profiles.samples import read_samples

    try:
        document = decode_json(data)
    except ValueError as error:
        raise ProfileError(f"it is neither JSON nor marshalled: {error}") from error
    return read_samples(document, find)
