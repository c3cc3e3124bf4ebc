"""Write an audit in several formats, one module per format."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

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
FORMATS = tuple(_MODULES)
"""Names of the formats that :func:`render` supports."""


def render(findings: Findings, format: str) -> str:
    """Return findings in one of :data:`FORMATS`; equal findings give equal text.

    Raises ValueError for an unknown format.
    """
    if format not in _MODULES:
        raise ValueError(f"unknown audit format {format!r}: use one of {', '.join(FORMATS)}")
    written = import_module(f"workbench.reports.audit_formats.{_MODULES[format]}").render(findings)
    assert isinstance(written, str)
    return written
