"""Convert results to pyperf: one benchmark per side of a workload, one run per process."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.files import decode_json
from workbench.results.model import (
    FLOOR,
    NATIVE,
    PYTHON,
    Control,
    Failure,
    InstructionCount,
    Measurement,
    ProcessRun,
    Results,
    Samples,
    SizeCurve,
    SizePoint,
)

if TYPE_CHECKING:
    import pyperf  # type: ignore[import-untyped]

_FORMAT = 1
_MEASUREMENT_KEYS = (
    *("workbench_format", "workbench_failures", "name", "unit", "utility", "workload", "side"),
    *("announced_speedup", "equivalent", "equivalence_cases", "primary", "stopped", "control"),
    "counter",
    *("equivalence_examples", "floor_calls", "curve", "size_unit", "size"),
)
_BESIDE = "beside "
"""Prefix of the names of sides that are not part of the comparison."""
_LEAST, _MOST = 1e-50, 1e50
"""Bounds of plausible seconds and instructions; ratios of values between them are finite."""
_RUN_KEYS = ("loops", "date", "duration")

Metadata = dict[str, str | int | float]
Details = tuple[Metadata, list[tuple[int, float]]]
"""The metadata specific to one run, and its warm-up samples."""


def to_benchmarks(results: Results) -> list[pyperf.Benchmark]:
    """Convert results to benchmarks, beginning with those of the first workload."""
    benchmarks = [part for m in results.measurements for part in _benchmarks(m, results)]
    for curve in results.curves:
        for point in curve.points:
            about: Metadata = {"curve": curve.name, "size_unit": curve.unit, "size": point.size}
            benchmarks += _benchmarks(point.measurement, results, about)
    benchmarks += [part for control in results.controls for part in _controls(control, results)]
    return benchmarks + [part for count in results.instructions for part in _counts(count, results)]


def from_benchmarks(benchmarks: list[pyperf.Benchmark]) -> Results:
    """Convert benchmarks from ``to_benchmarks`` to results; estimate each speedup from its pairs.

    Raises ValueError, TypeError or KeyError for other benchmarks.
    """
    workloads: dict[_WorkloadKey, dict[str, pyperf.Benchmark]] = {}
    controls: dict[tuple[str, str, str], dict[int, pyperf.Benchmark]] = {}
    counts: dict[tuple[str, str, str], dict[str, pyperf.Benchmark]] = {}
    for benchmark in benchmarks:
        about = benchmark.get_metadata()
        names = ("utility", "workload", "side")
        missing = [name for name in names if not isinstance(about.get(name), str)]
        if missing:
            raise ValueError(f"benchmark '{benchmark.get_name()}' has no {missing[0]}")
        if about.get("workbench_format") != _FORMAT:
            found = about.get("workbench_format")
            raise ValueError(f"unsupported format {found}, expected {_FORMAT}")
        utility, workload, side = about["utility"], about["workload"], about["side"]
        if "counter" in about:
            counts.setdefault((utility, workload, about["counter"]), {})[side] = benchmark
        elif "control" in about:
            controls.setdefault((utility, workload, side), {})[about["control"]] = benchmark
        else:
            workloads.setdefault(_place(about), {})[side] = benchmark
    common = benchmarks[0].get_metadata()
    environment = {k: v for k, v in common.items() if k not in (*_MEASUREMENT_KEYS, *_RUN_KEYS)}
    failures = decode_json(common.get("workbench_failures", "[]"))
    return Results(
        tuple(_measurement(w) for place, w in workloads.items() if place.curve is None),
        environment,
        tuple(Failure(subject, reason) for subject, reason in failures),
        tuple(_control(key, parts) for key, parts in controls.items()),
        _curves(workloads),
        tuple(_count(key, sides) for key, sides in counts.items()),
    )


class _WorkloadKey(NamedTuple):
    """The key of a workload."""

    utility: str
    workload: str
    curve: tuple[str, str] | None = None
    """Name and unit of the curve, if the workload is a point of one."""
    size: int = 0


def _place(about: Mapping[str, Any]) -> _WorkloadKey:
    place = _WorkloadKey(about["utility"], about["workload"])
    if "curve" not in about:
        return place
    return place._replace(curve=(about["curve"], about["size_unit"]), size=int(about["size"]))


def _curves(workloads: Mapping[_WorkloadKey, dict[str, pyperf.Benchmark]]) -> tuple[SizeCurve, ...]:
    points: dict[tuple[str, str, str], list[SizePoint]] = {}
    for place, sides in workloads.items():
        if place.curve is not None:
            key = (place.utility, *place.curve)
            points.setdefault(key, []).append(SizePoint(place.size, _measurement(sides)))
    return tuple(SizeCurve(*key, tuple(found)) for key, found in points.items())


def _benchmarks(
    m: Measurement, results: Results, about: Metadata | None = None
) -> Iterator[pyperf.Benchmark]:
    shared: Metadata = {
        **_shared(results),
        **(about or {}),
        "utility": m.utility,
        "workload": m.workload,
        "announced_speedup": m.announced_speedup,
        "equivalence_cases": m.equivalence_cases,
        "primary": int(m.primary),
    }
    if m.equivalent is not None:
        shared["equivalent"] = int(m.equivalent)
    if m.stopped:
        shared["stopped"] = m.stopped
    if m.equivalence_examples:
        shared["equivalence_examples"] = json.dumps(m.equivalence_examples)
    if m.floor_calls:
        shared["floor_calls"] = m.floor_calls
    for number, (side, shown, samples) in enumerate(_sides(m, results.environment)):
        metadata = {**shared, "name": f"{m.utility}/{m.workload} [{shown}]", "side": side}
        details = [_run_details(m.runs, process, number) for process in range(len(samples))]
        yield _benchmark(samples, metadata, details)


def _sides(
    m: Measurement, environment: Mapping[str, str | int | float]
) -> list[tuple[str, str, Samples]]:
    """Return the timed sides with their display names, in the order of the runs."""
    first = str(environment.get("first_side", PYTHON))
    second = str(environment.get("second_side", NATIVE))
    sides = [
        (PYTHON, first, m.python),
        # pyperf requires unique names.
        (NATIVE, second if second != first else f"{second} again", m.native),
        *((f"{_BESIDE}{name}", name, samples) for name, samples in m.beside.items()),
        (FLOOR, FLOOR, m.floor),
    ]
    return [side for side in sides if side[2]]


def _controls(control: Control, results: Results) -> Iterator[pyperf.Benchmark]:
    for number, samples in ((1, control.first), (2, control.second)):
        metadata: Metadata = {
            **_shared(results),
            "utility": control.utility,
            "workload": control.workload,
            "side": control.side,
            "control": number,
            "name": f"{control.utility}/{control.workload} [{control.side} A/A {number}]",
        }
        yield _benchmark(samples, metadata, [({}, [])] * len(samples))


def _counts(count: InstructionCount, results: Results) -> Iterator[pyperf.Benchmark]:
    for side, values in ((PYTHON, count.python), (NATIVE, count.native)):
        metadata: Metadata = {
            **_shared(results),
            "utility": count.utility,
            "workload": count.workload,
            "side": side,
            "counter": count.counter,
            "unit": "integer",
            "name": f"{count.utility}/{count.workload} [{side} instructions]",
        }
        yield _benchmark((values,), metadata, [({}, [])])


def _shared(results: Results) -> Metadata:
    shared: Metadata = {
        **_printable(results.environment),
        "workbench_format": _FORMAT,
        "unit": "second",
    }
    if results.failures:
        pairs = [[failure.subject, failure.reason] for failure in results.failures]
        shared["workbench_failures"] = json.dumps(pairs)
    return shared


def _benchmark(samples: Samples, metadata: Metadata, details: list[Details]) -> pyperf.Benchmark:
    import pyperf

    runs = [
        pyperf.Run(values, warmups, metadata={**metadata, **own}, collect_metadata=False)
        for values, (own, warmups) in zip(samples, details, strict=True)
    ]
    return pyperf.Benchmark(runs)


def _run_details(runs: tuple[ProcessRun, ...], process: int, side: int) -> Details:
    if process >= len(runs):
        return {}, []
    run = runs[process]
    details: Metadata = {
        "loops": run.loops[side],
        "date": run.date,
        "duration": run.duration,
    }
    return details, list(run.warmups[side])


def _printable(environment: Mapping[str, str | int | float]) -> Metadata:
    """Return the values that pyperf accepts: without line breaks, not empty."""
    lines = {
        key: " ".join(value.split()) if isinstance(value, str) else value
        for key, value in environment.items()
    }
    return {key: value for key, value in lines.items() if value != ""}


def _control(key: tuple[str, str, str], parts: dict[int, pyperf.Benchmark]) -> Control:
    from workbench.results.statistics import speedup

    first, second = (_samples(parts[number].get_runs()) for number in (1, 2))
    return Control(*key, first, second, speedup(first, second))


def _count(key: tuple[str, str, str], sides: Mapping[str, pyperf.Benchmark]) -> InstructionCount:
    python, native = (_samples(sides[side].get_runs())[0] for side in (PYTHON, NATIVE))
    return InstructionCount(*key, python, native)


def _samples(runs: list[pyperf.Run]) -> Samples:
    samples = tuple(tuple(run.values) for run in runs)
    for value in (value for process in samples for value in process):
        if not _LEAST < value < _MOST:
            raise ValueError(f"a sample of {value:g} is out of range")
    return samples


def _measurement(by_side: dict[str, pyperf.Benchmark]) -> Measurement:
    from workbench.results.statistics import limit, speedup

    if PYTHON not in by_side:
        raise ValueError(f"{next(iter(by_side.values())).get_name()} has no Python side")
    about: Mapping[str, Any] = by_side[PYTHON].get_metadata()
    beside = [side for side in by_side if side.startswith(_BESIDE)]
    order = [side for side in (PYTHON, NATIVE, *beside, FLOOR) if side in by_side]
    runs = [by_side[side].get_runs() for side in order]
    samples = {side: _samples(by_side[side].get_runs()) for side in order}
    if len({tuple(map(len, side)) for side in samples.values()}) > 1:
        raise ValueError(f"{about['utility']}: the sides do not have the same samples")
    python, native, floor = (samples.get(side, ()) for side in (PYTHON, NATIVE, FLOOR))
    equivalent = about.get("equivalent")
    return Measurement(
        utility=about["utility"],
        workload=about["workload"],
        announced_speedup=float(about["announced_speedup"]),
        python=python,
        native=native,
        speedup=speedup(python, native) if native else None,
        equivalent=None if equivalent is None else bool(equivalent),
        equivalence_cases=int(about.get("equivalence_cases", 0)),
        primary=bool(about["primary"]),
        runs=tuple(_process_run(sides) for sides in zip(*runs, strict=True) if _is_known(sides)),
        stopped=about.get("stopped", ""),
        floor=floor,
        floor_calls=about.get("floor_calls", ""),
        limit=limit(python, floor) if floor else None,
        beside={side.removeprefix(_BESIDE): samples[side] for side in beside},
        equivalence_examples=tuple(map(str, decode_json(about.get("equivalence_examples", "[]")))),
    )


def _is_known(sides: tuple[pyperf.Run, ...]) -> bool:
    return all(key in side.get_metadata() for side in sides for key in _RUN_KEYS)


def _process_run(sides: tuple[pyperf.Run, ...]) -> ProcessRun:
    about = sides[0].get_metadata()
    return ProcessRun(
        date=about["date"],
        duration=about["duration"],
        loops=tuple(side.get_loops() for side in sides),
        warmups=tuple(tuple(side.warmups) for side in sides),
    )
