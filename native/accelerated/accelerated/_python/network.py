"""Network ports."""

from __future__ import annotations

import socket

__all__ = ["find_free_port"]


def find_free_port(start_port: int) -> int:
    """Return the first TCP port from ``start_port`` to 65534 that is free on all interfaces.

    A port is free if it can be bound for IPv4 without ``SO_REUSEADDR``. It is not reserved:
    another process may take it before it is used. ``0`` is always free and returned unchanged.

    Raises:
        OSError: no port in the range is free.
        OverflowError: ``start_port`` is negative.
        TypeError: ``start_port`` is not an integer.
    """
    for port in range(start_port, 65535):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as candidate:
            try:
                candidate.bind(("", port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port from {start_port} to 65534")
