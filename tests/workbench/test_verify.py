from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import backends, verify
from workbench.catalog import Call, Utility, Workload, select
from workbench.results.model import NATIVE, PYTHON, UPSTREAM
from workbench.verify import CallComparison, Equivalence, describe, exact, outcome


def _utility(*corners: Call, observe: Callable[[Any], object] = lambda result: result) -> Utility:
    def all_corners(directory: Path) -> Iterator[Call]:
        del directory
        yield from corners

    return Utility(
        name="double",
        summary="twice",
        replaces=(),
        announced_speedup=1.0,
        workloads=(Workload("one", lambda _: Call((1,))),),
        corners=all_corners,
        strategy=lambda _: st.integers(0, 10**6).map(lambda n: Call((n,))),
        observe=observe,
    )


def _compare(
    python: Callable[..., Any],
    native: Callable[..., Any],
    directory: Path,
    *corners: Call,
    examples: int = 0,
) -> Equivalence:
    comparison = CallComparison(_utility(*corners), python, native)
    comparison.try_corners(directory)
    comparison.try_examples(directory, examples, seed=0)
    return comparison.equivalence()


def _double(value: Any) -> Any:
    return value * 2


def test_a_function_is_equivalent_to_itself(tmp_path: Path) -> None:
    found = _compare(_double, _double, tmp_path, Call((1,)), Call((None,)), Call(), examples=30)
    assert found.equivalent
    assert found.cases == 33


def test_a_random_difference_is_shrunk(tmp_path: Path) -> None:
    found = _compare(_double, lambda n: n * 2 if n < 1000 else 0, tmp_path, examples=200)
    assert [m.call for m in found.mismatches] == ["double(1000)"]
    assert found.mismatches[0].expected == "returned 2000 (int)"
    assert found.mismatches[0].actual == "returned 0 (int)"


def _raise(error: BaseException) -> Any:
    raise error


class _Panic(BaseException):
    pass


@pytest.mark.parametrize(
    ("python", "native"),
    [
        (lambda _: 1, lambda _: True),
        (lambda _: 1, lambda _: 1.0),
        (lambda _: 0.0, lambda _: -0.0),
        (lambda _: [1, "a"], lambda _: [True, "a"]),
        (lambda _: [1], lambda _: (1,)),
        (lambda _: {"a": 1}, lambda _: {"a": 1.0}),
        (lambda _: {"a": 1, "b": 2}, lambda _: {"b": 2, "a": 1}),
        (lambda _: None, lambda _: _raise(ValueError())),
        (lambda _: _raise(OSError()), lambda _: _raise(FileNotFoundError())),
        (lambda _: _raise(ValueError()), lambda _: _raise(_Panic("out of bounds"))),
        (lambda text: text, lambda text: "".join(["", *text])),
    ],
)
def test_differences_that_equality_does_not_see(
    python: Callable[..., Any], native: Callable[..., Any], tmp_path: Path
) -> None:
    corner = Call(("some text",))
    assert not _compare(python, native, tmp_path, corner).equivalent
    assert not _compare(native, python, tmp_path, corner).equivalent
    assert _compare(python, python, tmp_path, corner).equivalent


def test_results_that_vary_over_time_are_compared_again(tmp_path: Path) -> None:
    answers = itertools.chain([1, 2], itertools.repeat(3))
    assert _compare(
        lambda _: next(answers), lambda _: next(answers), tmp_path, Call((0,))
    ).equivalent


def test_a_flaky_difference_is_still_reported(tmp_path: Path) -> None:
    native_calls = itertools.count()
    found = _compare(lambda n: n, lambda n: n + (next(native_calls) < 4), tmp_path, examples=20)
    assert not found.equivalent


def test_surroundings_hold_on_both_sides(tmp_path: Path) -> None:
    import os

    from workbench.catalog._surroundings import environment

    call = Call(surroundings=environment(WORKBENCH_TEST="inside"), note="WORKBENCH_TEST='inside'")
    seen: list[str | None] = []
    _compare(
        lambda: seen.append(os.getenv("WORKBENCH_TEST")),
        lambda: seen.append(os.getenv("WORKBENCH_TEST")),
        tmp_path,
        call,
    )
    assert seen == ["inside", "inside"]
    assert "WORKBENCH_TEST" not in os.environ
    assert describe("f", call) == "f() with WORKBENCH_TEST='inside'"


def test_interrupts_are_not_outcomes() -> None:
    for stop in (KeyboardInterrupt, SystemExit):
        with pytest.raises(stop):
            outcome(_raise, Call((stop(),)), lambda result: result)


def test_calls_are_described_in_short() -> None:
    call = Call(("x" * 10_000, 1.5), {"flag": True})
    text = describe("f", call)
    assert text.startswith("f('xxx")
    assert text.endswith("1.5, flag=True)")
    assert len(text) < 200


@given(st.recursive(st.floats() | st.integers() | st.text() | st.booleans(), st.lists))
def test_exact_equals_itself(value: object) -> None:
    assert exact(value) == exact(value)


@given(st.floats(), st.floats())
def test_exact_tells_floats_apart_by_sign_and_value(a: float, b: float) -> None:
    same = (math.isnan(a) and math.isnan(b)) or (
        a == b and math.copysign(1, a) == math.copysign(1, b)
    )
    assert (exact(a) == exact(b)) == same


def test_verify_runs_both_backends(monkeypatch: pytest.MonkeyPatch) -> None:
    def functions(side: str) -> dict[str, Callable[..., str]]:
        suffix = "" if side == PYTHON else "!"
        return {"format_float": lambda num, precision=1: f"{num}{suffix}"}

    monkeypatch.setattr(backends, "functions", functions)
    steps: list[tuple[int, int, str]] = []
    (found,) = verify.verify(select(["format_float"]), 5, progress=lambda *step: steps.append(step))
    assert not found.equivalent
    assert steps == [(0, 1, "format_float")]


def test_the_same_seed_gives_the_same_inputs(tmp_path: Path) -> None:
    def inputs(seed: int) -> list[Any]:
        seen: list[Any] = []
        comparison = CallComparison(_utility(), seen.append, lambda _: None)
        comparison.try_examples(tmp_path, 20, seed)
        return seen

    assert inputs(1) == inputs(1)
    assert inputs(1) != inputs(2)


def test_results_are_compared_by_their_observation(tmp_path: Path) -> None:
    comparison = CallComparison(
        replace(_utility(Call((1,))), observe=len),
        lambda _: "ab",
        lambda _: "cd",
    )
    comparison.try_corners(tmp_path)
    assert comparison.equivalence().equivalent


def test_the_original_is_not_called_where_the_contract_departs(tmp_path: Path) -> None:
    utility = replace(_utility(Call((-1,)), Call((2,))), departs=lambda call: call.args[0] < 0)
    asked: list[int] = []
    sides = (UPSTREAM, NATIVE)
    comparison = CallComparison(utility, asked.append, lambda _: None, sides)
    comparison.try_corners(tmp_path)
    assert asked == [2]
    assert comparison.equivalence() == Equivalence("double", 1, (), sides, ("double(2)",))


@pytest.mark.parametrize("count", [0, 1, 12, 13, 1000])
def test_examples_are_spread_over_all_calls(count: int, tmp_path: Path) -> None:
    utility = _utility(*(Call((number,)) for number in range(count)))
    comparison = CallComparison(utility, abs, abs)
    comparison.try_corners(tmp_path)

    shown = [int(text[7:-1]) for text in comparison.equivalence().examples]
    steps = {after - before for before, after in itertools.pairwise(shown)}
    assert len(shown) == min(count, len(shown))
    assert (len(shown) > 6) == (count > 6)
    assert len(shown) <= 12
    assert len(steps) <= 1
    assert shown[:1] == [0][:count]


def test_a_call_with_a_huge_number_is_described() -> None:
    text = describe("f", Call((10**5000, -3)))
    assert text.startswith("f(0x")
    assert text.endswith(", -3)")
    assert len(text) < 100


def test_examples_do_not_contain_scratch_paths(tmp_path: Path) -> None:
    (check,) = verify.verify(select(["hash_file"]), 5)
    again = verify.verify(select(["hash_file"]), 5)[0]

    assert check.examples == again.examples
    assert "hash_file('random-0', 'blake2b')" in check.examples[0]
    assert not any("/tmp" in text or "0x" in text for text in check.examples)
