"""Recognise generated and vendored files, which are not edited."""

from __future__ import annotations

import re
from pathlib import Path

from workbench.analyzers.model import FileContext
from workbench.analyzers.syntax.lexer import SpanIndex, SpanKind
from workbench.analyzers.syntax.source import Source

GENERATED = "the file is generated: change its source instead"
VENDORED = "the file is vendored: change it upstream"
_GENERATED = re.compile(r"(?<!\w)@generated\b(?!\.\w)")
_HEAD, _HEAD_LINES = 5_000, 40
"""Code points and lines at the start of a file that are searched for ``@generated``."""
_VENDORED = frozenset(
    (
        "_vendor",
        "_vendored",
        "extern",
        "externs",
        "node_modules",
        "site-packages",
        "third-party",
        "third_party",
        "thirdparty",
        "vendor",
        "vendored",
    )
)


def why_untouched(source: Source, index: SpanIndex, context: FileContext) -> str:
    """Return why a file must not be edited; empty if it may be."""
    if not context.include_generated and is_generated(source, index):
        return GENERATED
    return VENDORED if context.vendored else ""


def is_generated(source: Source, index: SpanIndex) -> bool:
    """Return whether a comment near the start of the file contains ``@generated``."""
    for match in _GENERATED.finditer(source.text, 0, _HEAD):
        span = index.at(match.start())
        comment = span is not None and span.kind is SpanKind.COMMENT
        if comment and source.position(match.start())[0] <= _HEAD_LINES:
            return True
    return False


def is_vendored(location: Path, root: Path) -> bool:
    """Return whether a directory between ``root`` and the file is for third-party code."""
    try:
        inner = location.relative_to(root)
    except ValueError:
        return False
    return not _VENDORED.isdisjoint(inner.parts[:-1])
