"""Apply ``.gitignore`` rules when the native search is not built."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pathspec import GitIgnoreSpec

from workbench.analyzers.project.discover import PathError

_FILE = ".gitignore"


class Ignored:
    """A check whether a path is skipped; call it for the parent directories first.

    ``excludes`` are patterns in ``.gitignore`` syntax relative to ``here``. With ``follow``, the
    ``.gitignore`` files of a git work tree apply too, except those above a root that they ignore
    (the native search still applies their patterns without a slash). Raises `PathError` for an
    invalid exclude.
    """

    def __init__(self, here: Path, excludes: Iterable[str], follow: bool) -> None:
        self._here = str(here)
        self._excluded = GitIgnoreSpec([p for line in excludes for p in _exclude(line)])
        self._follow = follow
        self._specs: dict[str, GitIgnoreSpec | None] = {}
        self._in_git: dict[str, bool] = {}
        self._top = ""

    def enter(self, root: str) -> None:
        """Start with a directory that is searched even if it is ignored."""
        self._top = ""
        if self._follow and self._ignored_by_git(root, True):
            self._top = root

    def __call__(self, path: str, is_directory: bool) -> bool:
        """Return whether to skip the file or directory at an absolute path."""
        if _match(self._excluded, self._here, path, is_directory):
            return True
        return self._follow and self._ignored_by_git(path, is_directory)

    def _ignored_by_git(self, path: str, is_directory: bool) -> bool:
        directory = os.path.dirname(path)
        if not self._is_in_git(directory):
            return False
        while True:
            is_ignored = _match(self._spec_of(directory), directory, path, is_directory)
            if is_ignored is not None:
                return is_ignored
            if _is_top(directory) or directory == self._top:
                return False
            directory = os.path.dirname(directory)

    def _is_in_git(self, directory: str) -> bool:
        if directory not in self._in_git:
            parent = os.path.dirname(directory)
            above = parent != directory and self._is_in_git(parent)
            self._in_git[directory] = above or _is_top(directory)
        return self._in_git[directory]

    def _spec_of(self, directory: str) -> GitIgnoreSpec | None:
        if directory not in self._specs:
            self._specs[directory] = _read(os.path.join(directory, _FILE))
        return self._specs[directory]


def _match(spec: GitIgnoreSpec | None, base: str, path: str, is_directory: bool) -> bool | None:
    """Return whether the patterns of a file in ``base`` ignore a path; None without a match."""
    relative = os.path.relpath(path, base).replace(os.sep, "/")
    if spec is None or relative.startswith("../"):
        return None
    return spec.check_file(f"{relative}/" if is_directory else relative).include


def _is_top(directory: str) -> bool:
    return os.path.exists(os.path.join(directory, ".git"))


def _read(path: str) -> GitIgnoreSpec | None:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as stream:
            lines = stream.read().split("\n")
    except OSError:
        return None
    patterns: list[Any] = []
    for line in lines:
        # Git also skips patterns that it does not understand.
        with contextlib.suppress(ValueError, re.error):
            patterns += GitIgnoreSpec.from_lines([line]).patterns
    return GitIgnoreSpec(patterns) if patterns else None


def _exclude(line: str) -> Iterable[Any]:
    try:
        return GitIgnoreSpec.from_lines([line]).patterns
    except (ValueError, re.error) as error:
        raise PathError(f'exclude "{line}": {error}') from None
