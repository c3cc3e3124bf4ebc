"""Run each test with both implementations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import accelerated
import pytest


@pytest.fixture(params=["python", "native"])
def side(request: pytest.FixtureRequest) -> SimpleNamespace:
    """Return the twelve functions of one backend; fail if the native one is missing."""
    functions: Mapping[str, Callable[..., Any]] = accelerated.functions(request.param)
    return SimpleNamespace(**functions, backend=request.param)
