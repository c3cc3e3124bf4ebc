from __future__ import annotations

from dataclasses import replace

from workbench.measure.plan import DEFAULT, FAST, RIGOROUS, named


def test_plans_are_found_by_name() -> None:
    assert named(None) == DEFAULT
    assert named("fast") == FAST
    assert named("rigorous") == RIGOROUS
    assert named("fast", 5.0, 7) == replace(FAST, time_limit=5.0, seed=7)
