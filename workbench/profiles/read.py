"""Reading a profile, of whichever profiler: the content tells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import WorkbenchError
from workbench.files import read_bytes
from workbench.profiles.model import Labels, Profile, ProfileError

if TYPE_CHECKING:
    from workbench.catalog import Utility

_MARSHAL = re.compile(rb"\xfb|\{(?:.*\0|0\Z)", re.DOTALL)
"""How a marshalled dict begins; JSON may begin with the same brace, but has no NUL."""
_KNOWN = "cProfile, pyinstrument (-r json) or speedscope (py-spy record -f speedscope)"


def load_profile(path: Path | str) -> Profile:
    """Read a profile of cProfile, of pyinstrument in JSON, or in speedscope's JSON.

    Functions are those that the catalog replaces. Raises WorkbenchError, one line, when the file
    cannot be read or is none of them.
    """
    from workbench.catalog import utilities

    data = read_bytes(Path(path))
    try:
        return _read(data, labels(utilities()))
    except ProfileError as error:
        raise WorkbenchError(f"{path} is not a profile of {_KNOWN}: {error}") from error


def labels(utilities: Iterable[Utility]) -> Labels:
    """Tell which function of which file each utility replaces.

    A path need not be whole: of ``sky.utils.common_utils`` also ``common_utils.py`` will do, but
    not ``other/common_utils.py``.
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
    """Whether two lists are equal as far as the shorter one goes."""
    return all(one == other for one, other in zip(path, module, strict=False))


def _read(data: bytes, find: Labels) -> Profile:
    if _MARSHAL.match(data):
        from workbench.profiles.calls import read_calls

        return read_calls(data, find)
    from workbench.profiles.samples import read_samples

    try:
        document = json.loads(data)
    except RecursionError as error:
        raise ProfileError("its JSON is nested too deep") from error
    except ValueError as error:
        raise ProfileError("it is neither JSON nor marshalled") from error
    return read_samples(document, find)
