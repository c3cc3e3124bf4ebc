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
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Default: text.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even when there are findings.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    help="Show only what is new since this earlier audit in JSON, made in the same directory.",
)
@click.option(
    "-o",
    "--output",
    multiple=True,
    metavar="[FORMAT:]FILE",
    shell_complete=_completion.files,
    help="Write to this file instead of standard output; repeat it for several formats.",
)
def command(
    scope: AuditScope,
    format_: str | None,
    exit_zero: bool,
    baseline: Path | None,
    output: tuple[str, ...],
) -> int:
    """Find every reference to a replaceable function. Nothing is imported or run.

    Each one has a verdict: `rewrite` is safe to migrate, `review` needs a look, `keep` is left
    alone because a comment of the code asks for it.

    -o FILE takes what --format names, -o FORMAT:FILE a format of its own. Standard output gets
    what --format names if no plain FILE takes it, and text if nothing was asked for. Write
    ./json:FILE for a file whose name begins like that.

    Exits 1 when there are references that are not kept, or notices, 3 when a file could not be
    analysed (it is named, the others are done). With a baseline only what is new counts.

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
