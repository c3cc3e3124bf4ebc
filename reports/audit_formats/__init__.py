"""Write an audit in several formats, one module per format."""

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
"""Names of the formats that :func:`render` supports."""


def render(findings: Findings, format: str, style: Style = PLAIN) -> str:
    """Return findings in one of :data:`FORMATS`; equal findings give equal text.

    Formats for people follow the ``style``. Raises ValueError for an unknown format.
    """
    if format not in _MODULES:
        raise ValueError(f"unknown audit format {format!r}: use one of {', '.join(FORMATS)}")
    module = import_module(f"workbench.reports.audit_formats.{_MODULES[format]}")
    written = module.render(findings, *([style] if format in _STYLED else []))
    assert isinstance(written, str)
    return written
