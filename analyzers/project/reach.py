"""Who reaches a name of a module from another file: by attribute, by import, by a patch.

The search goes by the text. It may find too much, which leaves an import standing, but it sees
what no analysis of one file can: strings, and modules that pass through other names.
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
"""What can stand before a name that is reached: ``t`` ends ``import``."""
_SPACE = frozenset(b" \t\r\n\f\v")
"""Can stand between; two of them may hide anything."""
_OR_SPACE = _BEFORE | _SPACE
_STAR = re.compile(rb"from\s+([\w.]+)\s+import\s*\(?\s*\*")
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


def reached(
    names: Mapping[PythonFile, frozenset[str]], code_base: CodeBase
) -> dict[PythonFile, Reached]:
    """Search a code base for uses of the module-level ``names`` of other files."""
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
    """Whether a text has a name and the last part of one of the modules that bind it."""
    return name.encode() in data and any(module.encode() in data for module in modules)


def _reaches(data: bytes, name: bytes) -> dict[tuple[str, bool], int]:
    """What ``data`` reaches a name through, and whether it replaces the name: the first offsets."""
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
    """Whether what stands before a name lets it be reached, judged by two bytes."""
    if offset < 2 or data[offset - 1] in _BEFORE:
        return True
    return data[offset - 1] in _SPACE and data[offset - 2] in _OR_SPACE


def _owner(before: bytes) -> tuple[re.Match[bytes] | None, bool]:
    """What stands before a name as its module, and whether a call replaces the name there."""
    if before.rstrip().endswith(b"."):
        return _OWNER.search(before), _PATCHED.search(before) is not None
    if before.endswith((b'"', b"'")):
        match = _PATCHED_OBJECT.search(before)
        return match, match is not None
    return (_IMPORT.search(before) if b"import" in before else None), False


def _modules(
    owner: str, data: bytes, by_last: Mapping[str, list[tuple[str, PythonFile]]]
) -> Iterator[PythonFile]:
    """The modules that code may mean by a dotted name, perhaps relative or under an alias."""
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
    """The names that ``import … as`` gives an alias to."""
    wanted = b" as " + alias.encode()
    offset = data.find(wanted)
    while offset >= 0:
        match = _LAST_WORD.search(data[max(0, offset - _WINDOW) : offset])
        end = offset + len(wanted)
        if match is not None and not _WORD.match(data, end):
            yield match.group().decode(errors="replace")
        offset = data.find(wanted, end)
