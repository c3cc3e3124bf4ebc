from __future__ import annotations

import cProfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest

from workbench import history, load_results, save_results
from workbench.results.model import Interval, Measurement, Results

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture
def results_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    python = tuple(tuple(1e-6 * (10 + i + p) for i in range(4)) for p in range(2))
    native = tuple(tuple(value / 5 for value in process) for process in python)
    speedup = Interval(5.0, 4.9, 5.1)
    results = Results(
        (
            Measurement("fast", "with $math$", 7.0, python, native, speedup, True, 9, True),
            Measurement("unmoved", "Python only", 2.0, python, (), None, None, 0, True),
        )
    )
    path = tmp_path / "results.json"
    save_results(results, path)
    monkeypatch.setenv("WORKBENCH_RESULTS", str(path))
    return path


def execute(name: str) -> Any:
    notebook: Any = nbformat.read(NOTEBOOKS / name, as_version=4)  # type: ignore[no-untyped-call]
    limits = {"timeout": 250, "startup_timeout": 250}
    client = nbclient.NotebookClient(
        notebook, resources={"metadata": {"path": str(NOTEBOOKS)}}, **limits
    )
    client.execute()
    return notebook


def outputs(notebook: Any, kind: str) -> list[str]:
    found = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return [output["data"][kind] for output in found if kind in output.get("data", {})]


def printed(notebook: Any) -> str:
    return "".join(o["text"] for c in notebook.cells for o in c.get("outputs", ()) if "text" in o)


def test_speedups_loads_results_and_draws_a_chart(
    results_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HISTORY", str(tmp_path / "missing.db"))
    notebook = execute("speedups.ipynb")

    assert len(outputs(notebook, "image/png")) == 1
    assert "missing.db has no history" in printed(notebook)
    tables = outputs(notebook, "text/html")
    assert len(tables) == 3
    frame = load_results(results_file).to_frame()
    assert f"<td>{frame.speedup.median():.1f}" in tables[1]
    assert "unmoved" in tables[1]
    # The ratio of each pair is 5, so each resampled median is 5.
    assert tables[2].count("<td>5.0</td>") == 3
    assert "unmoved" not in tables[2]


def test_speedups_draws_a_history(
    results_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "history.db"
    for name in ("first", "second"):
        history.add(replace(load_results(results_file), environment={"run": name}), store)
    monkeypatch.setenv("WORKBENCH_HISTORY", str(store))

    assert len(outputs(execute("speedups.ipynb"), "image/png")) == 2


@pytest.mark.parametrize("measured", [True, False])
def test_migration_story_runs_from_audit_to_gate(
    measured: bool, results_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = tmp_path / "original"
    code.mkdir()
    source = "from sky.utils import common_utils\ncommon_utils.format_float(1.5)\n"
    (code / "module.py").write_text(source)
    monkeypatch.setenv("WORKBENCH_CODE", str(code))
    if measured:
        monkeypatch.delenv("WORKBENCH_RESULTS")

    notebook = execute("migration_story.ipynb")
    text = printed(notebook)
    assert "1 references in 1 of 1 files" in text
    assert "+accelerated.format_float(1.5)" in text
    assert "1 files changed; 0 references left to rewrite" in text
    assert (code / "module.py").read_text() == source
    (verdict,) = outputs(notebook, "text/markdown")
    utilities = 1 if measured else 2
    assert f" of {utilities} utilit" in verdict
    them = "these utilities" if measured else "replaceable functions"
    assert f"the audited code has 1 reference to {them} in 1 file" in verdict
    tables = outputs(notebook, "text/html")
    assert "pass" in tables[-1]
    assert ("format_float" if measured else "fast") in tables[1]


def test_audit_counts_references_by_package(
    results_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = tmp_path / "code"
    for package, calls in (("near", 3), ("far", 1)):
        (code / package).mkdir(parents=True)
        lines = ["from sky.utils import common_utils", *["common_utils.format_float(1.5)"] * calls]
        (code / package / "module.py").write_text("\n".join(lines) + "\n")
    (code / "near" / "patched.py").write_text("getattr(__import__('x'), 'y')\n")
    monkeypatch.setenv("WORKBENCH_CODE", str(code))
    profiler = cProfile.Profile()
    profiler.runcall(len, "nothing that is replaced")
    profiler.dump_stats(tmp_path / "run.prof")
    monkeypatch.setenv("WORKBENCH_PROFILE", str(tmp_path / "run.prof"))

    notebook = execute("audit.ipynb")
    assert printed(notebook).startswith("4 references in 2 of 3 files")
    by_package, review, savings = outputs(notebook, "text/html")
    assert by_package.index("near") < by_package.index("far")
    assert "format_float" in by_package
    assert "<td>" not in review
    assert "<td>4</td>" in savings
    assert "profiled run: seconds" in savings
    assert len(outputs(notebook, "image/png")) == 1


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.name)
def test_notebooks_are_short_and_have_no_output(path: Path) -> None:
    notebook: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]

    assert len(notebook.cells) <= 20
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
