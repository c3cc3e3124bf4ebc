"""Find Python files in directories when the native search is not built."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from workbench.analyzers.project.discover import SUFFIXES, Fail
from workbench.analyzers.project.gitignore import Ignored

_SKIPPED = frozenset(("__pycache__",))


def walk(
    roots: Iterable[str], excludes: Iterable[str], follow_ignore: bool, fail: Fail
) -> Iterator[str]:
    """Yield each Python file in ``roots`` once, the same files as the native search.

    A root that is a file may have any name. Raises `PathError` for an invalid exclude.
    """
    ignored = Ignored(Path.cwd(), tuple(excludes), follow_ignore)
    seen: set[str] = set()
    for root in roots:
        ignored.enter(root)
        for location in _walk(root, ignored, fail) if os.path.isdir(root) else [root]:
            if location not in seen:
                seen.add(location)
                yield location


def _walk(directory: str, ignored: Callable[[str, bool], bool], fail: Fail) -> Iterator[str]:
    try:
        with os.scandir(directory) as entries:
            listed = list(entries)
    except OSError as error:
        fail(directory, error.strerror or str(error))
        return
    for entry in listed:
        if entry.is_dir(follow_symlinks=False):
            hidden = entry.name.startswith(".") or entry.name in _SKIPPED
            if not hidden and not ignored(entry.path, True):
                yield from _walk(entry.path, ignored, fail)
        elif (
            entry.name.endswith(SUFFIXES)
            and entry.is_file(follow_symlinks=False)
            and not ignored(entry.path, False)
        ):
            yield entry.path
