from __future__ import annotations

from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest

from workbench import load_results, save_results
from workbench.results import Interval, Measurement, Results

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
    client = nbclient.NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(NOTEBOOKS)}}
    )
    client.execute()
    return notebook


def outputs(notebook: Any, kind: str) -> list[str]:
    found = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return [output["data"][kind] for output in found if kind in output.get("data", {})]


def test_speedups_reads_a_results_file_and_draws_one_chart(results_file: Path) -> None:
    notebook = execute("speedups.ipynb")

    assert len(outputs(notebook, "image/png")) == 1
    tables = outputs(notebook, "text/html")
    assert len(tables) == 2
    frame = load_results(results_file).to_frame()
    assert f"<td>{frame.speedup.median():.1f}" in tables[1]
    assert "unmoved" in tables[1]


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

    notebook = execute("audit.ipynb")
    printed = [o["text"] for c in notebook.cells for o in c.get("outputs", ()) if "text" in o]
    assert printed[0].startswith("4 references in 2 of 3 files")
    by_package, review, savings = outputs(notebook, "text/html")
    assert by_package.index("near") < by_package.index("far")
    assert "format_float" in by_package
    assert "<td>" not in review
    assert "<td>4</td>" in savings
    assert len(outputs(notebook, "image/png")) == 1


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.name)
def test_notebooks_are_short_and_carry_no_output(path: Path) -> None:
    notebook: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]

    assert len(notebook.cells) <= 20
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
