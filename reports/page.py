"""Variables of the HTML template: charts, style, script and content security policy."""

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
"""Number of references per page in the table of all references."""

MOST_LINES = 5000
"""Number of diff lines shown; the diff is cut after a whole file."""


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
    """Draw the trends of primary workloads, without empty charts."""
    primary = [trend for trend in report.trend.trends if trend.primary] if report.trend else []
    drawn = [(trend, trend_chart(trend, number)) for number, trend in enumerate(primary)]
    return [(trend, chart) for trend, chart in drawn if chart]


def _shown(changes: tuple[ChangedFile, ...]) -> list[ChangedFile]:
    """Return the first files that together have at most ``MOST_LINES`` lines."""
    lines = accumulate(len(change.lines) for change in changes)
    return [change for change, total in zip(changes, lines, strict=True) if total <= MOST_LINES]


def _script_data(places: tuple[FoundReference, ...]) -> Markup:
    """Return references as JSON that cannot close its script element.

    Strings are stored once and referenced by index, because most of them repeat: 20,000 references
    take half a megabyte.
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
    """Return the CSP hash source that allows an inline element with this text."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
