"""Choose the native or the Python implementation once, at import."""

from __future__ import annotations

import importlib
import os
import platform
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from accelerated import _python

VERSION = "0.1.0"

_HOW_TO_BUILD = (
    "install a Rust toolchain (https://rustup.rs), then run "
    "`pip install --force-reinstall --no-deps native/accelerated` in a checkout"
)


def _load_extension() -> ModuleType:
    extension = importlib.import_module("accelerated._native")
    if extension.VERSION != VERSION:
        raise ImportError(f"it was built for version {extension.VERSION}, not {VERSION}")
    return extension


_native: ModuleType | None
try:
    _native = _load_extension()
    _missing_because = ""
except ImportError as error:
    _native = None
    _missing_because = str(error)


def functions(backend: str) -> Mapping[str, Callable[..., Any]]:
    """Return the functions of one backend by name, whichever backend is in use.

    Raises:
        ImportError: ``backend`` is ``"native"`` and the extension is not installed.
        ValueError: ``backend`` is neither ``"native"`` nor ``"python"``.
    """
    if backend == "python":
        source: ModuleType = _python
    elif backend != "native":
        raise ValueError(f"unknown backend {backend!r}: use 'native' or 'python'")
    elif _native is None:
        raise ImportError(
            f"the native extension of accelerated is missing ({_missing_because}); {_HOW_TO_BUILD}"
        )
    else:
        source = _native
    return {name: getattr(source, name) for name in _python.__all__}


def _choose() -> tuple[str, str]:
    """Return the backend to use and why it is not the native one."""
    wanted = os.environ.get("ACCELERATED_BACKEND") or "auto"
    if wanted not in ("auto", "native", "python"):
        raise ValueError(f"ACCELERATED_BACKEND is {wanted!r}; use auto, native or python")
    if wanted == "python":
        return "python", "ACCELERATED_BACKEND=python"
    if wanted == "native":
        functions("native")
        return "native", ""
    if os.environ.get("SKYPILOT_USE_RUST") == "0":
        return "python", "SKYPILOT_USE_RUST=0"
    if _native is None:
        return "python", f"the native extension is missing ({_missing_because}); {_HOW_TO_BUILD}"
    return "native", ""


_backend, _reason = _choose()


def backend() -> str:
    """Return the implementation in use: ``"native"`` or ``"python"``."""
    return _backend


def backend_info() -> Mapping[str, str]:
    """Return the ``backend`` in use, the ``version``, the build ``target`` and a ``reason``.

    ``target`` is the Rust target triple of the extension, or the machine type without an
    extension. ``reason`` says why the native backend is not in use; it is empty if it is.
    """
    target = platform.machine() if _native is None else _native.TARGET
    return {"backend": _backend, "version": VERSION, "target": target, "reason": _reason}
