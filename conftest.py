"""Make random inputs reproducible and tests independent of the load of the machine."""

from __future__ import annotations

import gc
import signal

import pytest
from hypothesis import HealthCheck, settings

# A shell starts background jobs with SIGINT ignored, but tests interrupt processes.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile(
    "repeatable",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)
settings.load_profile("repeatable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Exclude tests with random inputs from coverage, which would double their time.

    Tests with examples cover all lines that matter.
    """
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("no_cover")


def pytest_collection_finish() -> None:
    """Freeze the collected tests, so that garbage collection does not scan them repeatedly."""
    gc.collect()
    gc.freeze()


def pytest_runtest_teardown() -> None:
    """Freeze them again after a test that called ``gc.unfreeze``."""
    if not gc.get_freeze_count():
        gc.freeze()
