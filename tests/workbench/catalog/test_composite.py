from __future__ import annotations

from pathlib import Path

from tests.workbench.measure.measuring import TINY
from workbench import backends
from workbench.catalog import select, utilities
from workbench.measure import harness
from workbench.verify import verify


def test_the_composite_is_not_one_of_the_utilities() -> None:
    (composite,) = select(["composite"])
    assert composite not in utilities()
    assert composite not in select([])
    assert [u.name for u in select(["composite", "hash_file"])] == ["hash_file", "composite"]


def test_the_composite_does_what_its_name_says(tmp_path: Path) -> None:
    (composite,) = select(["composite"])
    (workload,) = composite.workloads
    assert workload.name.startswith("ten log files tailed and hashed")
    function = backends.function(composite, "python")
    call = workload.prepare(tmp_path)
    tails, digests, threads, workers, alive = function(*call.args)
    assert [len(tail) for tail in tails] == [10] * 10
    assert len(set(digests)) == 10
    assert threads > 0
    assert workers > 0
    assert alive == [True, True, True]


def test_both_sides_of_the_composite_are_checked_and_timed() -> None:
    chosen = select(["composite", "is_process_alive"])
    (_, check) = verify(chosen, 5)
    assert check.equivalent
    assert check.cases == 9
    results = harness.measure(chosen, TINY)
    assert [(m.utility, m.primary) for m in results.measurements] == [
        ("is_process_alive", True),
        ("composite", False),
    ]
    measured = results.measurements[1]
    assert measured.equivalent
    assert measured.speedup is not None
