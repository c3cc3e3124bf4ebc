"""``workbench audit``."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.audits.scope import AuditScope
from workbench.cli import _completion, _shared
from workbench.cli._color import output_style
from workbench.cli._scope import scope_options
from workbench.formatting.terminal import PLAIN
from workbench.reports.audit_formats import FORMATS


@click.command("audit")
@scope_options
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), help="Output format.  [default: text]"
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 even if there are findings.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    help="Show only findings that are new since this JSON audit, made in the same directory.",
)
@click.option(
    "-o",
    "--output",
    multiple=True,
    metavar="[FORMAT:]FILE",
    shell_complete=_completion.files,
    help="Write to this file; can be repeated.  [default: standard output]",
)
def command(
    scope: AuditScope,
    format_: str | None,
    exit_zero: bool,
    baseline: Path | None,
    output: tuple[str, ...],
) -> int:
    """Find every reference to a replaceable function, without importing or running the code.

    Each reference has a verdict: `rewrite` is safe to migrate, `review` needs a manual check,
    `keep` is suppressed. The comment `# workbench: keep[UTILITY] reason` suppresses a rewrite;
    unused suppressions are reported as notices.

    -o FILE writes the --format output; -o FORMAT:FILE writes another format. Standard output gets
    the --format output if --format is given without -o FILE, or if there is no -o at all. Use
    ./json:FILE for a file name that starts with the name of a format.

    Exits 1 if there are notices or references that are not suppressed, 3 if a file could not be
    analysed (it is named, and the others are audited). With --baseline, only new findings count.

    \b
    Examples:
      workbench audit src tests
      workbench audit src --select format_float,hash_file --exclude 'legacy/'
      git diff --name-only -z main | workbench audit --files-from -
      workbench audit src --format json -o audit.json
      workbench audit src --baseline audit.json
      workbench audit src --format github -o sarif:audit.sarif -o json:a.json
    """
    from workbench.audits.baseline import findings, load_baseline
    from workbench.audits.run import audit, exit_code
    from workbench.cli.outputs import outputs
    from workbench.reports.audit_formats import render

    documents = outputs(output, format_, FORMATS, default="text")
    known = load_baseline(baseline) if baseline else None
    with _shared.progress("audit") as show:
        found = audit(scope, show and (lambda done, total: show(done, total, "")))
    shown = findings(found, known)
    for document in documents:
        style = output_style() if document.path is None else PLAIN
        _shared.deliver(render(shown, document.format, style), document.path)
    _shared.name_errors((error.path, error.message) for error in found.errors)
    return exit_code(shown.audit, findings=not exit_zero)
