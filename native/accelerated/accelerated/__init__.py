"""Drop-in replacements for twelve SkyPilot utilities, in Rust with a fallback in Python.

Both backends give the same results and raise the same exceptions. The backend is chosen once, when
the package is imported. The environment variable ``ACCELERATED_BACKEND`` selects it: ``auto`` (the
default) uses the native extension if it is installed and Python otherwise; ``native`` and
``python`` force one. With ``auto``, ``SKYPILOT_USE_RUST=0`` selects ``python``.
"""

from __future__ import annotations

from accelerated import _backend, _python
from accelerated._backend import backend, backend_info, functions
from accelerated._python import *  # noqa: F403

# Exported without a wrapper, which would take as long as the fastest native functions.
globals().update(functions(backend()))

__version__ = _backend.VERSION
__all__ = ["backend", "backend_info", "functions"]
__all__ += _python.__all__
