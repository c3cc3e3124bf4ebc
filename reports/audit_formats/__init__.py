"""One audit in several formats, one module for each."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from workbench.formatting.terminal import PLAIN, Style

if TYPE_CHECKING:
    from workbench.reports.audit_formats.findings import Findings

_MODULES = {
    "text": "text",
    "concise": "concise",
    "json": "json_document",
    "jsonl": "json_lines",
    "sarif": "sarif",
    "github": "github",
    "markdown": "markdown",
}
_STYLED = ("text", "concise")
FORMATS = tuple(_MODULES)
"""Names of the formats that :func:`render` writes."""


def render(findings: Findings, format: str, style: Style = PLAIN) -> str:
    """Write what an audit found as one of :data:`FORMATS`; the same findings give the same text.

    Of the formats, those for people follow the ``style``. Raises ValueError for any other format.
    """
    if format not in _MODULES:
        raise ValueError(f"unknown audit format {format!r}: use one of {', '.join(FORMATS)}")
    module = import_module(f"workbench.reports.audit_formats.{_MODULES[format]}")
    written = module.render(findings, *([style] if format in _STYLED else []))
    assert isinstance(written, str)
    return written
