"""Marks for tests that need a certain platform."""

from __future__ import annotations

import sys

import pytest

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux system calls or files")
