"""Completion in bash, zsh and fish."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem, shell_complete

from workbench.errors import WorkbenchError

VARIABLE = "_WORKBENCH_COMPLETE"
"""In it a shell says what it wants."""
_SHELLS = ("bash", "zsh", "fish")


def answer(group: click.Group, instruction: str) -> int:
    """Print a shell's completion script, or what completes a command line, as it wants.

    Raises WorkbenchError for an instruction that is not known.
    """
    shell, _, wanted = instruction.partition("_")
    if shell not in _SHELLS or wanted not in {"source", "complete"}:
        sources = ", ".join(f"{name}_source" for name in _SHELLS)
        raise WorkbenchError(f"{VARIABLE} can be {sources}, not '{instruction}'")
    return shell_complete(group, {}, "workbench", VARIABLE, instruction)


def utilities(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the name of a utility, also the last of several with commas between them."""
    before, comma, last = incomplete.rpartition(",")
    if isinstance(parameter, click.Argument):
        before, comma, last = "", "", incomplete
    names = [*utility_names(), *(["composite"] if ctx.info_name == "bench" else [])]
    return [CompletionItem(f"{before}{comma}{name}") for name in names if name.startswith(last)]


def files(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Leave it to the shell to complete a path."""
    del ctx, parameter
    return [CompletionItem(incomplete, type="file")]


def utility_names() -> list[str]:
    """Name the utilities without importing their modules, of which each has one."""
    from importlib.util import find_spec
    from pkgutil import iter_modules

    spec = find_spec("workbench.catalog")
    assert spec is not None
    modules = iter_modules(spec.submodule_search_locations)
    return sorted(m.name for m in modules if not m.name.startswith("_") and m.name != "model")
