"""Combine ``--format`` and ``--output`` into the documents that a command writes."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.files import check_output


@dataclass(frozen=True)
class Output:
    """One document; written to standard output if ``path`` is None."""

    format: str
    path: Path | None = None


def outputs(
    values: Sequence[str], format: str | None, formats: Collection[str], default: str
) -> tuple[Output, ...]:
    """Parse the values of ``--output``: ``FORMAT:FILE``, or ``FILE`` for the given ``format``.

    A document goes to standard output if there is no other, or if ``format`` is given and no plain
    ``FILE``. The text before a colon is a format only if it is one of ``formats``, so ``./json:x``
    is a file. Raises WorkbenchError for a file that cannot be written or is given twice.
    """
    found = [_output(value, format or default, formats) for value in values]
    paths = [output.path for output in found if output.path is not None]
    for number, path in enumerate(paths):
        check_output(path)
        if os.path.realpath(path) in map(os.path.realpath, paths[:number]):
            raise WorkbenchError(f"two outputs are written to {path}; use two files")
    plain = any(output.path == Path(value) for output, value in zip(found, values, strict=True))
    if not found or (format is not None and not plain):
        found.append(Output(format or default))
    return tuple(found)


def _output(value: str, format: str, formats: Collection[str]) -> Output:
    name, colon, path = value.partition(":")
    if colon and name in formats:
        if not path:
            raise WorkbenchError(f"--output {value} has no file name; use {value}FILE")
        return Output(name, Path(path))
    return Output(format, Path(value))
