from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import workbench
from tests.workbench.command_line import run
from workbench.cli import main


def _interrupt(*_: object, **__: object) -> Any:
    raise KeyboardInterrupt


def test_an_interrupt_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.verify.verify", _interrupt)
    assert main(["verify"]) == 130
    assert capsys.readouterr().err == "workbench: error: interrupted\n"


def test_an_interrupted_bench_ends_its_worker(tmp_path: Path) -> None:
    output = tmp_path / "results.json"
    same = ("--compare", "math:sqrt", "math:sqrt", "--args", "2")
    command = [sys.executable, "-m", "workbench", "bench", "--rigorous", *same, "-o", str(output)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert _wait_for(output.exists, 200)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=200)
    assert process.returncode == 130
    assert error.splitlines() == [
        f"{output} contains the results so far",
        "workbench: error: interrupted",
    ]
    assert workbench.load_results(output).measurements


def _wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_a_closed_pipe_causes_no_traceback() -> None:
    command: Sequence[str] = [sys.executable, "-m", "workbench", "utilities"]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert done.returncode == 141
    assert done.stderr == ""


def test_what_hangs_or_raises_is_named_and_ends_in_time(tmp_path: Path) -> None:
    sleeps = ("--compare", "time:sleep", "time:sleep", "--args", "600")
    done = run("bench", "--fast", "--time-limit", "1", *sleeps, cwd=tmp_path, timeout=300)
    assert done.returncode == 3
    assert done.stderr.splitlines() == [
        "workbench: error: equivalence of time:sleep: no answer within 1 s",
        "workbench: error: time:sleep/(600): no answer within 1 s",
    ]
    raises = ("--compare", "math:sqrt", "math:sqrt", "--args=-1")
    done = run("bench", "--fast", *raises, "-o", "new.json", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr == "workbench: error: math:sqrt/(-1): ValueError: math domain error\n"
    assert not list(tmp_path.iterdir())


def test_an_interrupt_in_the_first_process_keeps_the_results_so_far(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from workbench import cli\n"
        "from workbench.measure.record import Record\n"
        "take = Record.take\n"
        "def interrupt(record, key, event):\n"
        "    take(record, key, event)\n"
        "    if record.has_samples:\n"
        "        raise KeyboardInterrupt\n"
        "Record.take = interrupt\n"
        "sys.exit(cli.main(sys.argv[1:]))\n"
    )
    command = [sys.executable, "-c", code, "bench", "format_float", "--fast", "-o", "new.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 130
    assert done.stderr.splitlines() == [
        "new.json contains the results so far",
        "workbench: error: interrupted",
    ]
    (measured,) = workbench.load_results(tmp_path / "new.json").measurements
    assert len(measured.python) == 1
