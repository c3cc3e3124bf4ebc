from __future__ import annotations

import cProfile
import json
from pathlib import Path
from typing import Any

import pytest

from workbench import history, reporting, save_results
from workbench.cli import main
from workbench.results.model import Interval, Measurement, Results

FORMATS = ["html", "text", "json", "markdown", "csv"]
UTILS = "def format_float(n):\n    return str(n)\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with results, earlier results and a profile."""
    monkeypatch.chdir(tmp_path)
    save_results(results(4.0), Path("results.json"))
    save_results(results(8.0), Path("before.json"))
    scope: dict[str, Any] = {}
    exec(compile(UTILS, "/x/sky/utils/common_utils.py", "exec"), scope)
    profiler = cProfile.Profile()
    profiler.runcall(lambda: [scope["format_float"](n) for n in range(1000)])
    profiler.dump_stats("run.prof")
    return tmp_path


def results(speedup: float) -> Results:
    native = ((1e-6,) * 4, (1e-6,) * 4)
    python = tuple(tuple(value * speedup for value in process) for process in native)
    between = Interval(speedup, speedup * 0.99, speedup * 1.01)
    found = Measurement("format_float", "w", 4.0, python, native, between, True, 9, True)
    facts: dict[str, str | int | float] = {"python_version": "3.11.7", "git_dirty": 0}
    return Results((found,), facts)


def read(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["report", "results.json", "--format", "json", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("here")
def test_several_formats_go_to_a_directory_with_their_suffixes() -> None:
    options = [option for name in FORMATS for option in ("--format", name)]
    for _ in range(2):
        assert main(["report", "results.json", *options, "-o", "out"]) == 0

    assert sorted(path.name for path in Path("out").iterdir()) == [
        *("report.csv", "report.html", "report.json", "report.md", "report.txt")
    ]
    facts = json.loads(Path("out/report.json").read_bytes())
    assert facts["utilities"][0]["utility"] == "format_float"
    assert Path("out/report.html").read_text().startswith("<!doctype html>")


@pytest.mark.usefixtures("here")
def test_one_format_goes_to_a_file_or_into_an_existing_directory() -> None:
    Path("out").mkdir()
    assert main(["report", "results.json", "--format", "csv", "-o", "out"]) == 0
    assert main(["report", "results.json", "--format", "csv", "-o", "named.csv"]) == 0
    assert Path("out/report.csv").read_bytes() == Path("named.csv").read_bytes()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("options", "name"),
    [
        ([], "report.html"),
        (["-o", "page.html"], "page.html"),
        (["--format", "csv", "-o", "out"], "report.html"),
        (["--format", "html"], "report.html"),
    ],
)
def test_a_page_is_opened(
    options: list[str], name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) or True)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["report", "results.json", "--open", *options]) == 0

    (url,) = opened
    assert url.startswith("file:///")
    path = Path(url.removeprefix("file://"))
    assert path.name == name
    assert "format_float" in path.read_text()
    assert Path("out/report.csv").exists() == ("csv" in options)


@pytest.mark.usefixtures("here")
def test_no_browser_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    assert main(["report", "results.json", "--open", "-o", "page.html"]) == 2

    error = capsys.readouterr().err
    assert error == "workbench: error: cannot start a browser; open page.html yourself\n"
    assert Path("page.html").exists()


@pytest.mark.usefixtures("here")
def test_a_profile_adds_the_seconds_saved(capsys: pytest.CaptureFixture[str]) -> None:
    savings = read(capsys, "--profile", "run.prof")["savings"]

    assert savings["seconds"] == pytest.approx(1000 * 3e-6)
    assert sum(site["calls"] for site in savings["by_site"]) == 1000


@pytest.mark.usefixtures("here")
def test_the_gate_with_and_without_a_baseline(capsys: pytest.CaptureFixture[str]) -> None:
    alone = read(capsys, "--gate")["gate"]
    assert (alone["passed"], alone["baseline"]) == (True, None)
    compared = read(capsys, "--baseline", "before.json")["gate"]
    assert (compared["passed"], compared["baseline"]) == (False, "before.json")
    assert read(capsys)["gate"] is None


@pytest.mark.usefixtures("here")
def test_a_history_is_read_from_the_given_or_the_default_store(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert read(capsys)["trend"] is None
    history.add(results(4.0), "elsewhere.db")
    named = read(capsys, "--history", "elsewhere.db")["trend"]
    assert (named["store"], named["runs"]) == ("elsewhere.db", 1)
    history.add(results(4.0))
    history.add(results(5.0))
    usual = read(capsys)["trend"]
    assert (usual["store"], usual["runs"]) == (".workbench/history.db", 2)


@pytest.mark.usefixtures("here")
def test_formats_are_written_once_each() -> None:
    assert reporting.formats(["csv", "html", "csv"], opened=True) == ("csv", "html")
    assert reporting.formats([], opened=False) == ("text",)


@pytest.mark.usefixtures("here")
def test_an_audit_with_a_baseline_is_rejected(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("code.py").write_text("from sky.utils.common_utils import format_float\nformat_float(1)\n")
    assert main(["audit", "code.py", "--format", "json", "-o", "all.json"]) == 1
    main(["audit", "code.py", "--baseline", "all.json", "--format", "json", "-o", "new.json"])
    capsys.readouterr()
    assert read(capsys, "--audit", "all.json")["audit"]["references"] > 0
    assert main(["report", "results.json", "--audit", "new.json"]) == 2
    assert "new.json has only new findings" in capsys.readouterr().err
