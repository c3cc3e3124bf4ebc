from __future__ import annotations

from pathlib import Path

import pytest

from workbench.cli.outputs import Output, outputs
from workbench.errors import WorkbenchError

FORMATS = ("text", "json", "sarif")
STDOUT = None


@pytest.mark.parametrize(
    ("values", "format_", "expected"),
    [
        ([], None, [("text", STDOUT)]),
        ([], "json", [("json", STDOUT)]),
        (["a"], None, [("text", "a")]),
        (["a"], "json", [("json", "a")]),
        (["sarif:a"], None, [("sarif", "a")]),
        (["sarif:a"], "json", [("sarif", "a"), ("json", STDOUT)]),
        (["sarif:a", "b"], "json", [("sarif", "a"), ("json", "b")]),
        (["sarif:a", "json:b"], None, [("sarif", "a"), ("json", "b")]),
        (["yaml:a"], "json", [("json", "yaml:a")]),
        (["./json:a"], None, [("text", "./json:a")]),
        (["json:a:b"], None, [("json", "a:b")]),
    ],
)
def test_formats_and_files(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    values: list[str],
    format_: str | None,
    expected: list[tuple[str, str | None]],
) -> None:
    monkeypatch.chdir(tmp_path)
    wanted = [Output(name, Path(path) if path else None) for name, path in expected]

    assert outputs(values, format_, FORMATS, "text") == tuple(wanted)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["json:"], "--output json: has no file name"),
        (["json:missing/a"], "directory missing does not exist"),
        (["json:."], "it is a directory"),
        (["json:a", "sarif:./a"], "two outputs are written to a"),
        (["a", "a"], "two outputs are written to a"),
    ],
)
def test_what_cannot_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(WorkbenchError, match=message):
        outputs(values, None, FORMATS, "text")
