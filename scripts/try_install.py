"""Install the wheels as a user does, without development packages and cargo, and run every command.

    python scripts/try_install.py [NAME]...

NAME picks from: base, bench, report, history, postgres, notebooks, all, project. Each extra gets an
environment of its own, with the native wheel of `accelerated` where cargo can build it. Everything
lives in a temporary directory; no check stops the ones after it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MEGABYTES = 30
# Each extra, and those whose commands it has to run.
EXTRAS = {
    "bench": {"bench"},
    "report": {"report"},
    "history": {"history"},
    "postgres": {"history", "postgres"},
    "notebooks": {"history"},
    "all": {"", "bench", "report", "history", "postgres"},
}
SERVER = "postgresql://nobody@127.0.0.1:1/nowhere"
FINDINGS, INCOMPLETE = 1, 3


@dataclass(frozen=True)
class Command:
    """A command line of the workbench: its extra, exit code, a part of the output, other codes."""

    line: str
    extra: str = ""
    code: int = 0
    says: str = ""
    also: tuple[int, ...] = ()


COMMANDS = (
    Command("--version"),
    Command("utilities", says="format_float"),
    Command("doctor", also=(FINDINGS,)),
    *(Command(f"audit sources --format {name}", code=FINDINGS, says="format_float")
      for name in ("text", "concise", "json", "jsonl", "sarif", "github", "markdown")),
    Command("migrate sources --diff", says="+from accelerated import format_float"),
    Command("verify format_float --examples 20", "bench"),
    Command("bench format_float --fast --force -o results.json", "bench"),
    Command("compare results.json results.json", "bench"),
    Command("gate results.json --min-speedup 0.01", "bench"),
    *(Command(f"report results.json --format {name}", "report", says="format_float")
      for name in ("text", "html", "json", "markdown", "csv")),
    Command("history add results.json", "history"),
    Command("history show", "history", says="format_float"),
    Command("history plot -o trend.svg", "history"),
    Command(f"history show --store {SERVER}", "postgres", 2, "cannot use postgresql://"),
)  # fmt: skip
HELP = (
    "utilities",
    "audit",
    "migrate",
    "verify",
    "bench",
    "report",
    "compare",
    "gate",
    "history",
    "doctor",
)
USES = "from sky.utils.common_utils import format_float\nprint(format_float(1.5))\n"


class Environment:
    """A virtual environment without pip, so that only what is installed counts."""

    def __init__(self, directory: Path, path: str) -> None:
        self.directory = directory
        self.python = directory / "bin" / "python"
        venv.create(directory, with_pip=False, symlinks=True)
        (self.site_packages,) = directory.glob("lib/python*/site-packages")
        hidden = ("PYTHON", "ACCELERATED_")
        self._variables = {
            **{key: value for key, value in os.environ.items() if not key.startswith(hidden)},
            "PATH": f"{directory / 'bin'}{os.pathsep}{path}",
            "PYTHON_COLORS": "0",
        }

    def pip(self, *arguments: str | Path, cwd: Path | None = None) -> str:
        """Run pip on this environment; a failure ends the whole script."""
        command = [sys.executable, "-m", "pip", "--python", self.python, *arguments]
        done = self._run(command, cwd or self.directory)
        if done.returncode:
            raise SystemExit(f"try_install: {' '.join(map(str, arguments))}\n{done.stderr}")
        return done.stdout

    def workbench(
        self, line: str, cwd: Path, extra: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the installed command."""
        return self._run([self.directory / "bin" / "workbench", *line.split()], cwd, extra)

    def workbench_on_terminal(self, line: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run the installed command with a terminal as standard error, where progress shows."""
        leader, follower = os.openpty()
        command = [str(self.directory / "bin" / "workbench"), *line.split()]
        variables = {**self._variables, "TERM": "xterm"}
        with subprocess.Popen(
            command, cwd=cwd, env=variables, stdout=subprocess.DEVNULL, stderr=follower
        ) as process:
            os.close(follower)
            shown = b"".join(iter(lambda: _read(leader), b""))
            os.close(leader)
        return subprocess.CompletedProcess(
            command, process.returncode, "", shown.decode(errors="replace")
        )

    def evaluate(self, code: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a piece of Python."""
        return self._run([self.python, "-c", code], cwd or self.directory)

    def _run(
        self,
        command: Iterable[str | Path],
        cwd: Path,
        extra: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        variables = {**self._variables, **(extra or {})}
        return subprocess.run(
            [*command], cwd=cwd, env=variables, capture_output=True, text=True, check=False
        )


class Trial:
    """The wheels, the environments, and what went wrong."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.path = _path_without_cargo()
        self.source = _copy_of_source(scratch / "source")
        self.wheels = scratch / "wheels"
        self.results = scratch / "results.json"
        self.without_native: tuple[int, ...] = ()
        self.failures: list[str] = []
        self.begun = time.monotonic()

    def check(self, what: str, problem: str) -> None:
        """Report one check; ``problem`` is empty when it passed."""
        seconds = time.monotonic() - self.begun
        if problem:
            self.failures.append(what)
        print(f"{seconds:5.0f} s  {'FAILED' if problem else 'ok    '}  {what}", flush=True)
        for line in problem.splitlines():
            print(f"                   {line}", flush=True)

    def environment(self, name: str) -> Environment:
        """Make an empty environment."""
        return Environment(self.scratch / "environments" / name, self.path)

    def build(self) -> None:
        """Build both wheels without cargo, and the native one of accelerated where cargo is."""
        builder = self.environment("builder")
        for source in (self.source, self.source / "native" / "accelerated"):
            builder.pip("wheel", "--quiet", "--no-deps", "--wheel-dir", self.wheels, source)
        for wheel in sorted(self.wheels.iterdir()):
            pure = wheel.name.endswith("-py3-none-any.whl")
            self.check(
                f"built without cargo: {wheel.name}", "" if pure else "it claims to be native"
            )
        self.workbench = _only(self.wheels.glob("accel_workbench-*.whl"))
        self.pure = self.accelerated = _only(self.wheels.glob("accelerated-*.whl"))
        if shutil.which("cargo"):
            self._build_native()
        else:
            print("cargo is not here: the extras are tried without a native side", flush=True)
            self.without_native = (INCOMPLETE,)

    def _build_native(self) -> None:
        target = ROOT / "native" / "accelerated" / "target"
        directory = self.scratch / "native-wheels"
        source = self.source / "native" / "accelerated"
        options = ("--quiet", "--no-deps", "--wheel-dir", directory)
        subprocess.run(
            [sys.executable, "-m", "pip", "wheel", *options, source],
            check=True,
            env={**os.environ, "ACCELERATED_REQUIRE_NATIVE": "1", "CARGO_TARGET_DIR": str(target)},
        )
        self.accelerated = _only(directory.glob("accelerated-*.whl"))

    def commands(self, name: str, environment: Environment, wanted: set[str]) -> None:
        """Run the commands of the extras; without any, each that needs one must name it."""
        directory = _project(self.scratch / "projects" / name)
        if self.results.exists():
            shutil.copy(self.results, directory)
        for command in COMMANDS:
            if command.extra in wanted or not wanted:
                done = environment.workbench(command.line, directory)
                missing = command.extra and not wanted
                problem = (
                    _problem_without(command, done)
                    if missing
                    else _problem(command, done, self.without_native)
                )
                self.check(f"{name}: workbench {command.line}", problem)
        if name == "bench":
            shutil.copy(directory / "results.json", self.results)

    def base(self) -> None:
        """The wheel of the workbench alone."""
        environment = self.environment("base")
        environment.pip("install", "--quiet", self.workbench)
        listed = environment.pip("list")
        self.check("base: pip list has no accelerated", _lines_with(listed, "accelerated"))
        size = sum(_blocks(path) for path in environment.site_packages.rglob("*")) / 2**20
        what = f"base: takes {size:.1f} MB of at most {MEGABYTES} MB"
        self.check(what, "" if size <= MEGABYTES else listed)
        self.check("base: installs the package workbench alone", _other_packages(environment))
        for name in HELP:
            done = environment.workbench(f"{name} --help", self.scratch)
            self.check(f"base: workbench {name} --help", _traceback_or_code(done, 0))
        self.commands("base", environment, set())
        done = environment.workbench_on_terminal("audit .", self.scratch / "projects" / "base")
        self.check("base: workbench audit on a terminal", _traceback_or_code(done, FINDINGS))
        environment.pip("install", "--quiet", self.pure)
        self.commands("both wheels", environment, set())

    def extra(self, name: str) -> None:
        """One extra alone, beside accelerated; `all` by the one line of the README."""
        environment = self.environment(name)
        options = ("install", "--quiet", "--no-compile")
        if name == "all":
            environment.pip(*options, "./native/accelerated", ".[all]", cwd=self.source)
            environment.pip(*options, "--no-deps", "--force-reinstall", self.accelerated)
        else:
            environment.pip(*options, self.accelerated, f"{self.workbench}[{name}]")
        self.commands(name, environment, EXTRAS[name])
        if name in {"notebooks", "all"}:
            code = "import ipykernel, workbench; workbench.load_results('results.json').to_frame()"
            done = environment.evaluate(code, self.scratch / "projects" / name)
            self.check(f"{name}: results as a data frame", _traceback_or_code(done, 0))

    def project(self) -> None:
        """A project that has packages with the names of our folders, and a module named json."""
        environment = self.environment("project")
        hostile = _hostile_project(self.scratch / "projects" / "hostile")
        for name in ("reports", "analyzers"):
            shutil.copytree(hostile / name, environment.site_packages / name)
        ways: dict[str, tuple[str | Path, ...]] = {
            "regular": (f"{self.workbench}[bench]",),
            "editable": ("--no-deps", "--editable", self.source),
        }
        environment.pip("install", "--quiet", "--no-compile", self.accelerated)
        for way, arguments in ways.items():
            environment.pip("install", "--quiet", "--no-compile", *arguments)
            self._inside(way, environment, hostile)
            environment.pip("uninstall", "--quiet", "--yes", "accel-workbench")
            self.check(f"{way}: project's packages after uninstall", _damage(environment, hostile))

    def _inside(self, way: str, environment: Environment, hostile: Path) -> None:
        marks = hostile / "executed"
        for line, code in (
            ("audit .", FINDINGS),
            ("migrate . --diff", 0),
            ("migrate . --write", 0),
            ("verify format_float --examples 5", 0),
            ("bench format_float --fast --force -o new.json", 0),
        ):
            marks.unlink(missing_ok=True)
            (hostile / "uses.py").write_text(USES)
            done = environment.workbench(line, hostile, {"PYTHONPATH": "."})
            problem = _traceback_or_code(done, code, *self.without_native)
            if line.startswith(("audit", "migrate")) and marks.exists():
                problem = f"executed the project's {marks.read_text().split()}\n{problem}"
            self.check(f"{way}: PYTHONPATH=. workbench {line}", problem)
        marks.unlink(missing_ok=True)
        self.check(f"{way}: project's packages", _damage(environment, hostile))


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux's way to report the end of a terminal
        return b""


def _path_without_cargo() -> str:
    entries = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(entry for entry in entries if not (Path(entry) / "cargo").exists())


def _copy_of_source(directory: Path) -> Path:
    # An editable install without cargo would take the extension from the checkout.
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, directory / name, follow_symlinks=False)
    return directory


def _only(paths: Iterator[Path]) -> Path:
    (path,) = paths
    return path


def _project(directory: Path) -> Path:
    (directory / "sources").mkdir(parents=True)
    (directory / "sources" / "uses.py").write_text(USES)
    return directory


def _hostile_project(directory: Path) -> Path:
    code = f"with open({str(directory / 'executed')!r}, 'a') as marks:\n    marks.write('NAME ')\n"
    for name in ("reports", "analyzers"):
        (directory / name).mkdir(parents=True)
        (directory / name / "__init__.py").write_text(code.replace("NAME", name))
    (directory / "json.py").write_text(code.replace("NAME", "json"))
    return directory


def _damage(environment: Environment, hostile: Path) -> str:
    for name in ("reports", "analyzers"):
        place = environment.site_packages / name / "__init__.py"
        if (
            not place.exists()
            or place.read_bytes() != (hostile / name / "__init__.py").read_bytes()
        ):
            return f"{place} is gone or changed"
    done = environment.evaluate("import reports, analyzers; print(reports.__file__)")
    expected = str(environment.site_packages / "reports" / "__init__.py")
    problem = _traceback_or_code(done, 0)
    if done.stdout.strip() != expected:
        problem += f"reports is {done.stdout.strip()}, not {expected}"
    (hostile / "executed").unlink(missing_ok=True)
    return problem


def _problem(
    command: Command, done: subprocess.CompletedProcess[str], allowed: Iterable[int]
) -> str:
    problem = _traceback_or_code(done, command.code, *command.also, *allowed)
    if command.says not in done.stdout + done.stderr:
        problem += f"it does not say {command.says!r}:\n{done.stdout}{done.stderr}"
    return problem


def _problem_without(command: Command, done: subprocess.CompletedProcess[str]) -> str:
    wanted = [f"pip install 'accel-workbench[{name}]'" for name in sorted(EXTRAS[command.extra])]
    lines = done.stderr.splitlines()
    if done.returncode == 2 and len(lines) == 1 and any(hint in lines[0] for hint in wanted):
        return ""
    expected = f"wanted exit code 2 and one line with {wanted[-1]}, got {done.returncode}"
    return "\n".join([expected, *lines[-3:]])


def _traceback_or_code(done: subprocess.CompletedProcess[str], *codes: int) -> str:
    if done.returncode in codes and "Traceback" not in done.stderr:
        return ""
    problem = f"exit code {done.returncode}, wanted {' or '.join(map(str, codes))}"
    return "\n".join([problem, *done.stderr.splitlines()[-3:]]) + "\n"


def _lines_with(text: str, word: str) -> str:
    return "\n".join(line for line in text.splitlines() if word in line.split())


def _blocks(path: Path) -> int:
    return path.lstat().st_blocks * 512


def _other_packages(environment: Environment) -> str:
    record = _only(environment.site_packages.glob("accel_workbench-*.dist-info")) / "RECORD"
    installed = {line.split(",")[0].split("/")[0] for line in record.read_text().splitlines()}
    others = installed - {"workbench", record.parent.name, ".."}
    return f"also {', '.join(sorted(others))}" if others else ""


def main(names: list[str]) -> int:
    """Run the trials; return 1 if any check failed."""
    known = ("base", *EXTRAS, "project")
    unknown = set(names) - set(known)
    if unknown:
        raise SystemExit(f"try_install: no such trial: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="try-install-") as scratch:
        trial = Trial(Path(scratch).resolve())
        trial.build()
        trials: dict[str, Callable[[], None]] = {
            # First of all bench, whose results the other commands read.
            **{name: lambda name=name: trial.extra(name) for name in EXTRAS},  # type: ignore[misc]
            "base": trial.base,
            "project": trial.project,
        }
        for name, run in trials.items():
            if name == "bench" or not names or name in names:
                run()
    print(f"{len(trial.failures)} of the checks failed" if trial.failures else "every check passed")
    return 1 if trial.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
