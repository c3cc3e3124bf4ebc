from __future__ import annotations

import gzip
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyperf  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbench.workbench_samples import make_measurement, make_results
from workbench import load_results, save_results
from workbench.errors import WorkbenchError
from workbench.results.model import (
    Control,
    Failure,
    Measurement,
    ProcessRun,
    Results,
    Samples,
    SizeCurve,
    SizePoint,
)
from workbench.results.statistics import limit, speedup

times = st.floats(1e-9, 10.0)
lengths = st.lists(st.integers(1, 4), min_size=1, max_size=3)
words = st.text("abc 日µ[]/\"'<>", min_size=1, max_size=8).map(lambda t: f"x{t}x")
environments = st.dictionaries(
    words, st.integers(0, 2**60) | st.floats(0, 1e9) | words.map(lambda t: " ".join(t.split()))
)


@st.composite
def measurements(draw: st.DrawFn) -> Measurement:
    shape = draw(lengths)

    def side() -> Samples:
        return tuple(tuple(draw(times) for _ in range(n)) for n in shape)

    python, native = side(), side() if draw(st.booleans()) else ()
    beside = {name: side() for name in draw(st.sets(words, max_size=2))}
    floor = side() if draw(st.booleans()) else ()
    sides = 1 + bool(native) + len(beside) + bool(floor)
    warmup = st.tuples(st.integers(1, 10**9), times)
    warmups = st.lists(
        st.lists(warmup, min_size=1, max_size=3).map(tuple), min_size=sides, max_size=sides
    )
    runs = [
        ProcessRun(
            "2025-01-01 00:00:00.000001",
            draw(times),
            tuple(draw(st.integers(1, 10**9)) for _ in range(sides)),
            tuple(draw(warmups)),
        )
        for _ in shape
    ]
    return Measurement(
        utility=draw(words),
        workload=draw(words),
        announced_speedup=draw(st.floats(0.1, 100)),
        python=python,
        native=native,
        speedup=speedup(python, native) if native else None,
        equivalent=draw(st.none() | st.booleans()),
        equivalence_cases=draw(st.integers(0, 10**6)),
        equivalence_examples=tuple(draw(st.lists(st.text(st.characters(codec=None)), max_size=3))),
        primary=draw(st.booleans()),
        runs=tuple(runs) if draw(st.booleans()) else (),
        stopped=draw(st.sampled_from(("", "target", "budget", "processes"))),
        floor=floor,
        floor_calls=draw(words) if floor else "",
        limit=limit(python, floor) if floor else None,
        beside=beside,
    )


@st.composite
def controls(draw: st.DrawFn) -> Control:
    first = tuple(tuple(draw(times) for _ in range(n)) for n in draw(lengths))
    second = tuple(tuple(draw(times) for _ in process) for process in first)
    side = draw(st.sampled_from(("python", "native")))
    return Control(draw(words), draw(words), side, first, second, speedup(first, second))


@st.composite
def curves(draw: st.DrawFn) -> SizeCurve:
    sizes = sorted(draw(st.sets(st.integers(1, 10**12), min_size=1, max_size=3)))
    utility = draw(words)
    points = [
        SizePoint(size, replace(draw(measurements()), utility=utility, workload=f"{size} of it"))
        for size in sizes
    ]
    return SizeCurve(utility, draw(words), draw(words), tuple(points))


results = st.builds(
    Results,
    st.lists(
        measurements(), min_size=1, max_size=3, unique_by=lambda m: (m.utility, m.workload)
    ).map(tuple),
    environments,
    st.lists(st.builds(Failure, st.text(), st.text()), max_size=3).map(tuple),
    st.lists(controls(), max_size=2, unique_by=lambda c: (c.utility, c.workload, c.side)).map(
        tuple
    ),
    st.lists(curves(), max_size=2, unique_by=lambda c: c.utility).map(tuple),
)


@given(results)
@settings(max_examples=40)
def test_saved_results_are_loaded_unchanged(tmp_path: Path, found: Results) -> None:
    path = tmp_path / "results.json"
    save_results(found, path)
    assert load_results(path) == found


def test_pyperf_reads_the_file(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    hashed = make_measurement("hash_file", "sha256 of 9 KB")
    hashed = replace(hashed, floor=hashed.native, limit=limit(hashed.python, hashed.native))
    results = make_results(make_measurement(), hashed)
    save_results(results, path)
    suite = pyperf.BenchmarkSuite.load(str(path))
    assert suite.get_benchmark_names() == [
        "format_float/1234567.89, precision 2 [python]",
        "format_float/1234567.89, precision 2 [native]",
        "hash_file/sha256 of 9 KB [python]",
        "hash_file/sha256 of 9 KB [native]",
        "hash_file/sha256 of 9 KB [floor]",
    ]
    native = suite.get_benchmark("hash_file/sha256 of 9 KB [native]")
    assert tuple(run.values for run in native.get_runs()) == results.measurements[1].native
    for command in (["stats"], ["dump"], ["hist"], ["compare_to", str(path)]):
        done = subprocess.run(
            [sys.executable, "-m", "pyperf", *command, str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "hash_file/sha256 of 9 KB [native]" in done.stdout


def test_environment_values_are_stored_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    save_results(Results((make_measurement(),), {"a": " two\nlines ", "empty": " "}), path)
    assert load_results(path).environment == {"a": "two lines"}


def test_a_compressed_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    results = make_results(make_measurement())
    save_results(results, path)
    packed = tmp_path / "results.json.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert load_results(packed) == results


def test_results_are_compressed_for_a_name_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "results.json.gz"
    results = make_results(make_measurement())
    save_results(results, path)
    assert path.read_bytes().startswith(b"\x1f\x8b")
    assert load_results(path) == results
    assert len(pyperf.BenchmarkSuite.load(str(path)).get_benchmarks()) == 2


def test_saving_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match="nothing was measured"):
        save_results(Results(()), tmp_path / "results.json")
    assert not list(tmp_path.iterdir())


def _document(tmp_path: Path) -> dict[str, object]:
    path = tmp_path / "good.json"
    save_results(make_results(make_measurement()), path)
    document: dict[str, object] = json.loads(path.read_text())
    return document


def test_files_that_are_not_results(tmp_path: Path) -> None:
    good = json.dumps(_document(tmp_path))
    foreign = pyperf.BenchmarkSuite(
        [pyperf.Benchmark([pyperf.Run([1.0], metadata={"name": "x"}, collect_metadata=False)])]
    )
    foreign.dump(str(tmp_path / "foreign.json"))
    contents = {
        "empty": ("", "is not a pyperf file"),
        "text": ("hello", "is not a pyperf file"),
        "truncated": (good[: len(good) // 2], "is not a pyperf file"),
        "list": ("[]", "is not a pyperf file"),
        "object": ("{}", "is not a pyperf file"),
        "null": ("null", "is not a pyperf file"),
        "no benchmarks": ('{"version": "1.0", "benchmarks": []}', "is not a pyperf file"),
        "version": (good.replace('"1.0"', '"9.9"'), "is not a pyperf file"),
        "binary": ("\0\x01", "is not a pyperf file"),
        "foreign": ((tmp_path / "foreign.json").read_text(), "has no utility"),
        "deep": ("[" * 100_000, "is not a pyperf file: it is nested too deeply"),
        "no text": (good.replace('"format_float"', "1.5"), "has no utility"),
        "format": (good.replace('"workbench_format": 1', '"workbench_format": 99'), "format 99"),
        "native only": (good.replace('"side": "python"', '"side": "other"'), "no Python side"),
        "value": (good.replace('"announced_speedup": 4.0', '"announced_speedup": "four"'), "four"),
    }
    for name, (content, message) in contents.items():
        path = tmp_path / f"{name}.json"
        path.write_text(content)
        with pytest.raises(WorkbenchError) as caught:
            load_results(path)
        assert message in str(caught.value), name
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_files_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(WorkbenchError, match="cannot read"):
        load_results(tmp_path / name)


def test_sides_of_different_lengths_are_refused(tmp_path: Path) -> None:
    document = _document(tmp_path)
    benchmarks = document["benchmarks"]
    assert isinstance(benchmarks, list)
    benchmarks[1]["runs"][0]["values"].pop()
    path = tmp_path / "uneven.json"
    path.write_text(json.dumps(document))
    with pytest.raises(WorkbenchError, match="same samples"):
        load_results(path)
