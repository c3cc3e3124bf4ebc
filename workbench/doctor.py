"""Is the installation whole?"""

from __future__ import annotations

import platform
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench import backends
from workbench.catalog import Utility, utilities
from workbench.environment import version
from workbench.errors import DONE, FINDINGS, WorkbenchError
from workbench.measure.loops import bind, calibrate
from workbench.results.model import NATIVE, PYTHON
from workbench.verify import verify

Progress = Callable[[int, int, str], None]

_PACKAGES = ("accel-workbench", "accelerated", "click", "hypothesis", "jinja2", "libcst")
_MORE_PACKAGES = ("matplotlib", "numpy", "pandas", "psutil", "pyperf", "rich")
_SAMPLE_SECONDS = 0.001
_REPEATS = 3


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. ``ok`` is None for a fact that is neither good nor bad."""

    name: str
    ok: bool | None
    detail: str


@dataclass(frozen=True)
class Probe:
    """One utility, tried quickly: enough to see that it works, too little to quote.

    Times are seconds per call, the least of a few samples. ``problem`` is empty when all is well.
    """

    utility: str
    cases: int
    python_seconds: float | None
    native_seconds: float | None
    problem: str


@dataclass(frozen=True)
class Diagnosis:
    """Everything the doctor looked at."""

    checks: tuple[Check, ...]
    probes: tuple[Probe, ...]

    @property
    def exit_code(self) -> int:
        """1 when a check failed or a utility has a problem, else 0."""
        failed = any(check.ok is False for check in self.checks)
        return FINDINGS if failed or any(probe.problem for probe in self.probes) else DONE


def examine(*, require_native: bool = False, progress: Progress | None = None) -> Diagnosis:
    """Look at versions, backend and toolchain, and try each utility once.

    With ``require_native`` it is a failure when the native backend is not the one in use.
    """
    checks = (*_versions(), _backend(require_native), *_toolchain())
    everything = utilities()
    probes = []
    for index, utility in enumerate(everything):
        if progress:
            progress(index, len(everything), utility.name)
        probes.append(_probe(utility))
    return Diagnosis(checks, tuple(probes))


def _versions() -> Iterator[Check]:
    yield Check("python", True, f"{platform.python_implementation()} {platform.python_version()}")
    for package in (*_PACKAGES, *_MORE_PACKAGES):
        installed = version(package)
        yield Check(package, installed is not None, installed or "not installed")


def _backend(require_native: bool) -> Check:
    try:
        import accelerated

        info = accelerated.backend_info()
    except (ImportError, ValueError) as error:
        return Check("backend", False, f"cannot import accelerated: {error}")
    if info["backend"] == NATIVE:
        return Check("backend", True, f"native, built for {info['target']}")
    ok = False if require_native else None
    return Check("backend", ok, f"{info['backend']}: {info['reason']}")


def _toolchain() -> Iterator[Check]:
    for tool in ("cargo", "rustc"):
        path = shutil.which(tool)
        if path is None:
            yield Check(tool, None, "not found; only needed to build the native side")
        else:
            yield Check(tool, True, _version_of(path))


def _version_of(tool: str) -> str:
    try:
        done = subprocess.run(
            [tool, "--version"], check=True, capture_output=True, text=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"{tool} does not run: {error}"
    lines = done.stdout.splitlines()
    return lines[0] if lines else f"{tool} does not say its version"


def _probe(utility: Utility) -> Probe:
    try:
        python = _quick_time(utility, PYTHON)
    except Exception as error:
        return Probe(utility.name, 0, None, None, f"Python side: {type(error).__name__}: {error}")
    try:
        (check,) = verify([utility], examples=0)
        native = _quick_time(utility, NATIVE)
    except backends.NativeMissingError:
        return Probe(utility.name, 0, python, None, "")
    except Exception as error:
        return Probe(utility.name, 0, python, None, f"native: {type(error).__name__}: {error}")
    problem = ""
    if check.mismatches:
        first = check.mismatches[0]
        problem = f"{first.call}: Python {first.expected}, native {first.actual}"
    return Probe(utility.name, check.cases, python, native, problem)


def _quick_time(utility: Utility, side: str) -> float:
    functions = backends.functions(side)
    if utility.name not in functions:
        raise WorkbenchError(f"accelerated has no {side} {utility.name}")
    with tempfile.TemporaryDirectory(prefix="workbench-doctor-") as scratch:
        call = utility.workloads[0].prepare(Path(scratch))
        with call.surroundings():
            loop = bind(functions[utility.name], call)
            loops, _ = calibrate(loop, _SAMPLE_SECONDS)
            return min(loop(loops) for _ in range(_REPEATS)) / loops
