"""Runs of pyperf and pytest-benchmark on unchanged code, to count their false alarms.

The tools are installed in a separate environment. Each run is compared with the previous run of the
same tool, as users do.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import accelerated
from code_bases import BUILD, UnavailableError
from processes import CommandError
from slowed import FUNCTION

TOOLS = BUILD / "gate-tools"
PACKAGES = ("pyperf", "pytest", "pytest-benchmark")
PYPERF = "pyperf timeit --fast, compare_to"
PYTEST = "pytest-benchmark, median:10%"

_PYTHON = TOOLS / "bin" / "python"
_SETUP = "from accelerated import functions; function = functions({side!r})[{name!r}]"
_TEST = f"""\
from accelerated import functions


def test_native(benchmark):
    benchmark(functions("native")["{FUNCTION}"])
"""


@dataclass(frozen=True)
class PeerRun:
    """One run of a tool on unchanged code; ``failed`` if it reported a slowdown."""

    failed: bool
    seconds: float


def install() -> None:
    """Install the tools in a separate virtual environment, unless they are there.

    Raises UnavailableError if that fails.
    """
    if (TOOLS / ".installed").exists():
        return
    print(f"installing {', '.join(PACKAGES)} into {TOOLS}", file=sys.stderr, flush=True)
    subprocess.run([sys.executable, "-m", "venv", str(TOOLS)], check=True)
    pip = [str(_PYTHON), "-m", "pip", "install", "--quiet", *PACKAGES]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["pip failed"])[-1]
        raise UnavailableError(f"{', '.join(PACKAGES)} cannot be installed: {reason}")
    (TOOLS / ".installed").touch()


def versions() -> dict[str, str]:
    """Return the versions of the tools."""
    listed = [str(_PYTHON), "-m", "pip", "list", "--format=json"]
    packages = json.loads(subprocess.run(listed, capture_output=True, check=True).stdout)
    return {p["name"]: p["version"] for p in packages if p["name"] in PACKAGES}


Measure = Callable[[Path, Path | None], bool]
"""Writes a run to the first file; returns whether it is slower than the run in the second."""


class Peer:
    """Runs a tool repeatedly and compares each run with the previous one."""

    def __init__(self, directory: Path, measure: Measure) -> None:
        self._directory = directory
        self._measure = measure
        self._number = 0
        self._before: Path | None = None

    def run(self) -> PeerRun:
        """Measure, and compare with the previous run; the first call measures one to compare with.

        Raises CommandError if the tool fails.
        """
        if self._before is None:
            self._before = self._next()
            self._measure(self._before, None)
        start = time.perf_counter()
        new = self._next()
        failed = self._measure(new, self._before)
        self._before.unlink()
        self._before = new
        return PeerRun(failed, time.perf_counter() - start)

    def _next(self) -> Path:
        self._number += 1
        return self._directory / f"{self._number}.json"


def pyperf(new: Path, before: Path | None) -> bool:
    """Time the function with pyperf; return whether pyperf finds it significantly slower."""
    pyperf_timeit(FUNCTION, "native", new, "--fast")
    return before is not None and "slower" in pyperf_compare(before, new)


def pyperf_timeit(name: str, side: str, output: Path, *options: str) -> None:
    """Time one of our functions with `pyperf timeit` and its ``options``."""
    setup = _SETUP.format(side=side, name=name)
    quiet = ("--quiet", "--inherit-environ=PYTHONPATH", "-o", str(output))
    statement = f"function({_ARGUMENTS.get(name, '')})"
    _run(["-m", "pyperf", "timeit", *options, *quiet, "-s", setup, statement])


_ARGUMENTS = {"format_float": "1234567.89, 2"}


def pyperf_compare(old: Path, new: Path) -> str:
    """Return the output of `pyperf compare_to`, which omits insignificant differences."""
    return _run(["-m", "pyperf", "compare_to", str(old), str(new)]).stdout


def pytest_benchmark(new: Path, before: Path | None) -> bool:
    """Time the function with pytest-benchmark; return whether its median is 10% slower."""
    test = new.with_name("test_native.py")
    test.write_text(_TEST, encoding="utf-8")
    options = ["-q", "-p", "no:cacheprovider", f"--rootdir={new.parent}"]
    options += [f"--benchmark-json={new}", f"--benchmark-storage=file://{new.parent}/storage"]
    if before is not None:
        options += [f"--benchmark-compare={before}", "--benchmark-compare-fail=median:10%"]
    done = _run(["-m", "pytest", *options, str(test)], accept=(0, 1))
    failed = "Performance has regressed" in done.stderr
    if done.returncode and not failed:
        raise CommandError(f"pytest failed: {(done.stdout.strip().splitlines() or ['?'])[-1]}")
    return failed


TOOLS_TO_RUN = {PYPERF: pyperf, PYTEST: pytest_benchmark}


def _run(
    arguments: Sequence[str], accept: Sequence[int] = (0,)
) -> subprocess.CompletedProcess[str]:
    """Run the Python of the tools with our functions on its path."""
    path = str(Path(accelerated.__file__).parents[1])
    done = subprocess.run(
        [str(_PYTHON), *arguments],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in accept:
        last = (done.stderr.strip().splitlines() or ["no error message"])[-1]
        raise CommandError(f"{' '.join(arguments[1:3])} exited with {done.returncode}: {last}")
    return done
