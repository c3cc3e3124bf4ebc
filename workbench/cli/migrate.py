"""``workbench migrate``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.audits.scope import AuditScope
from workbench.cli import _shared
from workbench.cli._color import diff_style, on_terminal
from workbench.cli._scope import scope_options

if TYPE_CHECKING:
    from workbench.migration.model import Migration


@click.command("migrate")
@scope_options
@click.option("--diff", is_flag=True, help="Show a diff (default).")
@click.option("--check", is_flag=True, help="Exit 1 if anything would change.")
@click.option("--write", is_flag=True, help="Change the files.")
@click.option("--interactive", is_flag=True, help="Ask for each reference, then write.")
@click.option("--commit", is_flag=True, help="Write, and commit on a new branch; never push.")
@click.option(
    "--branch", metavar="NAME", help="The branch to make.  [default: workbench/accelerated]"
)
@click.option(
    "--pr-file",
    type=click.Path(path_type=Path),
    help="The pull request's text.  [default: .workbench/pull_request.md]",
)
@click.option("--undo", is_flag=True, help="Restore what the last run changed.")
def command(scope: AuditScope, branch: str | None, pr_file: Path | None, **flags: bool) -> int:
    """Rewrite references to `accelerated`, or show how; what is not sure is left alone.

    Each file is replaced whole or not at all. A journal in .workbench/ of the git work tree (else
    of the current directory) keeps the originals of the last 10 runs for --undo, which leaves
    alone files that were changed since. A git tree with uncommitted changes is warned about, and
    refused by --commit where they are in files to be changed.

    Exits 3 when a file could not be analysed, written or restored (it is named, the others are
    done) or when git refuses the commit.

    \b
    Examples:
      workbench migrate src | git apply
      workbench migrate src --check
      workbench migrate src --write
      workbench migrate --undo
      workbench migrate src --interactive
      workbench migrate src --commit --branch faster --pr-file pr.md
    """
    from workbench.migration.model import Mode, choose

    request = choose(scope, flags, branch, pr_file)
    if request.mode is Mode.UNDO:
        return _undo(scope)
    from workbench.audits.run import audit
    from workbench.migration.run import migrate

    with _shared.progress("migrate") as show:
        found = audit(scope, show and (lambda d, t: show(d, t, "")), fresh=request.writes)
    if request.interactive:
        from workbench.cli import _dialogue
        from workbench.migration.interactive import select

        found = select(found, _dialogue.ask)
    return _show(migrate(found, request))


def _show(done: Migration) -> int:
    """Files and diffs go to standard output, what is said about them to standard error."""
    from workbench.formatting.terminal import visible_path
    from workbench.migration import texts
    from workbench.migration.model import Mode

    if done.mode is Mode.DIFF:
        _show_diff(done.diff)
    else:
        verb = "would change" if done.mode is Mode.CHECK else "changed"
        for path in done.paths:
            click.echo(f"{verb} {visible_path(path)}")
    for warning in done.warnings:
        click.echo(f"workbench: warning: {visible_path(warning)}", err=True)
    if done.committed and not done.committed.commit:
        click.echo(done.committed.output, err=True)
    _shared.name_errors((error.path, error.message) for error in done.errors)
    if done.mode in {Mode.WRITE, Mode.COMMIT}:
        click.echo(texts.summary(done), nl=False, err=True)
    return done.exit_code


def _show_diff(diff: bytes) -> None:
    """Write a diff byte for byte, unless a person reads it on a terminal."""
    from workbench.migration import texts

    if on_terminal(sys.stdout):
        _shared.show(texts.diff_to_read(diff, diff_style()))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(diff)
    sys.stdout.buffer.flush()


def _undo(scope: AuditScope) -> int:
    from workbench.formatting.terminal import visible_path
    from workbench.migration import texts
    from workbench.migration.undo import undo

    result = undo(scope.selection.paths)
    for path in result.restored:
        click.echo(f"restored {visible_path(path)}")
    _shared.name_errors((error.path, error.message) for error in result.errors)
    click.echo(texts.undone(result), nl=False, err=True)
    return result.exit_code
