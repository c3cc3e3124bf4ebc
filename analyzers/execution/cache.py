"""Cache the outcomes of files, with keys that contain everything that they depend on.

The content of the directory is not trusted: only a fixed set of plain classes is unpickled, and
invalid entries are ignored. Edits that are written to files never come from the cache.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import sys
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from workbench.analyzers.model import FileAnalysis
from workbench.analyzers.rules import RuleIndex
from workbench.analyzers.task import Outcome, Task
from workbench.atomic import replace as replace_file

_MOST_ENTRIES = 20_000
_SAFE = {
    ("workbench.analyzers.rules", "Copy"),
    ("workbench.analyzers.model", "Edit"),
    ("workbench.analyzers.model", "FileAnalysis"),
    ("workbench.analyzers.model", "ReferenceKind"),
    ("workbench.analyzers.model", "Notice"),
    ("workbench.analyzers.model", "Reference"),
    ("workbench.analyzers.rules", "Rule"),
    ("workbench.analyzers.model", "Verdict"),
    ("workbench.analyzers.task", "Outcome"),
    ("builtins", "frozenset"),
    ("builtins", "set"),
    ("collections", "Counter"),
    ("pathlib", "PosixPath"),
    ("pathlib._local", "PosixPath"),
}
_PACKAGE = Path(__file__).parents[1]
"""This package, `workbench.analyzers`."""


class Cache:
    """A directory of outcomes; without a directory, the cache is disabled."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._rules: tuple[RuleIndex, str] | None = None
        """The rules of the last task, with their digest."""

    def outcome(self, task: Task) -> Outcome | None:
        """Return the cached outcome of a task, if there is one."""
        outcome = self._read(self._key(task)) if self._directory is not None else None
        if not isinstance(outcome, Outcome):
            return None
        if not isinstance(outcome.analysis, FileAnalysis):
            return outcome if outcome.analysis is None else None
        return replace(outcome, analysis=replace(outcome.analysis, original=task.data))

    def keep(self, task: Task, outcome: Outcome) -> None:
        """Cache the outcome of a task, unless it is an error."""
        if outcome.error or self._directory is None:
            return
        if outcome.analysis is not None:  # the content is part of the key already
            outcome = replace(outcome, analysis=replace(outcome.analysis, original=b""))
        self._write(self._key(task), outcome)

    def names(self, key: tuple[str, ...], data: bytes) -> frozenset[str] | None:
        """Return the cached set of names for a key and the content of a file, if there is one."""
        found = self._read(_digest(key, data)) if self._directory is not None else None
        return found if isinstance(found, frozenset) else None

    def keep_names(self, key: tuple[str, ...], data: bytes, names: frozenset[str]) -> None:
        """Cache a set of names for a key and the content of a file."""
        if self._directory is not None:
            self._write(_digest(key, data), names)

    def _key(self, task: Task) -> str:
        context = _ordered(vars(task.context))
        file = str(task.file.location), task.file.display, task.file.named
        rules = self._digest_of(task.rules)
        return _digest((file, task.module, rules, context, task.prove), task.data)

    def _digest_of(self, rules: RuleIndex) -> str:
        if self._rules is None or self._rules[0] is not rules:
            by_name = sorted((name, repr(rule)) for name, rule in rules.by_name.items())
            self._rules = rules, _digest((by_name, sorted(rules.own), sorted(rules.others)))
        return self._rules[1]

    def prune(self) -> None:
        """Remove the older half of the entries if there are too many."""
        if self._directory is None or not self._directory.is_dir():
            return
        with contextlib.suppress(OSError):  # another run may prune at the same time
            entries = [e for e in os.scandir(self._directory) if len(e.name) == _LENGTH]
            if len(entries) > _MOST_ENTRIES:
                entries.sort(key=lambda entry: entry.stat().st_mtime)
                for entry in entries[: len(entries) // 2]:
                    os.unlink(entry.path)

    def _read(self, key: str) -> Any:
        assert self._directory is not None
        try:
            data = (self._directory / key).read_bytes()
            return _Unpickler(io.BytesIO(data)).load()
        except Exception:
            return None

    def _write(self, key: str, value: object) -> None:
        assert self._directory is not None
        with contextlib.suppress(OSError):  # works without a cache if it is not writable
            _prepare(self._directory)
            content = pickle.dumps(value, protocol=4)
            replace_file(self._directory / key, content, mode=0o600, durable=False)


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _SAFE:
            raise pickle.UnpicklingError(f"{module}.{name} is not allowed")
        return super().find_class(module, name)


def _prepare(directory: Path) -> None:
    if not directory.is_dir():
        directory.mkdir(exist_ok=True)
        (directory / ".gitignore").write_text("*\n", encoding="utf-8")
        tag = "Signature: 8a477f597d28d172789f06886806bc55\n"
        (directory / "CACHEDIR.TAG").write_text(tag, encoding="utf-8")


_LENGTH = 64


def _ordered(value: Any) -> Any:
    """Return a value with sets and mappings in an order that does not depend on hashes."""
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, dict):
        return sorted((key, _ordered(item)) for key, item in value.items())
    return value


def _digest(value: object, data: bytes = b"") -> str:
    text = repr((_version(), value)).encode(errors="surrogatepass")
    return hashlib.sha256(b"%d:%b%b" % (len(text), text, data)).hexdigest()


@cache
def _version() -> tuple[object, ...]:
    """Identify the code that produces outcomes: this package, LibCST and Python."""
    spec = find_spec("libcst")
    places = [spec.origin] if spec is not None and spec.origin else []
    places += sorted(map(str, _PACKAGE.rglob("*.py")))
    stats = [os.stat(place) for place in places]
    return sys.version, *((s.st_size, s.st_mtime_ns) for s in stats), *places
