"""The argument and options that ``audit`` and ``migrate`` share.

Most parameters are named like fields of `AuditScope` and its parts, which are built by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from workbench.analyzers.model import Settings
from workbench.analyzers.project.discover import Selection
from workbench.audits.scope import AuditScope, paths_in
from workbench.cli import _completion
from workbench.cli._streams import read_standard_input
from workbench.files import read_bytes

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_CACHE = Path(".workbench_cache")
_STDIN = "-"
_T = TypeVar("_T", bound="DataclassInstance")


def _split(
    ctx: click.Context, parameter: click.Parameter, values: Iterable[str]
) -> tuple[str, ...]:
    """Split repeated values at commas."""
    del ctx, parameter
    names = (name.strip() for value in values for name in value.split(","))
    return tuple(name for name in names if name)


_PARAMETERS = (
    click.argument("paths", metavar="PATH...", nargs=-1, shell_complete=_completion.files),
    click.option(
        "--files-from",
        "listed",
        metavar="FILE",
        shell_complete=_completion.files,
        help="Also audit the paths listed in this file, one per line or NUL-separated; - reads "
        "the list from standard input.",
    ),
    click.option(
        "--select",
        multiple=True,
        metavar="UTILITY",
        shell_complete=_completion.utilities,
        callback=_split,
        help="Utilities to look for, separated by commas; can be repeated.  [default: all]",
    ),
    click.option(
        "--ignore",
        multiple=True,
        metavar="UTILITY",
        shell_complete=_completion.utilities,
        callback=_split,
        help="Utilities not to look for, separated by commas; can be repeated.",
    ),
    click.option(
        "--exclude",
        "excludes",
        multiple=True,
        metavar="PATTERN",
        help="Skip paths that match this .gitignore pattern; can be repeated.",
    ),
    click.option(
        "--no-gitignore",
        "follow_ignore",
        is_flag=True,
        callback=lambda ctx, parameter, value: not value,
        help="Also audit files that .gitignore excludes.",
    ),
    click.option("--include-generated", is_flag=True, help="Also rewrite files marked @generated."),
    click.option("--include-vendored", is_flag=True, help="Also rewrite vendored files."),
    click.option(
        "--no-cache",
        "cache",
        is_flag=True,
        callback=lambda ctx, parameter, value: None if value else _CACHE,
        help=f"Do not read or write {_CACHE}.",
    ),
    click.option(
        "--stdin-name",
        default=_STDIN,
        show_default=True,
        metavar="PATH",
        help="File name to use for code read from standard input.",
    ),
    click.option(
        "--config",
        type=click.Path(path_type=Path),
        help="TOML file with settings.  [default: pyproject.toml]",
    ),
)


def scope_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the argument PATH... and the options that together form its ``scope``."""

    @wraps(command)
    def with_scope(**values: Any) -> int:
        paths, listed = values["paths"], values["listed"]
        if not paths and listed is None and not values.get("undo"):
            raise click.UsageError("Missing argument 'PATH...'.")
        if listed == _STDIN and _STDIN in paths:
            raise click.UsageError("standard input can be code or a list of files, not both")
        if values["stdin_name"] != _STDIN and _STDIN not in paths:
            raise click.UsageError("--stdin-name needs the path -")
        values["paths"] = tuple(Path(path) for path in paths if path != _STDIN)
        values["listed"] = _listed(listed)
        values["stdin"] = read_standard_input() if _STDIN in paths else None
        values["selection"] = _take(Selection, values)
        values["settings"] = _take(Settings, values)
        scope = _take(AuditScope, values)
        return command(scope=scope, **values)

    for parameter in reversed(_PARAMETERS):
        parameter(with_scope)
    return with_scope


def _take(kind: type[_T], values: dict[str, Any]) -> _T:
    """Build a dataclass from the values named like its fields, and remove them."""
    names = [field.name for field in fields(kind) if field.name in values]
    return kind(**{name: values.pop(name) for name in names})


def _listed(file: str | None) -> tuple[Path, ...]:
    if file is None:
        return ()
    return paths_in(read_standard_input() if file == _STDIN else read_bytes(Path(file)))
