"""Checks of `benchmarks/corpus.py`: comparison with ruff, and rewritten files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from workbench.analyzers.audit import audit
from workbench.analyzers.model import Audit, FileError, Reference, ReferenceKind, Verdict
from workbench.analyzers.rewriting.write import write
from workbench.analyzers.rules import Rule

Place = tuple[str, int, int, str]
"""Absolute path, line, column, qualified name."""


_DOTTED = re.compile(r"\w*(?:\s*\.\s*\w+)*")


@dataclass(frozen=True)
class Difference:
    """A reference that only one tool reports, with the reason; ``known`` if it is expected."""

    place: Place
    side: str
    reason: str
    known: bool = True


class CrashError(RuntimeError):
    """The audit raised an exception or its process died."""


def survey(paths: Sequence[Path], rules: Sequence[Rule]) -> tuple[Audit, list[FileError]]:
    """Audit in a separate process; return the audit and the files that crash it."""
    try:
        return _isolated(paths, rules), []
    except CrashError as crash:
        if len(paths) == 1 and paths[0].is_file():
            return Audit(1, (), ()), [FileError(str(paths[0]), str(crash))]
        files = _files(paths)
        halves = (files[: len(files) // 2], files[len(files) // 2 :])
        parts = [survey(half, rules) for half in halves if half]
        return _joined([part for part, _ in parts]), [c for _, crashes in parts for c in crashes]


def _isolated(paths: Sequence[Path], rules: Sequence[Rule]) -> Audit:
    with ProcessPoolExecutor(max_workers=1) as pool:
        try:
            return pool.submit(audit, list(paths), tuple(rules)).result()
        except BrokenProcessPool:
            raise CrashError("the process died") from None
        except Exception as error:  # any exception is a finding
            raise CrashError(f"{type(error).__name__}: {error}") from error


def _files(paths: Iterable[Path]) -> list[Path]:
    nested = ([path] if path.is_file() else sorted(path.rglob("*.py")) for path in paths)
    return [path for group in nested for path in group]


def _joined(audits: Sequence[Audit]) -> Audit:
    return Audit(
        sum(one.files_scanned for one in audits),
        tuple(file for one in audits for file in one.files),
        tuple(error for one in audits for error in one.errors),
    )


def ruff_places(code_base: Path, rules: Iterable[Rule]) -> tuple[set[Place], set[str]]:
    """Return the references that ruff reports and the files that it cannot parse."""
    lines = ["exclude = []", "respect-gitignore = false", "[lint.flake8-tidy-imports.banned-api]"]
    lines += [f'"{rule.old}".msg = "moved"' for rule in rules]
    with tempfile.TemporaryDirectory() as directory:
        config = Path(directory) / "ruff.toml"
        config.write_text("\n".join(lines), encoding="utf-8")
        options = ["--select=TID251", "--no-cache", "--ignore-noqa", "--output-format=json"]
        command = [sys.executable, "-m", "ruff", "check", *options, "--exit-zero"]
        command += [f"--config={config}", str(code_base)]
        run = subprocess.run(command, capture_output=True, check=True)
    places, unparsed = set(), set()
    for finding in json.loads(run.stdout):
        path = os.path.realpath(finding["filename"])
        if finding["code"] == "TID251":
            at = finding["location"]
            places.add((path, at["row"], at["column"], finding["message"].split("`")[1]))
        else:
            unparsed.add(path)
    return places, unparsed


def differences(
    found: Audit, places: set[Place], unparsed: set[str]
) -> tuple[int, list[Difference]]:
    """Return the number of references that both report, and the differences."""
    ours: dict[Place, Reference] = {}
    for file in found.files:
        path = os.path.realpath(file.location)
        for r in file.references:
            ours[path, r.line, r.column, r.qualified_name] = r
    strings = {place for place, r in ours.items() if r.kind is ReferenceKind.STRING}
    failed = {os.path.realpath(error.path) for error in found.errors}
    result = [
        Difference(place, "audit", *_why_only_ours(place, ours[place], unparsed))
        for place in sorted(ours.keys() - places - strings)
    ]
    result += [
        Difference(place, "ruff", *_why_only_ruff(place, strings, failed))
        for place in sorted(places - (ours.keys() - strings))
    ]
    return len(places & (ours.keys() - strings)), result


def _why_only_ours(place: Place, reference: Reference, unparsed: set[str]) -> tuple[str, bool]:
    if place[0] in unparsed:
        return "ruff cannot parse the file", True
    if reference.verdict is Verdict.REVIEW:
        return f"needs review: {reference.reason}", True
    text = _line(place)
    if text is None:
        return "ruff reads only UTF-8", True
    last = place[3].rpartition(".")[2]
    _, *attributes = _DOTTED.findall(text, place[2] - 1)[0].split(".")
    if last in (attribute.strip() for attribute in attributes) or text.endswith("\\"):
        return "through a module that ruff does not follow", False
    return "a bare name; ruff reports its import", True


def _why_only_ruff(place: Place, strings: set[Place], failed: set[str]) -> tuple[str, bool]:
    if place[0] in failed:
        return "the audit reports an error for the file", True
    if _inside_string(place, strings):
        return "the audit reports it as a string", True
    return "the audit does not find it", False


def _inside_string(place: Place, strings: set[Place]) -> bool:
    path, line, column, name = place
    near = (s for s in strings if s[0] == path and s[3] == name and abs(s[1] - line) <= 3)
    return any(s[1] < line or s[2] <= column + 1 for s in near)


def _line(place: Place) -> str | None:
    try:
        text = Path(place[0]).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[place[1] - 1]


def rewrite(found: Audit) -> list[FileError]:
    """Write the edits of an audit; return the files that could not be written."""
    return list(write(found).errors)


def broken(original: bytes, path: Path) -> str:
    """Return how the rewrite broke a file; empty if it did not."""
    import libcst as cst

    new = path.read_bytes()
    if (error := _compile_error(new)) and not _compile_error(original):
        return f"no longer compiles: {error}"
    try:
        cst.parse_module(new)
    except (cst.ParserSyntaxError, UnicodeDecodeError, RecursionError) as failure:
        return f"LibCST can no longer parse it: {failure}"
    return ""


def _compile_error(data: bytes) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, "<corpus>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError) as error:
        return str(error)
    return ""


def contents(directory: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield the Python files below a directory with their contents."""
    for path in sorted(directory.rglob("*.py")):
        yield path, path.read_bytes()
