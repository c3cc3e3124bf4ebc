"""No content of an input file causes a traceback or the exit code for findings."""

from __future__ import annotations

import contextlib
import cProfile
import gzip
import io
import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench
from tests.workbench.command_line import MIGRATABLE
from tests.workbench.workbench_samples import make_measurement, make_results
from workbench.cli import main

SETTINGS = b"""\
[tool.workbench]
exclude = ["old/"]
select = ["format_float"]
[tool.workbench.gate]
min_speedup = 1.5
max_regression = "10%"
undecided = "report"
[tool.workbench.gate.utilities.format_float]
min_speedup = 1
"""
FRAME = {"function": "format_float", "file_path": "sky/utils/common_utils.py", "line_no": 3}
CHILD = {**FRAME, "time": 0.5, "children": []}
PYINSTRUMENT = {"root_frame": {**FRAME, "time": 1.0, "children": [CHILD]}}
SPEEDSCOPE = {
    "shared": {"frames": [{"name": "format_float", "file": "sky/utils/common_utils.py"}]},
    "profiles": [{"type": "sampled", "unit": "seconds", "samples": [[0]], "weights": [1]}],
}


@dataclass(frozen=True)
class Reader:
    """A command that reads a file, and the name of a valid file."""

    command: str
    good: str
    file: str = "input"
    """Where the command expects the file; ``-`` is standard input."""


READERS = [
    Reader("audit - --exit-zero", "uses.py", "-"),
    Reader("audit input.py --exit-zero", "uses.py", "input.py"),
    Reader("audit . --exit-zero --no-cache", "uses.py", "input.py"),
    Reader("audit code --exit-zero", "ignored", "code/.gitignore"),
    Reader("audit code --exit-zero", "settings.toml", "pyproject.toml"),
    Reader("audit code --exit-zero --config input", "settings.toml"),
    Reader("audit code --exit-zero --baseline input", "audit.json"),
    Reader("audit --exit-zero --files-from input", "list"),
    Reader("audit --exit-zero --files-from -", "list", "-"),
    Reader("migrate -", "uses.py", "-"),
    Reader("migrate --undo", "journal.gz", ".workbench/journal/000009.gz"),
    Reader("report input", "results.json"),
    Reader("report input.json.gz", "results.json.gz", "input.json.gz"),
    Reader("report input --format html -o report.html", "results.json"),
    Reader("report results.json --audit input", "audit.json"),
    Reader("report results.json --profile input", "run.prof"),
    Reader("report results.json --profile input", "pyinstrument.json"),
    Reader("report results.json --profile input", "speedscope.json"),
    Reader("report results.json --migration input --format html -o report.html", "code.diff"),
    Reader("report results.json --history input", "history.db"),
    Reader("report results.json --baseline input", "results.json"),
    Reader("compare results.json input", "results.json"),
    Reader("compare input results.json", "results.json"),
    Reader("gate input --undecided pass", "results.json"),
    Reader("gate results.json --baseline input", "results.json"),
    Reader("gate results.json --config input", "settings.toml"),
    Reader("history add input --store new.db", "results.json"),
    Reader("history add results.json --store input", "history.db"),
    Reader("history show --store input", "history.db"),
]

# A warning would be a second line on standard error.
pytestmark = pytest.mark.filterwarnings("error")
any_reader = pytest.mark.parametrize("reader", READERS, ids=lambda r: f"{r.command} < {r.good}")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory with a valid file of each kind in ``good``."""
    directory = tmp_path_factory.mktemp("inputs")
    good = directory / "good"
    (directory / "code").mkdir()
    good.mkdir()
    (directory / "code" / "uses.py").write_text(MIGRATABLE)
    (good / "uses.py").write_text(MIGRATABLE)
    (good / "ignored").write_text("old/\n*.pyc\n!kept.pyc\n[a-c]*\n")
    (good / "list").write_text("code/uses.py\ncode\n")
    (good / "settings.toml").write_bytes(SETTINGS)
    (good / "pyinstrument.json").write_text(json.dumps(PYINSTRUMENT))
    (good / "speedscope.json").write_text(json.dumps(SPEEDSCOPE))
    profile = cProfile.Profile()
    profile.runcall(sorted, [1])
    profile.dump_stats(good / "run.prof")
    before = Path.cwd()
    os.chdir(directory)
    results = make_results(make_measurement())
    for path in ("results.json", "good/results.json", "good/results.json.gz"):
        workbench.save_results(results, Path(path))
    assert call("history add results.json --store good/history.db")[0] == 0
    assert call("audit code --exit-zero -o json:good/audit.json")[0] == 0
    (good / "code.diff").write_text(call("migrate code")[1])
    assert call("migrate code --write")[0] == 0
    Path(".workbench/journal/000001.gz").rename(good / "journal.gz")
    (directory / "code" / "uses.py").write_text(MIGRATABLE)
    yield directory
    os.chdir(before)


def call(command: str, stdin: bytes = b"") -> tuple[int, str, str]:
    """Return the exit code of a command, and what it wrote to both streams."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        error = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
            status = main(command.split())
        output.flush()
        written = output.buffer.getvalue()  # type: ignore[attr-defined] # it is a BytesIO
    return status, written.decode(), error.getvalue()


def read(reader: Reader, content: bytes, here: Path) -> int:
    """Return the exit code of a command whose file holds ``content``; fail on an internal error."""
    if reader.file == "-":
        status, _, error = call(reader.command, content)
    else:
        (here / reader.file).write_bytes(content)
        try:
            status, _, error = call(reader.command)
        finally:
            for path in (here / reader.file, here / "new.db"):
                path.unlink(missing_ok=True)
    assert "internal error" not in error
    assert "Traceback" not in error
    assert "please report it" not in error
    assert error.count("\n") == 1 or status != 2
    return status


@any_reader
@given(data=st.data())
@settings(max_examples=8)
def test_random_bytes(reader: Reader, here: Path, data: st.DataObject) -> None:
    assert read(reader, data.draw(st.binary(max_size=300)), here) in {0, 2, 3}


def _nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


PECULIAR = {
    "empty": b"",
    "NUL": b"\0",
    "NULs": b"\0" * 5000,
    "no UTF-8": b"\xff\xfe\xfa",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "a surrogate": b'{"version": "1.0", "benchmarks": ["\\ud800"], "references": ["\\ud800"]}',
    "deep": _nested(100_000),
    "deep, not closed": b'{"a":' * 100_000,
    "almost too deep": _nested(900),
    "a deep part": b'{"schema_version": 1, "references": %b}' % _nested(900),
    "deep TOML": b"a = " + _nested(100_000),
    "a long line": b"x" * 1_000_000,
    "a huge number": b'{"schema_version": 1%b}' % (b"0" * 10_000),
    "infinity": b'{"schema_version": 1, "summary": {"files_scanned": 1e999}}',
    "not gzip": b"\x1f\x8bnothing",
    "cut gzip": gzip.compress(b"[" * 1000)[:-9],
    "damaged gzip": gzip.compress(bytes(range(256)))[:-4] + b"\0\0\0\0",
    "deep gzip": gzip.compress(_nested(100_000)),
    "a foreign database": b"",
}


@any_reader
@pytest.mark.parametrize("name", PECULIAR)
def test_peculiar_content(reader: Reader, name: str, here: Path) -> None:
    content = PECULIAR[name]
    if name == "a foreign database":
        with contextlib.closing(sqlite3.connect(here / "foreign.db")) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS other (a INTEGER)")
        content = (here / "foreign.db").read_bytes()
    assert read(reader, content, here) in {0, 2, 3}


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """Cut off a good file, or change some of its bytes or, in JSON, of its values."""
    way = draw(st.sampled_from(["cut", "bytes", "values"]))
    if way == "cut":
        return content[: draw(st.integers(0, len(content)))]
    if way == "values":
        with contextlib.suppress(ValueError):
            return _with_other_values(draw, content)
    changed = bytearray(content)
    for at in draw(st.lists(st.integers(0, max(len(content) - 1, 0)), max_size=5)):
        changed[at : at + 1] = draw(st.binary(max_size=3))
    return bytes(changed)


NUMBERS = [-1, 0, 1e308, float("inf"), float("nan"), 10**400]
ODD = st.sampled_from(
    [None, True, *NUMBERS, "", "\0", "\ud800", "a\n\x1b", [], {}, [[]], {"a": []}]
)


def _with_other_values(draw: st.DrawFn, content: bytes) -> bytes:
    packed = content.startswith(b"\x1f\x8b")
    lines = (gzip.decompress(content) if packed else content).split(b"\n")
    documents = [json.loads(line) for line in lines] if packed and len(lines) > 1 else None
    document = documents or json.loads(b"\n".join(lines))
    places = list(_places(document))
    for container, key in draw(st.lists(st.sampled_from(places), min_size=1, max_size=2)):
        container[key] = draw(ODD)
    changed = [json.dumps(part).encode() for part in documents or [document]]
    return gzip.compress(b"\n".join(changed)) if packed else changed[0]


def _places(document: object) -> Iterator[tuple[dict[object, object] | list[object], object]]:
    if isinstance(document, dict | list):
        keys = range(len(document)) if isinstance(document, list) else list(document)
        for key in keys:
            yield document, key
            yield from _places(document[key])


@any_reader
@given(data=st.data())
@settings(max_examples=12)
def test_damaged_files(reader: Reader, here: Path, data: st.DataObject) -> None:
    content = (here / "good" / reader.good).read_bytes()
    assert read(reader, data.draw(damaged(content)), here) in {0, 1, 2, 3}


@any_reader
def test_good_files_are_read(reader: Reader, here: Path) -> None:
    content = (here / "good" / reader.good).read_bytes()
    assert read(reader, content, here) == 0


@pytest.mark.parametrize("reader", [r for r in READERS if r.file == "input"], ids=str)
def test_directories_and_devices(reader: Reader, here: Path) -> None:
    (here / "input").mkdir()
    try:
        status, _, error = call(reader.command)
    finally:
        (here / "input").rmdir()
    assert (status, error.count("\n")) == (2, 1)
    (here / "input").symlink_to("/dev/null")
    try:
        status, _, error = call(reader.command)
    finally:
        (here / "input").unlink()
    assert status in {0, 2, 3}
    assert "internal error" not in error
