"""Who reaches a name of a module from another file: by attribute, by import, by a patch.

The search goes by the text. It may find too much, which leaves an import standing, but it sees
what no analysis of one file can: strings, and modules that pass through other names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from analyzers.discover import PythonFile
from analyzers.modules import module_parts

_WINDOW = 400
_OWNER = re.compile(rb"([\w.]*\w)\s*\.\s*\Z")
_IMPORT = re.compile(rb"\bfrom\s+([\w.]+)\s+import\b(?:[^;(\r\n]|\\\r?\n|\s*\([^)]*)*\Z")
_LAST_WORD = re.compile(rb"\w+\Z")
_STAR = re.compile(rb"\bfrom\s+([\w.]+)\s+import\s*\(?\s*\*")
_PATCHED = re.compile(rb"(?:patch|setattr|delattr)[\w.]*\(\s*(?:\w+\s*=\s*)?[\"'][\w.]*\Z")
_PATCHED_OBJECT = re.compile(
    rb"(?:patch|setattr|delattr)[\w.]*\(\s*([\w.]+)\s*,\s*(?:\w+\s*=\s*)?[\"']\Z"
)


@dataclass
class Reached:
    """What other files do with the names of one file."""

    kept: set[str] = field(default_factory=set)
    intercepted: dict[str, str] = field(default_factory=dict)
    """Names replaced at run time, with the place where: ``path:line``."""


class _Reach(NamedTuple):
    """One place that reaches a name through what it calls ``owner``."""

    owner: str
    offset: int
    patches: bool


def reached(
    names: Mapping[PythonFile, frozenset[str]], files: Iterable[PythonFile]
) -> dict[PythonFile, Reached]:
    """Search ``files`` for uses of the module-level ``names`` of other files."""
    owners: dict[str, list[tuple[str, PythonFile]]] = {}
    for file, bound in names.items():
        module = ".".join(module_parts(file.location))
        for name in bound:
            owners.setdefault(name, []).append((module, file))
    result: dict[PythonFile, Reached] = {}
    for file in files if owners else ():
        data = _content(file)
        for name in (name for name in owners if name.encode() in data):
            for reach in _reaches(data, name.encode()):
                for module, target in owners[name]:
                    if target.location != file.location and _may_be(reach.owner, module, data):
                        entry = result.setdefault(target, Reached())
                        entry.kept.add(name)
                        if reach.patches:
                            line = data.count(b"\n", 0, reach.offset) + 1
                            entry.intercepted[name] = f"{file.display}:{line}"
    return result


def _content(file: PythonFile) -> bytes:
    try:
        return file.location.read_bytes()
    except OSError:
        return b""


def _reaches(data: bytes, name: bytes) -> Iterator[_Reach]:
    for match in _STAR.finditer(data):
        yield _Reach(match.group(1).decode(errors="replace"), match.start(), patches=False)
    offset = data.find(name)
    while offset >= 0:
        before = data[max(0, offset - _WINDOW) : offset]
        owner, patches = _owner(before)
        if owner is not None:
            yield _Reach(owner.group(1).decode(errors="replace"), offset, patches)
        offset = data.find(name, offset + len(name))


def _owner(before: bytes) -> tuple[re.Match[bytes] | None, bool]:
    """What stands before a name as its module, and whether a call replaces the name there."""
    if before.rstrip().endswith(b"."):
        return _OWNER.search(before), _PATCHED.search(before) is not None
    if before.endswith((b'"', b"'")):
        match = _PATCHED_OBJECT.search(before)
        return match, match is not None
    return (_IMPORT.search(before) if b"import" in before else None), False


def _may_be(owner: str, module: str, data: bytes) -> bool:
    """Whether code may call the module ``owner``, a dotted name, perhaps relative or an alias."""
    path = owner.lstrip(".")
    if not path or f".{module}".endswith(f".{path}"):
        return True
    first, dot, rest = path.partition(".")
    if first == module.partition(".")[0]:
        return False
    for match in re.finditer(rb" as %s\b" % re.escape(first.encode()), data):
        alias = _LAST_WORD.search(data[max(0, match.start() - _WINDOW) : match.start()])
        if alias and f".{module}".endswith(f".{alias.group().decode(errors='replace')}{dot}{rest}"):
            return True
    return False
