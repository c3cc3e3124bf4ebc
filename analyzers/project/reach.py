"""Find uses of a module's names in other files: by attribute, by import, by a patch.

This is a text search. It may find too much, which keeps an import that could be removed, but it
finds uses that the analysis of one file cannot: in strings, and through modules under other names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from workbench.analyzers.model import PythonFile
from workbench.analyzers.project.codebase import CodeBase
from workbench.analyzers.project.modules import module_parts

_WINDOW = 400
_OWNER = re.compile(rb"([\w.]*\w)\s*\.\s*\Z")
_IMPORT = re.compile(rb"\bfrom\s+([\w.]+)\s+import\b(?:[^;(\r\n]|\\\r?\n|\s*\([^)]*)*\Z")
_LAST_WORD = re.compile(rb"\w+\Z")
_WORD = re.compile(rb"\w")
_BEFORE = frozenset(b".'\"t,(\\")
"""Bytes that can precede a name that is used; ``t`` ends ``import``."""
_SPACE = frozenset(b" \t\r\n\f\v")
"""Whitespace in between; before two of these bytes there may be anything."""
_OR_SPACE = _BEFORE | _SPACE
_STAR = re.compile(rb"from\s+([\w.]+)\s+import\s*\(?\s*\*")
_PATCHED = re.compile(rb"(?:patch|setattr|delattr)[\w.]*\(\s*(?:\w+\s*=\s*)?[\"'][\w.]*\Z")
_PATCHED_OBJECT = re.compile(
    rb"(?:patch|setattr|delattr)[\w.]*\(\s*([\w.]+)\s*,\s*(?:\w+\s*=\s*)?[\"']\Z"
)


@dataclass
class Reached:
    """The uses of one file's names in other files."""

    kept: set[str] = field(default_factory=set)
    intercepted: dict[str, str] = field(default_factory=dict)
    """Names that are replaced at run time, with the location as ``path:line``."""


def reached(
    names: Mapping[PythonFile, frozenset[str]], code_base: CodeBase
) -> dict[PythonFile, Reached]:
    """Search a code base for uses of module-level ``names`` in other files."""
    owners: dict[str, dict[str, list[tuple[str, PythonFile]]]] = {}
    for file, bound in names.items():
        parts = module_parts(file.location)
        for name in bound:
            by_last = owners.setdefault(name, {})
            by_last.setdefault(parts[-1], []).append((f".{'.'.join(parts)}", file))
    result: dict[PythonFile, Reached] = {}
    for file in code_base.holding(owners) if owners else ():
        data = code_base.content(file) or b""
        for name in (n for n, by_last in owners.items() if _may_reach(data, n, by_last)):
            for (owner, patches), offset in _reaches(data, name.encode()).items():
                for target in _modules(owner, data, owners[name]):
                    if target.location != file.location:
                        entry = result.setdefault(target, Reached())
                        entry.kept.add(name)
                        if patches:
                            line = data.count(b"\n", 0, offset) + 1
                            entry.intercepted[name] = f"{file.display}:{line}"
    return result


def _may_reach(data: bytes, name: str, modules: Iterable[str]) -> bool:
    """Return whether a text contains a name and the last part of a module that binds it."""
    return name.encode() in data and any(module.encode() in data for module in modules)


def _reaches(data: bytes, name: bytes) -> dict[tuple[str, bool], int]:
    """Map each module expression, and whether the name is replaced, to its first offset."""
    reaches: dict[tuple[str, bool], int] = {}
    for match in _STAR.finditer(data) if b"*" in data else ():
        reaches.setdefault((match.group(1).decode(errors="replace"), False), match.start())
    offset = data.find(name)
    while offset >= 0:
        if _may_be_reached(data, offset):
            owner, patches = _owner(data[max(0, offset - _WINDOW) : offset])
            if owner is not None:
                found = owner.group(1).decode(errors="replace"), patches
                reaches.setdefault(found, offset)
        offset = data.find(name, offset + len(name))
    return reaches


def _may_be_reached(data: bytes, offset: int) -> bool:
    """Return whether the two bytes before a name allow a use through a module."""
    if offset < 2 or data[offset - 1] in _BEFORE:
        return True
    return data[offset - 1] in _SPACE and data[offset - 2] in _OR_SPACE


def _owner(before: bytes) -> tuple[re.Match[bytes] | None, bool]:
    """Match the module expression before a name; also return whether a call replaces the name."""
    if before.rstrip().endswith(b"."):
        return _OWNER.search(before), _PATCHED.search(before) is not None
    if before.endswith((b'"', b"'")):
        match = _PATCHED_OBJECT.search(before)
        return match, match is not None
    return (_IMPORT.search(before) if b"import" in before else None), False


def _modules(
    owner: str, data: bytes, by_last: Mapping[str, list[tuple[str, PythonFile]]]
) -> Iterator[PythonFile]:
    """Yield the modules that a dotted name, relative or with an alias, may refer to."""
    path = owner.lstrip(".")
    first, dot, rest = path.partition(".")
    meant = {path}
    if rest.rpartition(".")[2] in by_last or not dot:
        meant |= {f"{original}{dot}{rest}" for original in _originals(first, data)}
    for dotted in meant:
        for module, file in by_last.get(dotted.rpartition(".")[2], ()):
            if module.endswith(f".{dotted}"):
                yield file


def _originals(alias: str, data: bytes) -> Iterator[str]:
    """Yield the names that ``import … as`` binds to an alias."""
    wanted = b" as " + alias.encode()
    offset = data.find(wanted)
    while offset >= 0:
        match = _LAST_WORD.search(data[max(0, offset - _WINDOW) : offset])
        end = offset + len(wanted)
        if match is not None and not _WORD.match(data, end):
            yield match.group().decode(errors="replace")
        offset = data.find(wanted, end)
