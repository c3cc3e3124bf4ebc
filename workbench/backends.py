"""Look up the functions of the two sides in `accelerated` or by name."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

from workbench.catalog import Utility
from workbench.errors import INCOMPLETE, WorkbenchError
from workbench.results.model import NATIVE, UPSTREAM

INSTALL = "pip install ./native/accelerated, in a checkout of the workbench"
"""How to get the package accelerated."""


class NativeMissingError(WorkbenchError):
    """The native side is not installed."""

    exit_code = INCOMPLETE


def functions(side: str) -> Mapping[str, Callable[..., Any]]:
    """Return the functions of one side by utility name, independent of the active backend.

    Raises NativeMissingError, with the reason and how to build it, and WorkbenchError when
    ``accelerated`` itself cannot be imported.
    """
    try:
        import accelerated
    except ModuleNotFoundError as error:
        if error.name == "accelerated":
            raise WorkbenchError(f"the package accelerated is not installed: {INSTALL}") from None
        raise WorkbenchError(f"cannot import 'accelerated': {error}") from error
    except (ImportError, ValueError) as error:
        raise WorkbenchError(f"cannot import 'accelerated': {error}") from error
    try:
        return accelerated.functions(side)
    except ImportError as error:
        raise NativeMissingError(f"the native side is missing: {error}") from error


def function(utility: Utility, side: str) -> Callable[..., Any]:
    """Return the function of a utility on one side.

    ``upstream`` is the function that the utility replaces; ``package.module:name`` is any callable.
    Raises NativeMissingError and WorkbenchError as ``functions`` does, and WorkbenchError when the
    function cannot be imported.
    """
    if ":" in side:
        return imported(*side.split(":", 1))
    if side != UPSTREAM:
        offered = functions(side)
        return utility.combine(offered) if utility.combine else offered[utility.name]
    if not utility.replaces:
        raise WorkbenchError(f"{utility.name} does not replace an upstream function")
    module, _, name = utility.replaces[0].rpartition(".")
    return imported(module, name)


def imported(module: str, name: str) -> Callable[..., Any]:
    """Import a callable. Raises WorkbenchError when there is none."""
    try:
        found: Any = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError, ValueError) as error:
        raise WorkbenchError(
            f"cannot import {module}.{name} ({error}): install the package that provides it"
        ) from error
    if not callable(found):
        raise WorkbenchError(f"{module}.{name} is not callable")
    function: Callable[..., Any] = found
    return function


def why_native_is_missing() -> str | None:
    """Return the reason in one line, or None when the native side is available."""
    try:
        functions(NATIVE)
    except NativeMissingError as error:
        return str(error)
    return None
