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
@click.option("--diff", is_flag=True, help="Show a diff.  [default]")
@click.option(
    "--check", is_flag=True, help="List the files that would change; exit 1 if there are any."
)
@click.option("--write", is_flag=True, help="Rewrite the files.")
@click.option(
    "--interactive", is_flag=True, help="Ask about each reference, then rewrite the files."
)
@click.option("--commit", is_flag=True, help="Rewrite the files and commit them on a new branch.")
@click.option(
    "--branch", metavar="NAME", help="Branch to create.  [default: workbench/accelerated]"
)
@click.option(
    "--pr-file",
    type=click.Path(path_type=Path),
    help="File for the pull request text.  [default: .workbench/pull_request.md]",
)
@click.option("--undo", is_flag=True, help="Restore the files that the last run changed.")
def command(scope: AuditScope, branch: str | None, pr_file: Path | None, **flags: bool) -> int:
    """Rewrite references to use `accelerated`, or show the diff.

    Only references with the verdict `rewrite` change. A file is replaced completely or not at all.

    A journal in .workbench/ of the git work tree (or of the current directory) keeps the original
    files of the last 10 runs. --undo restores them, except for files that have changed since.

    Uncommitted changes in the git work tree cause a warning. --commit fails if they are in files
    to be rewritten, and never pushes.

    Exits 3 if a file could not be analysed, written or restored (it is named, and the others are
    processed), or if git rejects the commit.

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
    """Write paths and diffs to standard output, and messages to standard error."""
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
    """Write a diff unchanged, or readable for people on a terminal."""
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
