from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.workbench.measure.measuring import faulty
from workbench.catalog import Call, Curve, Floor, Utility, Workload
from workbench.measure.checking import NOT_REACHED
from workbench.measure.record import Key, Record
from workbench.results.model import Failure
from workbench.verify import Equivalence, Mismatch

BOTH = ("python", "native")


def workload(name: str, has_floor: bool = False) -> Workload:
    floor = (lambda _: Floor("kill", "process")) if has_floor else None
    return Workload(name, lambda _: Call(), floor)


def utility(name: str, *workloads: Workload, **others: Any) -> Utility:
    (plain,) = faulty(name)
    return replace(plain, workloads=workloads or plain.workloads, **others)


def record(*utilities: Utility, sides: Sequence[str] = BOTH, **others: Any) -> Record:
    return Record(utilities, sides, others.pop("checks", ()), {"seed": 1}, **others)


def tasks(found: Record, *, controls: bool = False) -> list[Key]:
    return [key for key in found.open_tasks() if key.is_control is controls]


def done(*sides: Sequence[float], calls: str = "", error: str = "") -> dict[str, Any]:
    """Return the event of a worker that took these samples."""
    return {
        "event": "done",
        "values": [list(side) for side in sides],
        "warmups": [[[1, 0.5]] for _ in sides],
        "loops": list(range(1, len(sides) + 1)),
        "date": "2025-01-31 23:59:59.000000",
        "duration": 1.5,
        "floor_calls": calls,
        "floor_error": error,
    }


def test_every_workload_is_a_task_with_the_sides_that_it_has() -> None:
    one = utility("one", workload("a", has_floor=True), workload("b"))
    found = record(one, beside=("other", "floor"))
    assert tasks(found) == [
        Key("one", "a", ("python", "native", "other", "floor")),
        Key("one", "b", ("python", "native", "other")),
    ]
    assert tasks(found, controls=True) == [
        Key("one", "a", (side, side), is_control=True) for side in BOTH
    ]


@pytest.mark.parametrize(
    ("count", "controlled"), [(1, "0"), (2, "01"), (3, "012"), (4, "013"), (12, "0 5 11")]
)
def test_three_utilities_are_controlled(count: int, controlled: str) -> None:
    found = record(*(utility(str(number)) for number in range(count)))
    names = [key.utility for key in tasks(found, controls=True)][::2]
    assert names == (controlled.split() if " " in controlled else list(controlled))


def test_curves_are_tasks_only_when_asked_for() -> None:
    curve = Curve("c", "bytes", (1, 20), lambda _, size: Call((size,)))
    sized = utility("one", curves=(curve,))
    assert len(tasks(record(sized))) == 1
    found = record(sized, curves=True)
    _, small, large = tasks(found)
    for key in (large, small):
        found.take(key, done((1.0,), (0.5,)))
    assert not found.has_samples
    (measured,) = found.results().curves
    assert (measured.utility, measured.name, measured.unit) == ("one", "c", "bytes")
    assert [point.size for point in measured.points] == [1, 20]
    assert found.results().measurements == ()


def test_samples_of_all_processes_become_a_measurement() -> None:
    one = utility("one", workload("a", has_floor=True), workload("b"))
    check = Equivalence("one", 7, (), examples=("one()",))
    found = record(one, beside=("other", "floor"), checks=[check])
    first, second = tasks(found)
    for number in (1.0, 2.0):
        found.take(first, done((4 * number,), (2 * number,), (number,), (0.1,), calls="kill"))
    found.take(second, done((4.0,), (2.0,), (1.0,)))
    assert found.processes_of(first) == 2
    assert found.has_samples
    a, b = found.results().measurements
    assert (a.python, a.native) == (((4.0,), (8.0,)), ((2.0,), (4.0,)))
    assert (a.beside, a.floor, a.floor_calls) == (
        {"other": ((1.0,), (2.0,))},
        ((0.1,), (0.1,)),
        "kill",
    )
    assert a.speedup is not None
    assert a.speedup.estimate == pytest.approx(2.0)
    assert (a.equivalent, a.equivalence_cases, a.equivalence_examples) == (True, 7, ("one()",))
    assert (a.primary, b.primary) == (True, False)
    assert [run.loops for run in a.runs] == [(1, 2, 3, 4)] * 2
    assert (b.floor, b.floor_calls, b.limit) == ((), "", None)


def test_one_side_alone_has_no_speedup_and_needs_no_target() -> None:
    found = record(utility("one"), sides=("python",))
    (key,) = tasks(found)
    found.take(key, done((1.0, 2.0)))
    found.settle(0.0)
    assert tasks(found) == []
    (measured,) = found.results().measurements
    assert (measured.native, measured.speedup, measured.stopped) == ((), None, "target")


def test_a_composite_is_not_primary() -> None:
    found = record(utility("one", combine=lambda offered: lambda: offered))
    (key,) = tasks(found)
    found.take(key, done((1.0,), (1.0,)))
    assert not found.results().measurements[0].primary


def test_a_failure_is_reported_once_and_keeps_the_samples() -> None:
    found = record(utility("one"))
    (key,) = tasks(found)
    found.take(key, done((1.0,), (1.0,)))
    for failing in (key, *tasks(found, controls=True)):
        found.take(failing, {"event": "failed", "reason": "it broke"})
    assert found.open_tasks() == []
    results = found.results()
    assert results.failures == (Failure("one/once", "it broke"),)
    assert [m.stopped for m in results.measurements] == ["failed"]


def test_a_floor_that_fails_is_reported_once() -> None:
    found = record(utility("one", workload("a", has_floor=True)), beside=("floor",))
    (key,) = tasks(found)
    for _ in range(2):
        found.take(key, done((2.0,), (1.0,), error="no /proc here"))
    assert [failure.reason for failure in found.results().failures] == ["no /proc here"]
    assert found.results().measurements[0].floor == ()


def test_tasks_are_settled_when_their_interval_is_narrow() -> None:
    found = record(utility("narrow"), utility("wide"), utility("unmeasured"))
    narrow, wide, unmeasured = tasks(found)
    for speedup in (2.0, 9.0, 3.0, 5.0):
        found.take(narrow, done((2.0, 2.0), (1.0, 1.01)))
        found.take(wide, done((speedup, speedup), (1.0, 1.01)))
    control = tasks(found, controls=True)[0]
    found.take(control, done((1.0,), (5.0,)))
    found.take(control, done((5.0,), (1.0,)))
    found.settle(0.1)
    assert tasks(found) == [wide, unmeasured]
    assert control not in found.open_tasks()
    assert {m.utility: m.stopped for m in found.results().measurements} == {
        "narrow": "target",
        "wide": "",
    }
    (measured,) = found.results().controls
    assert measured.ratio.estimate == pytest.approx(1.0)
    found.settle(1e9)
    assert tasks(found) == [unmeasured]


def test_stopping_names_the_workloads_without_samples() -> None:
    found = record(utility("measured"), utility("unmeasured"))
    found.take(tasks(found)[0], done((1.0,), (1.0,)))
    found.stop("budget")
    assert found.open_tasks() == []
    results = found.results()
    assert results.failures == (Failure("unmeasured/once", NOT_REACHED),)
    assert [m.stopped for m in results.measurements] == ["budget"]


def test_a_difference_between_the_sides_is_a_failure() -> None:
    mismatches = (Mismatch("one(1)", "returned 1", "returned 2"), Mismatch("one(2)", "a", "b"))
    check = Equivalence("one", 7, mismatches, sides=("before", "after"))
    found = record(utility("one"), checks=[check])
    (failure,) = found.failures
    assert failure.subject == "equivalence of one"
    for fact in ("one(1)", "before returned 1", "after returned 2"):
        assert fact in failure.reason
    (key,) = tasks(found)
    found.take(key, done((1.0,), (1.0,)))
    assert found.results().measurements[0].equivalent is False
