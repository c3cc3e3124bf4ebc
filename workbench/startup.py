"""Exclude the working directory and PYTHONPATH from the imports of the command line.

Both may contain audited code, which must never run. This module imports nothing that such code
could shadow.
"""

from __future__ import annotations

import os
import sys

_set_aside: list[str] = []


def set_paths_aside() -> None:
    """Remove PYTHONPATH and the working directory from ``sys.path``.

    The directory that contains the workbench itself is kept.
    """
    own = os.path.realpath(os.path.dirname(os.path.dirname(__file__)))
    given = {
        _absolute(entry) for entry in ("", *os.environ.get("PYTHONPATH", "").split(os.pathsep))
    }
    foreign = [entry for entry in sys.path if _absolute(entry) in given]
    foreign = [entry for entry in foreign if os.path.realpath(_absolute(entry)) != own]
    _set_aside.extend(map(_absolute, foreign))
    sys.path[:] = [entry for entry in sys.path if entry not in foreign]


def restore_paths() -> None:
    """Make a project's modules importable again, after the standard library.

    Used by commands that run functions of a project, such as ``workbench bench``.
    """
    installed = ("site-packages", "dist-packages")
    positions = (i for i, entry in enumerate(sys.path) if os.path.basename(entry) in installed)
    position = next(positions, len(sys.path))
    sys.path[position:position] = _set_aside
    _set_aside.clear()


def _absolute(entry: str) -> str:
    try:
        return os.path.abspath(entry)
    except OSError:  # the working directory was deleted; the command line reports it
        return entry
