"""Build the migration section of a report from a unified diff."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.reports.model.report import ChangedFile, MigrationSection

_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")


def migration_section(diff: bytes) -> MigrationSection:
    """Split the unified diff of ``workbench migrate --diff`` into files.

    Bytes that are not UTF-8 become escapes. Raises ValueError, with a one-line message, if ``diff``
    is not a unified diff.
    """
    lines = diff.decode("utf-8", "backslashreplace").split("\n")
    if lines[-1] == "":
        lines.pop()
    files = tuple(_files(lines))
    added = sum(file.added for file in files)
    return MigrationSection(len(files), added, sum(file.removed for file in files), files)


def _files(lines: list[str]) -> Iterator[ChangedFile]:
    at = 0
    while at < len(lines):
        header = lines[at : at + 2]
        if len(header) < 2 or not (header[0].startswith("--- ") and header[1].startswith("+++ ")):
            raise ValueError(f"not a unified diff: expected a file header on line {at + 1}")
        end = _end_of_hunks(lines, at + 2)
        body = tuple(lines[at + 2 : end])
        path = header[1][4:].strip('\t"').removeprefix("b/")
        added, removed = (sum(line.startswith(mark) for line in body) for mark in "+-")
        yield ChangedFile(path, added, removed, body)
        at = end


def _end_of_hunks(lines: list[str], at: int) -> int:
    """Find the end of the hunks of a file by their line counts.

    A removed line can look like a file header.
    """
    while at < len(lines) and (hunk := _HUNK.match(lines[at])):
        old, new = (int(count or 1) for count in hunk.groups())
        at += 1
        while old > 0 or new > 0:
            mark = lines[at][:1] if at < len(lines) else ""
            if mark not in {" ", "-", "+", "\\"} or not mark:
                raise ValueError(f"not a unified diff: the hunk ends early at line {at + 1}")
            old -= mark in " -"
            new -= mark in " +"
            at += 1
        while at < len(lines) and lines[at].startswith("\\"):
            at += 1
    return at
