"""Ports."""

from __future__ import annotations

import socket

__all__ = ["find_free_port"]


def find_free_port(start_port: int) -> int:
    """Find the first port from ``start_port`` to 65534 that can be bound on all IPv4 interfaces.

    Raises:
        OSError: no port is free.
        OverflowError: ``start_port`` is negative.
    """
    for port in range(start_port, 65535):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as candidate:
            try:
                candidate.bind(("", port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port from {start_port} to 65534")
