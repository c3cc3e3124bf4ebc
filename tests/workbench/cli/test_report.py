from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from workbench import extras, reporting
from workbench.cli import main
from workbench.cli.report import _FORMATS
from workbench.reporting import Sources
from workbench.reports.render import FORMATS

Captured = pytest.CaptureFixture[str]


def test_the_command_line_offers_every_format() -> None:
    assert FORMATS == _FORMATS


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", FORMATS)
def test_one_format_goes_to_standard_output(name: str, capsys: Captured) -> None:
    assert main(["report", "results.json", "--format", name]) == 0
    captured = capsys.readouterr()
    assert "format_float" in captured.out
    assert captured.err == ""


@pytest.mark.usefixtures("here")
def test_text_is_the_default(capsys: Captured) -> None:
    shown = []
    for options in ([], ["--format", "text"]):
        assert main(["report", "results.json", *options]) == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1]


def test_output_to_a_file_shows_nothing(here: Path, capsys: Captured) -> None:
    assert main(["report", "results.json", "--format", "json", "-o", "report.json"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["report", "results.json", "--format", "json"]) == 0
    written, shown = (here / "report.json").read_text(), capsys.readouterr().out
    assert json.loads(written)["utilities"] == json.loads(shown)["utilities"]


@pytest.mark.usefixtures("here")
def test_each_source_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Sources] = []
    load = reporting.load_report

    def keep(sources: Sources) -> Any:
        given.append(sources)
        return load(Sources(sources.results))

    monkeypatch.setattr(reporting, "load_report", keep)
    options = "--audit a --profile p --migration m --history h --gate --baseline b"
    assert main(["report", "results.json", *options.split()]) == 0
    assert main(["report", "results.json"]) == 0
    assert given == [
        Sources(Path("results.json"), Path("a"), Path("p"), Path("m"), "h", True, Path("b")),
        Sources(Path("results.json")),
    ]


def test_several_formats_need_a_directory(here: Path, capsys: Captured) -> None:
    several = ["report", "results.json", "--format", "csv", "--format", "json"]
    assert main(several) == 2
    assert capsys.readouterr().out == ""
    assert main([*several, "-o", "out"]) == 0
    assert sorted(path.name for path in (here / "out").iterdir()) == ["report.csv", "report.json"]


@pytest.mark.usefixtures("here")
def test_only_a_page_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(reporting, "show_in_browser", opened.append)
    assert main(["report", "results.json", "--format", "csv", "--open", "-o", "out"]) == 0
    assert main(["report", "results.json", "--format", "html", "-o", "page.html"]) == 0
    assert opened == [Path("out/report.html")]


@pytest.mark.usefixtures("here")
def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "matplotlib" else name)
    assert main(["report", "results.json"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "accel-workbench[report]" in captured.err
