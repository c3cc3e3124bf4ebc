"""``workbench audit``."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import _shared
from workbench.cli._scope import scope_options
from workbench.scope import Scope


@click.command("audit")
@scope_options
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even when there are references.")
@_shared.output_option
def command(scope: Scope, format_: str, exit_zero: bool, output: Path | None) -> int:
    """Find every reference to a replaceable function. Nothing is imported or run.

    Each one has a verdict: `rewrite` is safe to migrate, `review` needs a look. Exits 1 when
    there are references, 3 when a file could not be analysed (it is named, the others are done).

    \b
    Examples:
      workbench audit src tests
      workbench audit src --select format_float,hash_file --exclude 'legacy/'
      git diff --name-only -z main | workbench audit --files-from -
      workbench audit src --format json -o audit.json
    """
    from workbench import audits
    from workbench.files import check_output

    if output:
        check_output(output)
    with _shared.progress("audit") as show:
        found = audits.audit(scope, show and (lambda done, total: show(done, total, "")))
    text = audits.to_json(found) if format_ == "json" else audits.to_text(found)
    _shared.deliver(text, output)
    _shared.name_errors((error.path, error.message) for error in found.errors)
    return audits.exit_code(found, findings=not exit_zero)
