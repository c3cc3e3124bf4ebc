from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from itertools import pairwise

import pytest

from workbench.measure.plan import DEFAULT, FAST, RIGOROUS, named
from workbench.results.model import FEWEST_PAIRS


def test_plans_are_found_by_name() -> None:
    assert named(None) == DEFAULT
    assert named("fast") == FAST
    assert named("rigorous") == RIGOROUS
    assert named("fast", 5.0, 7) == replace(FAST, time_limit=5.0, seed=7)


def test_curves_double_the_budget_and_leave_the_rest() -> None:
    found = named("rigorous", curves=True, instructions=True)
    assert found == replace(
        RIGOROUS, curves=True, instructions=True, budget_seconds=2 * RIGOROUS.budget_seconds
    )


def test_a_longer_plan_measures_more_and_more_narrowly() -> None:
    for less, more in pairwise((FAST, DEFAULT, RIGOROUS)):
        assert less.least_processes < more.least_processes
        assert less.most_processes < more.most_processes
        assert less.pairs < more.pairs
        assert less.target_width > more.target_width
        assert less.budget_seconds < more.budget_seconds
        assert less.examples < more.examples
    for plan in (FAST, DEFAULT, RIGOROUS):
        assert plan.least_processes <= plan.most_processes
        # At least six pairs are needed for a decision.
        assert plan.pairs >= FEWEST_PAIRS


def test_plans_with_the_same_values_are_equal_and_cannot_change() -> None:
    assert named("fast") == named("fast")
    with pytest.raises(FrozenInstanceError):
        FAST.pairs = 1  # type: ignore[misc]
