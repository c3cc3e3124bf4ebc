"""Where files come from: generated ones and vendored ones are not to be edited by hand."""

from __future__ import annotations

import re
from pathlib import Path

from workbench.analyzers.model import FileContext
from workbench.analyzers.syntax.lexer import SpanIndex, SpanKind
from workbench.analyzers.syntax.source import Source

GENERATED = "the file is generated: change what it is made from"
VENDORED = "the file is vendored: change it where it comes from"
_GENERATED = re.compile(r"(?<!\w)@generated\b(?!\.\w)")
_HEAD, _HEAD_LINES = 5_000, 40
"""Code points and lines at the beginning of a file, in which it says that it is generated."""
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
    """Why a file must not be edited; empty if it may."""
    if not context.include_generated and is_generated(source, index):
        return GENERATED
    return VENDORED if context.vendored else ""


def is_generated(source: Source, index: SpanIndex) -> bool:
    """Whether a comment near the beginning says ``@generated``."""
    for match in _GENERATED.finditer(source.text, 0, _HEAD):
        span = index.at(match.start())
        comment = span is not None and span.kind is SpanKind.COMMENT
        if comment and source.position(match.start())[0] <= _HEAD_LINES:
            return True
    return False


def is_vendored(location: Path, root: Path) -> bool:
    """Whether a directory between ``root`` and the file is one for the code of others."""
    try:
        inner = location.relative_to(root)
    except ValueError:
        return False
    return not _VENDORED.isdisjoint(inner.parts[:-1])
