"""``workbench migrate``."""

from __future__ import annotations

import sys

import click

from workbench.cli import _shared
from workbench.cli._scope import scope_options
from workbench.scope import Scope


@click.command("migrate")
@scope_options
@click.option("--diff", "mode", flag_value="diff", default="diff", help="Show a diff (default).")
@click.option("--write", "mode", flag_value="write", help="Change the files.")
@click.option("--check", "mode", flag_value="check", help="Exit 1 if anything would change.")
def command(scope: Scope, mode: str) -> int:
    """Rewrite references to `accelerated`, or show how; what is not sure is left alone.

    Exits 3 when a file could not be analysed or written (it is named, the others are done).

    \b
    Examples:
      workbench migrate src | git apply
      workbench migrate src --write
      workbench migrate src --check
    """
    from workbench.audits import audit
    from workbench.migration import Mode, migrate

    with _shared.progress("migrate") as show:
        found = audit(scope, show and (lambda d, t: show(d, t, "")), fresh=mode == "write")
    done = migrate(found, Mode(mode))
    if done.mode is Mode.DIFF:
        sys.stdout.flush()
        sys.stdout.buffer.write(done.diff)
        sys.stdout.buffer.flush()
    else:
        verb = "changed" if done.mode is Mode.WRITE else "would change"
        for path in done.paths:
            click.echo(f"{verb} {path}")
    _shared.name_errors((error.path, error.message) for error in done.errors)
    return done.exit_code
