"""Check an installation by doing what users do."""

from __future__ import annotations

import platform
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from workbench import backends
from workbench.analyzers.audit import audit
from workbench.analyzers.rewriting.write import write
from workbench.analyzers.rules import Rule
from workbench.catalog import Utility, utilities
from workbench.environment import version
from workbench.errors import DONE, FINDINGS, WorkbenchError
from workbench.extras import BENCH, EXTRAS
from workbench.measure.loops import bind, calibrate
from workbench.results.model import NATIVE, PYTHON
from workbench.verify import verify

Progress = Callable[[int, int, str], None]

_BASE = ("accel-workbench", "click", "libcst", "pathspec")
_TOOLS = {
    "git": "only needed by 'workbench migrate --commit' and to record the commit of results",
    "cargo": "only needed to build the native side",
    "rustc": "only needed to build the native side",
    "valgrind": "only needed by 'workbench bench --instructions'",
}
_BEFORE = "from sky.utils import common_utils\n\nprint(common_utils.format_float(1.0))\n"
_AFTER = "import accelerated\n\nprint(accelerated.format_float(1.0))\n"
_SAMPLE_SECONDS = 0.001
_REPEATS = 3


@dataclass(frozen=True)
class Check:
    """Result of one check. ``ok`` is None for a missing optional part."""

    name: str
    ok: bool | None
    detail: str


@dataclass(frozen=True)
class Probe:
    """Result of a quick trial of one utility; its times are too rough to quote.

    Times are seconds per call, the minimum of a few samples. ``problem`` is empty if it works.
    """

    utility: str
    cases: int
    python_seconds: float | None
    native_seconds: float | None
    problem: str


@dataclass(frozen=True)
class Diagnosis:
    """Results of all checks."""

    checks: tuple[Check, ...]
    probes: tuple[Probe, ...]

    @property
    def exit_code(self) -> int:
        """1 if a check failed or a utility has a problem, else 0."""
        failed = any(check.ok is False for check in self.checks)
        return FINDINGS if failed or any(probe.problem for probe in self.probes) else DONE


def examine(*, require_native: bool = False, progress: Progress | None = None) -> Diagnosis:
    """Check the installation: rewrite a scratch file, check every part, try each utility once.

    With ``require_native``, it is a problem if the native backend is not in use.
    """
    checks = (*_versions(), *_commands(), *_native(require_native), *_extras(), *_tools())
    can_probe = not BENCH.missing and find_spec("accelerated") is not None
    chosen = utilities() if can_probe else ()
    probes = []
    for index, utility in enumerate(chosen):
        if progress:
            progress(index, len(chosen), utility.name)
        probes.append(_probe(utility))
    return Diagnosis(checks, tuple(probes))


def _versions() -> Iterator[Check]:
    yield Check("python", True, f"{platform.python_implementation()} {platform.python_version()}")
    for package in _BASE:
        installed = version(package)
        yield Check(package, installed is not None, installed or "not installed")


def _commands() -> Iterator[Check]:
    """Audit and rewrite a scratch file, as 'workbench audit' and 'workbench migrate' do."""
    rules = [Rule(old, f"accelerated.{u.name}", u.name) for u in utilities() for old in u.replaces]
    with tempfile.TemporaryDirectory(prefix="workbench-doctor-") as scratch:
        file = Path(scratch, "scratch.py")
        file.write_text(_BEFORE, encoding="utf-8")
        try:
            found = audit([file], rules)
            problem = found.errors[0].message if found.errors else ""
            count = len(found.references)
        except Exception as error:
            yield Check("audit", False, f"{type(error).__name__}: {error}")
            return
        good = count == 1 and not problem
        yield Check("audit", good, problem or f"{count} of 1 reference found in a scratch file")
        try:
            errors = write(found).errors
            after = file.read_text(encoding="utf-8")
        except Exception as error:
            yield Check("migrate", False, f"{type(error).__name__}: {error}")
            return
        wrong = errors[0].message if errors else "a scratch file is rewritten incorrectly"
        good = after == _AFTER and not errors
        yield Check("migrate", good, "a scratch file is rewritten" if good else wrong)


def _native(require: bool) -> Iterator[Check]:
    if find_spec("workbench._native") is not None:
        yield Check("native search", True, "in use")
    else:
        cost = "not built: audits of large code bases are slower, and bench does not time floors"
        yield Check("native search", None, cost)
    if find_spec("accelerated") is None:
        cost = "not installed: verify and bench cannot compare anything, rewritten code cannot run"
        yield Check("accelerated", False if require else None, f"{cost}; {backends.INSTALL}")
        return
    try:
        import accelerated

        info = accelerated.backend_info()
    except (ImportError, ValueError) as error:
        yield Check("accelerated", False, f"cannot be imported: {error}")
        return
    if info["backend"] == NATIVE:
        yield Check("accelerated", True, f"native, built for {info['target']}")
    else:
        ok = False if require else None
        detail = f"{info['backend']}: {info['reason']}; native cannot be checked or timed"
        yield Check("accelerated", ok, detail)


def _extras() -> Iterator[Check]:
    for extra in EXTRAS:
        name, missing = f"extra {extra.name}", ", ".join(extra.missing)
        if missing:
            detail = f"{missing} not installed; needed for {extra.use}. {extra.install}"
            yield Check(name, None, detail)
        else:
            yield Check(name, True, extra.use)


def _tools() -> Iterator[Check]:
    for tool, use in _TOOLS.items():
        path = shutil.which(tool)
        if path is None:
            yield Check(tool, None, f"not found; {use}")
        else:
            yield Check(tool, True, _version_of(path))


def _version_of(tool: str) -> str:
    try:
        done = subprocess.run(
            [tool, "--version"], check=True, capture_output=True, text=True, timeout=60
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"{tool} does not run: {error}"
    lines = done.stdout.splitlines()
    return lines[0] if lines else f"{tool} does not print its version"


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
