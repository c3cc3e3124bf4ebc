from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import utilities
import utility_table
from utility_targets import TARGETS

from tests.workbench.workbench_samples import make_measurement, make_results
from workbench import catalog, load_results, save_results
from workbench.errors import WorkbenchError
from workbench.results.model import CALL_SECONDS, Failure, Measurement, Results, Samples
from workbench.results.statistics import limit

ENVIRONMENT: dict[str, str | int | float] = {
    "first_side": "upstream",
    "cpu_count": 2,
    "cpu_model_name": "a processor",
    "load_avg_1min": 0.25,
    "platform": "Linux-6",
    "python_implementation": "CPython",
    "python_version": "3.11.7",
}


def _scaled(samples: Samples, factor: float, less: float = 0.0) -> Samples:
    return tuple(tuple(value * factor - less for value in process) for process in samples)


def _measured(
    index: int, *, above: float = 1.1, share: float | None = None, python: float = 1.0
) -> Measurement:
    """Return a measurement whose speedup is ``above`` times its target."""
    target = TARGETS[index]
    first = all(t.utility != target.utility for t in TARGETS[:index])
    m = make_measurement(
        target.utility, target.workload, ratio=target.speedup * above, primary=first
    )
    m = replace(m, beside={"python": _scaled(m.python, python)})
    if share is None:
        return m
    floor = _scaled(m.native, share, CALL_SECONDS)
    return replace(m, floor=floor, floor_calls="open, close", limit=limit(m.python, floor))


def _all(**changes: Any) -> Results:
    return replace(
        make_results(*(_measured(index, **changes) for index in range(len(TARGETS)))),
        environment=ENVIRONMENT,
    )


def _one(m: Measurement) -> utility_table.Table:
    return utility_table.compare(make_results(m))


def test_all_workloads_of_the_catalog_have_targets() -> None:
    expected = {(u.name, w.name) for u in catalog.utilities() for w in u.workloads}
    assert {(target.utility, target.workload) for target in TARGETS} == expected
    assert len(TARGETS) == len(expected)
    first = {u.name: u.workloads[0].name for u in catalog.utilities()}
    for target in TARGETS:
        own = [t.workload for t in TARGETS if t.utility == target.utility]
        assert own[0] == first[target.utility]


def test_reached_targets_are_counted() -> None:
    table = utility_table.compare(_all(share=0.7))
    text = utility_table.to_text(table)
    assert len(table.rows) == len(TARGETS) == 18
    assert "18 of 18 speedup targets are reached." in text
    assert "18 of 18 shares of the floor are 0.66 or more." in text
    assert "18 of 18 Python implementations take 0.75 to 1.25 of the published time." in text
    primary = {t.utility: t.speedup for t in reversed(TARGETS)}
    mean = sum(primary.values()) / len(primary) * 1.1
    assert table.mean == pytest.approx(mean, rel=0.01)
    assert re.search(r"first workloads: [\d.]+x, target 8.5x: reached", text)
    assert "missed" not in text
    assert "!" not in text.partition("\n\n")[0]
    assert max(map(len, text.splitlines())) <= 100


def test_a_slow_run_misses_all_targets() -> None:
    table = utility_table.compare(_all(above=0.5, share=0.5, python=1.4))
    text = utility_table.to_text(table)
    assert "0 of 18 speedup targets are reached." in text
    assert "0 of 18 shares of the floor" in text
    assert "0 of 18 Python implementations" in text
    assert "target 8.5x: missed" in text
    assert text.count("1.40!") == 18
    assert " ".join(text.split()).count("ratio 1.40") == 18


def test_a_row_has_the_numbers_of_its_measurement() -> None:
    m = _measured(0, share=0.8, python=1.1)
    (row,) = _one(m).rows
    assert (row.published, row.native, row.floor) == (
        m.python_seconds,
        m.native_seconds,
        m.floor_seconds,
    )
    assert row.python == pytest.approx(m.python_seconds * 1.1)
    assert row.speedup == m.speedup
    assert row.share == pytest.approx(0.8)
    assert row.python_ratio is not None
    assert row.python_ratio.estimate == pytest.approx(1.1)
    assert row.is_fast
    assert row.is_near
    assert row.is_fair


def test_impossible_targets_are_distinguished_from_slow_code() -> None:
    def words(m: Measurement) -> str:
        return " ".join(utility_table.to_text(_one(m)).split())

    impossible = words(_measured(8, above=0.5, share=0.9))
    assert "The target is impossible on this machine: 6x leaves" in impossible
    assert "open, close alone take" in impossible
    slow = words(_measured(8, above=0.5, share=0.2))
    assert "impossible" not in slow
    assert "are open, close, at least 60.0 ns the call from Python" in slow
    assert "the rest. Creating ten strings" in slow
    assert "6x leaves 417 ns per call. Of" in slow
    assert "Missed shares of the floor:" in slow
    assert "the rest has no floor" in words(_measured(4, above=0.5))


def test_a_near_miss_shows_its_interval() -> None:
    m = _measured(1, above=0.999)
    assert m.speedup is not None
    wide = replace(m, speedup=replace(m.speedup, high=16.0))
    assert "target within the interval of" in utility_table.to_text(_one(wide))


def test_known_reasons_about_python_are_shown() -> None:
    index = next(i for i, target in enumerate(TARGETS) if target.about_python)
    text = " ".join(utility_table.to_text(_one(_measured(index, python=0.57))).split())
    assert "ratio 0.57: the published function creates a debug log record" in text


def test_python_replaces_a_missing_published_function() -> None:
    (row,) = _one(replace(_measured(16), beside={})).rows
    assert row.python == row.published
    assert (row.python_ratio, row.is_fair) == (None, None)


def test_missing_workloads_are_named() -> None:
    results = make_results(_measured(0), failures=(Failure("hash_file/sha256 of 9 KB", "broke"),))
    table = utility_table.compare(results)
    assert table.mean is None
    text = utility_table.to_text(table)
    assert "- hash_file/sha256 of 9 KB: broke" in text
    assert "- format_float/1234567.89, precision 2: not measured" in text
    assert "There is no mean" in text


def test_markdown_has_the_run_and_all_rows() -> None:
    results = _all(share=0.5)
    about = utility_table.about(results, "2025-01-31 12:00", "python benchmarks/utilities.py")
    text = utility_table.to_markdown(utility_table.compare(results), about)
    for fact in ("2025-01-31", "a processor, 2 CPUs", "CPython 3.11.7", "Linux-6", "utilities.py`"):
        assert fact in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 20
    assert {row.count("|") for row in rows} == {13}
    assert all("| reached | 0.50! | 1.00 |" in row for row in rows[2:])


def test_parts_cover_the_catalog_once() -> None:
    names = [name for part in utilities.parts() for name in part.names]
    assert sorted(names) == [u.name for u in catalog.utilities()]
    for part in utilities.parts():
        command = part.command(Path("x.json"), "--fast")
        assert command[1:2] == ["bench"]
        assert command[-3:] == ["--fast", "-o", "x.json"]
        assert ("--beside" in command) == (part.baseline == "upstream")
    assert utilities.parts()[1].environment()["PYTHONPATH"].endswith("skypilot-0.10.5")


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Results], None]:
    """Fake the published functions and the results of measuring them."""
    monkeypatch.setattr(utilities, "UPSTREAM", tmp_path)
    monkeypatch.setattr(utilities, "OUTPUT", tmp_path / "out" / "utilities.json")

    def give(results: Results) -> None:
        (tmp_path / ".installed").touch()

        def run(command: Sequence[str], **_: Any) -> subprocess.CompletedProcess[str]:
            own = tuple(m for m in results.measurements if m.utility in command)
            if own:
                save_results(replace(results, measurements=own), Path(command[-1]))
            return subprocess.CompletedProcess(command, 0 if own else 2)

        monkeypatch.setattr(subprocess, "run", run)

    return give


def test_a_run_writes_suite_and_table(
    published: Callable[[Results], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published(_all(share=0.7))
    output = tmp_path / "found.json"
    assert utilities.main(["--fast", "-o", str(output)]) == 0
    shown = capsys.readouterr().out
    assert "18 of 18 speedup targets are reached." in shown
    assert "command: `python benchmarks/utilities.py --fast`" in shown
    kept = load_results(output)
    assert len(kept.measurements) == 18
    assert "skypilot 0.14.1" in str(kept.environment["published"])
    assert output.with_suffix(".md").read_text().count("\n| `") == 18


def test_a_failed_part_is_one_line(
    published: Callable[[Results], None], capsys: pytest.CaptureFixture[str]
) -> None:
    published(make_results(_measured(0)))
    assert utilities.main([]) == 2
    captured = capsys.readouterr()
    assert re.fullmatch(r"utilities.py: .* failed with exit code 2\n", captured.err)
    with pytest.raises(WorkbenchError):
        utilities.measure([])


def test_missing_published_functions_are_one_line_with_a_hint(tmp_path: Path) -> None:
    script = Path(utilities.__file__)
    code = (
        "import sys, pathlib, utilities; utilities.UPSTREAM = pathlib.Path(sys.argv[1]); "
        "sys.exit(utilities.main([]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=script.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == "utilities.py: no published functions found: run 'make upstream'\n"
    assert done.stdout == ""
