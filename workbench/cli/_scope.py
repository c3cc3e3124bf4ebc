"""The options of the commands that audit code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from workbench.audits.scope import STDIN, AuditScope, paths_in
from workbench.cli import _completion
from workbench.cli._streams import read_standard_input
from workbench.files import read_bytes

_CACHE = Path(".workbench_cache")

_PARAMETERS = (
    click.argument("paths", metavar="PATH...", nargs=-1, shell_complete=_completion.files),
    click.option(
        "--files-from",
        metavar="FILE",
        shell_complete=_completion.files,
        help="Audit the files listed there too, one a line or NUL-separated; - reads the list "
        "from standard input.",
    ),
    click.option(
        "--select",
        multiple=True,
        metavar="UTILITY",
        shell_complete=_completion.utilities,
        help="Look for these alone.",
    ),
    click.option(
        "--ignore",
        multiple=True,
        metavar="UTILITY",
        shell_complete=_completion.utilities,
        help="Do not look for these.",
    ),
    click.option(
        "--exclude",
        multiple=True,
        metavar="PATTERN",
        help="Pass over what matches, as a line of .gitignore does.",
    ),
    click.option("--no-gitignore", is_flag=True, help="Audit what .gitignore names, too."),
    click.option("--include-generated", is_flag=True, help="Rewrite files marked @generated, too."),
    click.option("--include-vendored", is_flag=True, help="Rewrite vendored files, too."),
    click.option("--no-cache", is_flag=True, help=f"Neither use nor fill {_CACHE}."),
    click.option(
        "--stdin-name", default=STDIN, metavar="PATH", help="Where the code of PATH - would stand."
    ),
    click.option("--config", type=click.Path(path_type=Path), help="TOML file (./pyproject.toml)."),
)


def scope_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the argument PATH... and the options that together are its ``scope``."""

    @wraps(command)
    def with_scope(  # noqa: PLR0913 - click hands each over by name
        *,
        paths: tuple[str, ...],
        files_from: str | None,
        select: tuple[str, ...],
        ignore: tuple[str, ...],
        exclude: tuple[str, ...],
        no_gitignore: bool,
        include_generated: bool,
        include_vendored: bool,
        no_cache: bool,
        stdin_name: str,
        config: Path | None,
        **others: Any,
    ) -> int:
        if not paths and files_from is None and not others.get("undo"):
            raise click.UsageError("Missing argument 'PATH...'.")
        if files_from == STDIN and STDIN in paths:
            raise click.UsageError("standard input can be code or a list of files, not both")
        if stdin_name != STDIN and STDIN not in paths:
            raise click.UsageError("--stdin-name needs the path -")
        scope = AuditScope(
            paths=tuple(Path(path) for path in paths if path != STDIN),
            listed=_listed(files_from),
            stdin=read_standard_input() if STDIN in paths else None,
            stdin_name=stdin_name,
            select=_names(select),
            ignore=_names(ignore),
            exclude=exclude,
            follow_gitignore=not no_gitignore,
            include_generated=include_generated,
            include_vendored=include_vendored,
            cache=None if no_cache else _CACHE,
            config=config,
        )
        return command(scope=scope, **others)

    for parameter in reversed(_PARAMETERS):
        parameter(with_scope)
    return with_scope


def _listed(files_from: str | None) -> tuple[Path, ...]:
    if files_from is None:
        return ()
    from_input = files_from == STDIN
    return paths_in(read_standard_input() if from_input else read_bytes(Path(files_from)))


def _names(given: Iterable[str]) -> tuple[str, ...]:
    """Names that stand alone or with commas between them."""
    return tuple(name.strip() for names in given for name in names.split(",") if name.strip())
