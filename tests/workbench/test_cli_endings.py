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
    command = [sys.executable, "-m", "workbench", "bench", "hash_file", "-o", str(output)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert _wait_for(output.exists, 60)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert error.splitlines() == [
        f"{output} has what was measured until now",
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


def test_a_closed_pipe_is_no_traceback() -> None:
    command: Sequence[str] = [sys.executable, "-m", "workbench", "utilities"]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert done.returncode == 141
    assert done.stderr == ""
