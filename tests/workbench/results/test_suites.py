from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyperf  # type: ignore[import-untyped]
import pytest

from tests.workbench.workbench_samples import make_measurement, make_results
from workbench.results.model import (
    Control,
    Failure,
    InstructionCount,
    ProcessRun,
    Results,
    SizeCurve,
    SizePoint,
)
from workbench.results.statistics import limit, speedup
from workbench.results.suites import from_benchmarks, to_benchmarks

PLAIN = make_measurement()
SAMPLES = (PLAIN.python, PLAIN.native)
RUNS = tuple(
    ProcessRun(f"2025-01-0{day} 00:00:00.000001", 1.5, (7, 8), (((1, 0.5), (7, 0.4)), ((8, 0.1),)))
    for day in (1, 2, 3, 4)
)
CONTROL = Control("format_float", "w", "python", *SAMPLES, speedup(*SAMPLES))
COUNT = InstructionCount("format_float", "w", "callgrind", (700.0, 710.0), (100.0, 101.0))
CURVE = SizeCurve(
    "hash_file",
    "a file",
    "bytes",
    tuple(SizePoint(s, make_measurement("hash_file", f"a file, bytes: {s}")) for s in (1, 10)),
)


def names(found: Results) -> list[str]:
    return [benchmark.get_name() for benchmark in to_benchmarks(found)]


def metadata(found: Results) -> list[dict[str, Any]]:
    return [benchmark.get_metadata() for benchmark in to_benchmarks(found)]


@pytest.mark.parametrize(
    "found",
    [
        make_results(PLAIN, make_measurement("hash_file", "9 KB")),
        make_results(replace(PLAIN, native=(), speedup=None, equivalent=None, primary=False)),
        make_results(replace(PLAIN, runs=RUNS, stopped="target")),
        make_results(replace(PLAIN, equivalent=False, equivalence_examples=("f(1)", 'f("é\\n")'))),
        make_results(
            replace(PLAIN, floor=PLAIN.native, floor_calls="kill", limit=limit(*SAMPLES)),
            failures=(Failure("hash_file/9 KB", "lost\nin two lines"), Failure("", "")),
        ),
        make_results(replace(PLAIN, beside={"other": PLAIN.python, "beside other": PLAIN.native})),
        replace(make_results(PLAIN), controls=(CONTROL, replace(CONTROL, side="native"))),
        replace(make_results(PLAIN), curves=(CURVE,)),
        replace(make_results(PLAIN), instructions=(COUNT, replace(COUNT, counter="perf"))),
        Results((), {"cpu_count": 2}, instructions=(COUNT,)),
    ],
    ids=[
        *("two", "python only", "runs", "examples", "floor", "beside"),
        *("controls", "curve", "instructions", "only instructions"),
    ],
)
def test_results_come_back_unchanged(found: Results) -> None:
    assert from_benchmarks(to_benchmarks(found)) == found


def test_workloads_come_first_then_curves_controls_and_counts() -> None:
    second = make_measurement("hash_file", "9 KB")
    found = replace(
        make_results(PLAIN, second), controls=(CONTROL,), curves=(CURVE,), instructions=(COUNT,)
    )
    assert [(about["utility"], about["side"]) for about in metadata(found)[:4]] == [
        *(("format_float", "python"), ("format_float", "native")),
        *(("hash_file", "python"), ("hash_file", "native")),
    ]
    marks = [
        key for about in metadata(found) for key in ("curve", "control", "counter") if key in about
    ]
    assert marks == ["curve"] * 4 + ["control"] * 2 + ["counter"] * 2
    assert len(set(names(found))) == len(names(found))


def test_sides_are_shown_by_the_names_of_the_run() -> None:
    environment = {"first_side": "upstream", "second_side": "other:f"}
    assert [name.split("[")[1] for name in names(Results((PLAIN,), environment))] == [
        "upstream]",
        "other:f]",
    ]
    # A callable that is timed against itself needs two names.
    same = Results((PLAIN,), {"first_side": "a:f", "second_side": "a:f"})
    assert len(set(names(same))) == 2
    assert from_benchmarks(to_benchmarks(same)) == same


def test_each_process_is_a_run_with_its_warmups() -> None:
    python, native = to_benchmarks(make_results(replace(PLAIN, runs=RUNS)))
    assert [run.values for run in native.get_runs()] == list(PLAIN.native)
    first = python.get_runs()[0]
    assert (first.get_loops(), first.warmups) == (7, ((1, 0.5), (7, 0.4)))
    assert first.get_metadata()["date"] == RUNS[0].date
    assert native.get_runs()[3].warmups == ((8, 0.1),)


def test_processes_without_details_are_known_by_their_samples_alone() -> None:
    (measured,) = from_benchmarks(
        to_benchmarks(make_results(replace(PLAIN, runs=RUNS[:2])))
    ).measurements
    assert measured.runs == RUNS[:2]
    assert measured.python == PLAIN.python


def test_facts_that_pyperf_does_not_accept_are_shortened_or_left_out() -> None:
    found = Results((PLAIN,), {"lines": " a\n\tb ", "empty": "", "blank": " \n", "count": 2})
    assert from_benchmarks(to_benchmarks(found)).environment == {"lines": "a b", "count": 2}


def test_speedups_are_estimated_again() -> None:
    exaggerated = replace(PLAIN, speedup=speedup(((9.0,) * 6,), ((1.0,) * 6,)))
    found = replace(
        make_results(exaggerated), controls=(replace(CONTROL, ratio=exaggerated.speedup),)
    )
    back = from_benchmarks(to_benchmarks(found))
    assert back.measurements[0].speedup == speedup(*SAMPLES)
    assert back.controls[0].ratio == speedup(*SAMPLES)


def changed(found: Results, index: int, **others: Any) -> list[pyperf.Benchmark]:
    """Return the benchmarks with other metadata in one of them; None removes an entry."""
    benchmarks = to_benchmarks(found)
    runs = []
    for run in benchmarks[index].get_runs():
        about = {**run.get_metadata(), **others}
        kept = {key: value for key, value in about.items() if value is not None}
        runs.append(pyperf.Run(run.values, metadata=kept, collect_metadata=False))
    benchmarks[index] = pyperf.Benchmark(runs)
    return benchmarks


@pytest.mark.parametrize(
    ("others", "error", "fact"),
    [
        ({"utility": None}, ValueError, "utility"),
        ({"workload": None}, ValueError, "workload"),
        ({"side": None}, ValueError, "side"),
        ({"workbench_format": 2}, ValueError, "2"),
        ({"workbench_format": None}, ValueError, "None"),
        ({"side": "native"}, ValueError, "Python side"),
        ({"announced_speedup": None}, KeyError, "announced_speedup"),
        ({"primary": None}, KeyError, "primary"),
    ],
)
def test_other_benchmarks_are_refused(
    others: dict[str, object], error: type[Exception], fact: str
) -> None:
    with pytest.raises(error, match=fact):
        from_benchmarks(changed(make_results(PLAIN), 0, **others))


def test_sides_with_other_samples_are_refused() -> None:
    fewer = (*PLAIN.native[:-1], PLAIN.native[-1][:-1])
    for uneven in (replace(PLAIN, native=fewer), replace(PLAIN, beside={"other": fewer})):
        with pytest.raises(ValueError, match="same samples"):
            from_benchmarks(to_benchmarks(make_results(uneven)))
