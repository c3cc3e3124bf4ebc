from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from tests.workbench.measure.measuring import TINY
from workbench.catalog import select
from workbench.measure import harness
from workbench.measure.checking import Checked, check_equivalence
from workbench.measure.pairing import Expression, Pairing
from workbench.measure.plan import Limits
from workbench.results.model import Failure
from workbench.verify import verify


def _check(pairing: Pairing, scratch: Path, *names: str, **limits: float) -> Checked:
    utilities = [pairing.utility()] if pairing.expression else select(names)
    options = {"time_limit": 300.0, "deadline": math.inf, **limits}
    examples = 0 if pairing.expression else 5
    return check_equivalence(utilities, pairing, examples, Limits(scratch=str(scratch), **options))


def test_a_worker_finds_what_this_process_finds(tmp_path: Path) -> None:
    steps: list[tuple[int, int, str]] = []
    chosen = select(["format_float", "base36_encode"])
    limits = Limits(300.0, math.inf, str(tmp_path))
    found = check_equivalence(chosen, Pairing(), 5, limits, lambda *step: steps.append(step))
    assert found == Checked(list(verify(chosen, 5)))
    assert steps == [(0, 2, "verify base36_encode"), (1, 2, "verify format_float")]
    assert not list(tmp_path.glob("workbench-verify-*"))


def test_mismatches_are_returned_unchanged(tmp_path: Path) -> None:
    pairing = Pairing("builtins:min", "builtins:max", Expression("[1, 2]"))
    (check,) = _check(pairing, tmp_path).checks
    assert check == verify([pairing.utility()], 0, sides=pairing.sides)[0]
    assert check.mismatches


@pytest.mark.parametrize(
    ("function", "arguments", "time_limit", "reason"),
    [
        ("time:sleep", "600", 0.5, "no answer within 0.5 s"),
        ("os:_exit", "3", 300.0, "the process exited with status 3"),
        ("os:kill", "__import__('os').getpid(), 9", 300.0, "the process was killed by signal 9"),
    ],
)
def test_functions_that_hang_or_crash_are_failures(
    tmp_path: Path, function: str, arguments: str, time_limit: float, reason: str
) -> None:
    pairing = Pairing(function, function, Expression(arguments))
    found = _check(pairing, tmp_path, time_limit=time_limit)
    assert found == Checked([], [Failure(f"equivalence of {function}", reason)])


def test_utilities_that_were_not_reached_are_failures(tmp_path: Path) -> None:
    found = _check(Pairing(), tmp_path, "format_float", "hash_file", deadline=monotonic())
    assert found == Checked(
        [],
        [
            Failure("equivalence of format_float", "not reached within the time budget"),
            Failure("equivalence of hash_file", "not reached within the time budget"),
        ],
    )


def test_a_callable_that_hangs_is_given_up_everywhere() -> None:
    pairing = Pairing("time:sleep", "time:sleep", Expression("600"))
    results = harness.measure((), replace(TINY, time_limit=0.5), pairing=pairing)
    assert results.measurements == ()
    assert {failure.reason for failure in results.failures} == {"no answer within 0.5 s"}
