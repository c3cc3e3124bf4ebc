"""Shell completion for bash, zsh and fish."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem, shell_complete

from workbench.errors import WorkbenchError

VARIABLE = "_WORKBENCH_COMPLETE"
"""Environment variable that contains the shell's request."""
_SHELLS = ("bash", "zsh", "fish")


def answer(group: click.Group, instruction: str) -> int:
    """Print a shell's completion script, or the completions of a command line.

    Returns the exit code. Raises WorkbenchError for an unknown instruction.
    """
    shell, _, wanted = instruction.partition("_")
    if shell not in _SHELLS or wanted not in {"source", "complete"}:
        sources = ", ".join(f"{name}_source" for name in _SHELLS)
        raise WorkbenchError(f"{VARIABLE} must be one of {sources}, not '{instruction}'")
    return shell_complete(group, {}, "workbench", VARIABLE, instruction)


def utilities(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the name of a utility, also after a comma."""
    before, comma, last = incomplete.rpartition(",")
    if isinstance(parameter, click.Argument):
        before, comma, last = "", "", incomplete
    names = [*utility_names(), *(["composite"] if ctx.info_name == "bench" else [])]
    return [CompletionItem(f"{before}{comma}{name}") for name in names if name.startswith(last)]


def files(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete a path."""
    del ctx, parameter
    return [CompletionItem(incomplete, type="file")]


def utility_names() -> list[str]:
    """Return the names of the utilities without importing their modules."""
    from importlib.util import find_spec
    from pkgutil import iter_modules

    spec = find_spec("workbench.catalog")
    assert spec is not None
    modules = iter_modules(spec.submodule_search_locations)
    return sorted(m.name for m in modules if not m.name.startswith("_") and m.name != "model")
