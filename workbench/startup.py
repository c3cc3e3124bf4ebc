"""Keep the working directory and PYTHONPATH away from the imports of the command line.

Code that is audited may be in both, and must never run. Imports nothing that it could shadow.
"""

from __future__ import annotations

import os
import sys

_set_aside: list[str] = []


def set_paths_aside() -> None:
    """Remove PYTHONPATH and the working directory from ``sys.path``.

    The directory that holds the workbench itself stays.
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
    """Let the functions of a project be imported again, after the standard library.

    For commands that run them, such as ``workbench bench``.
    """
    installed = ("site-packages", "dist-packages")
    positions = (i for i, entry in enumerate(sys.path) if os.path.basename(entry) in installed)
    position = next(positions, len(sys.path))
    sys.path[position:position] = _set_aside
    _set_aside.clear()


def _absolute(entry: str) -> str:
    try:
        return os.path.abspath(entry)
    except OSError:  # the working directory is gone, which the command line reports
        return entry
