"""What the HTML page needs beside the report: charts, style, script and the policy for them."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import astuple
from importlib.resources import files
from itertools import accumulate
from typing import Any

from markupsafe import Markup

from workbench.formatting.terminal import visible
from workbench.reports.charts.curves import curve_chart
from workbench.reports.charts.distribution import distribution_chart
from workbench.reports.charts.speedups import speedup_chart
from workbench.reports.charts.trend import trend_chart
from workbench.reports.model.audit import FoundReference
from workbench.reports.model.report import ChangedFile, Report
from workbench.reports.model.sections import TrendResult

PAGE_LENGTH = 100
"""Longer tables of references are shown in pages of this many rows."""

MOST_LINES = 5000
"""Longer diffs are cut after the last whole file."""


def page_context(report: Report) -> dict[str, Any]:
    """Return the variables of the HTML template."""
    style = _template_text("report.css")
    script = _template_text("report.js")
    places = report.audit.places if report.audit else ()
    return {
        "report": report,
        "policy": (
            f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
            "base-uri 'none'; form-action 'none'"
        ),
        "style": Markup(style),
        "script": Markup(script),
        "charts": {
            "wide": speedup_chart(report.utilities),
            "narrow": speedup_chart(report.utilities, narrow=True),
        },
        "spreads": [
            (utility, distribution_chart(utility, number))
            for number, utility in enumerate(report.utilities)
        ],
        "curves": [
            (curve, curve_chart(curve, number)) for number, curve in enumerate(report.curves)
        ],
        "trends": _trends(report),
        "first_places": places[:PAGE_LENGTH],
        "page_length": PAGE_LENGTH,
        "shown_changes": _shown(report.migration.changes) if report.migration else (),
        "all_places": _script_data(places) if len(places) > PAGE_LENGTH else "",
    }


def _trends(report: Report) -> list[tuple[TrendResult, Markup]]:
    """Draw the workloads that stand for their utilities, where there is something to draw."""
    primary = [trend for trend in report.trend.trends if trend.primary] if report.trend else []
    drawn = [(trend, trend_chart(trend, number)) for number, trend in enumerate(primary)]
    return [(trend, chart) for trend, chart in drawn if chart]


def _shown(changes: tuple[ChangedFile, ...]) -> list[ChangedFile]:
    """Take as many files from the beginning as a page can hold."""
    lines = accumulate(len(change.lines) for change in changes)
    return [change for change, total in zip(changes, lines, strict=True) if total <= MOST_LINES]


def _script_data(places: tuple[FoundReference, ...]) -> Markup:
    """Write references as JSON that cannot end its script element.

    Strings that repeat, almost all of them, are numbered: 20,000 references take half a megabyte.
    """
    numbers: dict[str, int] = {}
    rows = [
        [
            numbers.setdefault(visible(cell), len(numbers)) if isinstance(cell, str) else cell
            for cell in astuple(place)
        ]
        for place in places
    ]
    text = json.dumps({"strings": list(numbers), "rows": rows}, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _template_text(name: str) -> str:
    return files("workbench.reports").joinpath("templates", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return the source expression by which a policy allows an inline element with this text."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
