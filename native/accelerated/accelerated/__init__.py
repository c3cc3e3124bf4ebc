"""Drop-in replacements for twelve hot Python utilities: native where built, the same everywhere.

``ACCELERATED_BACKEND`` chooses the backend when this package is imported: ``auto`` (native if it is
built, else Python), ``native`` or ``python``. ``SKYPILOT_USE_RUST=0`` means ``python`` too.
"""

from __future__ import annotations

from accelerated import _backend, _python
from accelerated._backend import backend, backend_info, functions
from accelerated._python import *  # noqa: F403

# Bare: a wrapper around a native function would cost as much as the shortest of them.
globals().update(functions(backend()))

__version__ = _backend.VERSION
__all__ = ["backend", "backend_info", "functions"]
__all__ += _python.__all__
