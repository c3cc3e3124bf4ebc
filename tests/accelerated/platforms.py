"""Where tests can run."""

from __future__ import annotations

import sys

import pytest

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's /proc, /sys or calls")
