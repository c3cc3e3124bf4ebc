from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.catalog.model import Call, Curve, Utility, Workload

CURVE = Curve("a text", "characters", (1, 1_000), lambda _, size: Call(("x" * size,)))
UTILITY = Utility(
    name="shout",
    summary="a text in upper case",
    replaces=(),
    announced_speedup=1.0,
    workloads=(Workload("one word", lambda _: Call(("word",))),),
    corners=lambda _: iter(()),
    strategy=lambda _: pytest.fail("no random inputs are needed"),
    curves=(CURVE,),
)


def test_a_curve_has_a_workload_for_each_size(tmp_path: Path) -> None:
    # Kept in a list: each must keep its own size.
    workloads = list(CURVE.workloads())
    assert [size for size, _ in workloads] == [1, 1_000]
    for size, workload in workloads:
        assert workload.prepare(tmp_path).args == ("x" * size,)
        assert workload.floor is None
    assert [workload.name for _, workload in workloads] == [
        "a text, characters: 1",
        "a text, characters: 1,000",
    ]


def test_a_curve_prepares_in_the_given_directory(tmp_path: Path) -> None:
    curve = replace(CURVE, prepare=lambda directory, size: Call((directory / str(size),)))
    _, workload = next(curve.workloads())
    assert workload.prepare(tmp_path).args == (tmp_path / "1",)


def test_workloads_and_sizes_are_found_by_name(tmp_path: Path) -> None:
    assert UTILITY.workload("one word") is UTILITY.workloads[0]
    assert UTILITY.workload("a text, characters: 1,000").prepare(tmp_path).args == ("x" * 1_000,)
    with pytest.raises(KeyError, match="two words"):
        UTILITY.workload("two words")


def test_a_workload_wins_over_a_size_of_the_same_name(tmp_path: Path) -> None:
    named = Workload("a text, characters: 1", lambda _: Call(("another",)))
    utility = replace(UTILITY, workloads=(named,))
    assert utility.workload(named.name).prepare(tmp_path).args == ("another",)


def test_by_default_a_call_has_no_arguments_and_a_contract_does_not_depart() -> None:
    call = Call()
    assert (call.args, dict(call.kwargs), call.surroundings) == ((), {}, nullcontext)
    assert not UTILITY.departs(call)
    value = object()
    assert UTILITY.observe(value) is value
