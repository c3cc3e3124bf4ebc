"""Write a report in several formats. Templates only lay out the values of the report."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from workbench.formatting import columns, markdown, terminal, units
from workbench.reports.highlight import highlight
from workbench.reports.model.report import Report, WorkloadResult
from workbench.reports.sentences import (
    claim_sentence,
    crossing_sentence,
    gate_answers,
    savings_basis,
    site,
)

if TYPE_CHECKING:
    from jinja2 import Environment

LONGEST_TEXT = 2000
_COLUMNS = (
    "utility",
    "workload",
    "primary",
    "python_seconds",
    "native_seconds",
    "speedup",
    "speedup_low",
    "speedup_high",
    "samples",
    "announced_speedup",
    "announced_verdict",
    "equivalent",
    "equivalence_cases",
    "verdict",
    "floor_seconds",
    "floor_share",
    "limit",
    "limit_low",
    "limit_high",
    "purpose",
)


def render(report: Report, format: str) -> str:
    """Return a report in one of :data:`FORMATS`.

    Raises ValueError for an unknown format.
    """
    if format not in _RENDERERS:
        raise ValueError(f"unknown report format {format!r}: use one of {', '.join(FORMATS)}")
    return _RENDERERS[format](report)


def to_json(report: Report) -> str:
    """Return the complete report as JSON text without NaN."""
    return json.dumps(asdict(report), indent=2, allow_nan=False) + "\n"


def to_csv(report: Report) -> str:
    """Return one CSV row per workload, with the JSON names and unrounded numbers."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for utility in report.utilities:
        for workload in utility.workloads:
            cells = asdict(workload) | {
                "primary": workload.workload == utility.workload,
                "purpose": utility.purpose,
            }
            writer.writerow(_csv_cell(cells[column]) for column in _COLUMNS)
    return target.getvalue()


def to_text(report: Report) -> str:
    """Return plain text of 80 columns."""
    return _templates(html=False).get_template("report.txt.j2").render(report=report)


def to_markdown(report: Report) -> str:
    """Return GitHub Markdown: the table first, details folded."""
    return _templates(html=False).get_template("report.md.j2").render(report=report)


def to_html(report: Report) -> str:
    """Return a self-contained HTML page."""
    from workbench.reports.page import page_context

    environment = _templates(html=True)
    return environment.get_template("report.html.j2").render(page_context(report))


def _csv_cell(value: object) -> str | int | float:
    """Escape a value so that spreadsheets do not read it as a formula."""
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    if isinstance(value, str):
        name = terminal.visible(str.__str__(value))
        return "'" + name if name[:1] in {"=", "+", "-", "@"} else name
    return value if isinstance(value, (int, float)) else str(value)


@cache
def _templates(html: bool) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("workbench.reports"),
        autoescape=html,
        undefined=StrictUndefined,
        finalize=_finalize if html else None,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= _FILTERS
    return environment


def _equivalence(row: WorkloadResult) -> str:
    """Describe the result of the equivalence check and its number of inputs."""
    if row.equivalent is None:
        return "not compared"
    return f"{'yes' if row.equivalent else 'NO'} ({units.count(row.equivalence_cases)})"


def _finalize(value: object) -> object:
    """Escape unprintable characters in all values, even if a template does not."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return terminal.visible(str(value), LONGEST_TEXT)
    return value


# Filters that lay out names escape them first, so that a name cannot break a line or a table.
_FILTERS: dict[str, Callable[..., object]] = {
    "seconds": units.seconds,
    "ratio": units.ratio,
    "times": units.times,
    "span": units.span,
    "percent": units.percent,
    "interval": units.interval,
    "count": units.count,
    "counted": units.counted,
    "visible": terminal.visible,
    "equivalence": _equivalence,
    "claim": claim_sentence,
    "highlight": lambda lines, path: highlight(path, lines),
    "basis": savings_basis,
    "crossing": crossing_sentence,
    "site": site,
    "answers": gate_answers,
    "left": lambda text, width: columns.left(terminal.visible(text), width),
    "right": lambda text, width: columns.right(terminal.visible(text), width),
    "number": lambda text, width: text.rjust(width),
    "wrap": lambda text, indent="": columns.wrap(terminal.visible(text, LONGEST_TEXT), indent),
    "shell": columns.shell,
    "code": lambda text: markdown.code(terminal.visible(text)),
    "prose": lambda text: markdown.prose(terminal.visible(text, LONGEST_TEXT)),
}
_RENDERERS: dict[str, Callable[[Report], str]] = {
    "text": to_text,
    "html": to_html,
    "json": to_json,
    "markdown": to_markdown,
    "csv": to_csv,
}
FORMATS = tuple(_RENDERERS)
"""Names of the formats that :func:`render` supports."""
