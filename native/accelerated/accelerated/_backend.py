"""The choice between the native and the Python implementation, made once, at import."""

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
        raise ImportError(f"it was built for version {extension.VERSION}, this is {VERSION}")
    return extension


_native: ModuleType | None
try:
    _native = _load_extension()
    _missing_because = ""
except ImportError as error:
    _native = None
    _missing_because = str(error)


def functions(backend: str) -> Mapping[str, Callable[..., Any]]:
    """The functions of one backend by name, whichever backend is in use.

    Raises:
        ImportError: ``backend`` is ``"native"`` and the extension is not there.
        ValueError: there is no such backend.
    """
    if backend == "python":
        source: ModuleType = _python
    elif backend != "native":
        raise ValueError(f"there is no backend {backend!r}; there are 'native' and 'python'")
    elif _native is None:
        raise ImportError(
            f"the native extension of accelerated is missing ({_missing_because}); {_HOW_TO_BUILD}"
        )
    else:
        source = _native
    return {name: getattr(source, name) for name in _python.__all__}


def _choose() -> tuple[str, str]:
    """The backend to use, and why it is not the native one."""
    wanted = os.environ.get("ACCELERATED_BACKEND") or "auto"
    if wanted not in ("auto", "native", "python"):
        raise ValueError(f"ACCELERATED_BACKEND is {wanted!r}; it can be auto, native or python")
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
    """Which implementation is in use: ``"native"`` or ``"python"``."""
    return _backend


def backend_info() -> Mapping[str, str]:
    """The backend in use (``backend``), ``version``, build ``target`` and ``reason``.

    ``target`` is the Rust target triple of the extension, or the platform if there is none;
    ``reason`` says why native is not in use and is empty when it is.
    """
    target = platform.machine() if _native is None else _native.TARGET
    return {"backend": _backend, "version": VERSION, "target": target, "reason": _reason}
