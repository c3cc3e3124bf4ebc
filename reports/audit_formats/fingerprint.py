"""Fingerprints of references that do not change when lines above them do."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from workbench.analyzers.model import FileAnalysis, Reference

_NEWLINE = re.compile(rb"\r\n?|\n")


def fingerprinted(file: FileAnalysis) -> Iterator[tuple[Reference, str]]:
    """Yield each reference of a file with a hash of its name, its kind and the words of its line.

    The line number and the indentation are ignored. Equal references get equal fingerprints.
    """
    lines = _NEWLINE.split(file.original)
    for reference in file.references:
        line = lines[reference.line - 1] if reference.line <= len(lines) else b""
        facts = f"{reference.qualified_name}\0{reference.kind.value}\0"
        content = facts.encode("utf-8", "surrogatepass") + b" ".join(line.split())
        yield reference, hashlib.sha256(content).hexdigest()[:16]
