"""Time published function, Python implementation, native implementation and floor together.

The published functions are in a separate environment, build/upstream, which ``make upstream``
creates. Writes a pyperf suite, and the table as Markdown next to it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from utility_table import about, compare, to_markdown, to_text

from workbench import load_results, save_results, utilities
from workbench.errors import DONE, INCOMPLETE, USAGE, WorkbenchError
from workbench.files import check_output, write_atomically
from workbench.results.model import Results

ROOT = Path(__file__).resolve().parents[1]
UPSTREAM = ROOT / "build" / "upstream"
OUTPUT = ROOT / "build" / "benchmarks" / "utilities.json"

_NEW, _OLD = "0.14.1", "0.10.5"
_ONLY_IN_OLD = "is_process_alive"
_PUBLISHED = (
    f"skypilot {_NEW}; {_ONLY_IN_OLD} of {_OLD}; "
    "estimate_fd_for_directory has none, so our Python implementation is used"
)


@dataclass(frozen=True)
class Part:
    """Utilities whose published functions can be imported together."""

    names: tuple[str, ...]
    baseline: str
    python_path: Path | None = None

    def command(self, output: Path, *options: str) -> list[str]:
        """Return the command that measures them in the environment of UPSTREAM."""
        beside = [] if self.baseline == "python" else ["--beside", "python"]
        bench = [str(UPSTREAM / "bin" / "workbench"), "bench", *self.names]
        return [*bench, "--baseline", self.baseline, *beside, *options, "-o", str(output)]

    def environment(self) -> dict[str, str]:
        """Return environment variables that make the package write below UPSTREAM."""
        path = {"PYTHONPATH": str(self.python_path)} if self.python_path else {}
        return {**os.environ, "HOME": str(UPSTREAM), **path}


def parts() -> tuple[Part, ...]:
    """Split the catalog by the origin of the published functions."""
    catalog = utilities()
    new = (u.name for u in catalog if u.replaces and u.name != _ONLY_IN_OLD)
    none = (u.name for u in catalog if not u.replaces)
    return (
        Part(tuple(new), "upstream"),
        Part((_ONLY_IN_OLD,), "upstream", UPSTREAM / f"skypilot-{_OLD}"),
        Part(tuple(none), "python"),
    )


def measure(options: Sequence[str]) -> Results:
    """Measure all parts, one after the other, and combine the results.

    Raises WorkbenchError if one of them fails.
    """
    found = []
    with tempfile.TemporaryDirectory(prefix="benchmark-") as directory:
        for number, part in enumerate(parts()):
            output = Path(directory, f"{number}.json")
            command = part.command(output, *options)
            done = subprocess.run(
                command, env=part.environment(), stdout=subprocess.DEVNULL, check=False
            )
            if done.returncode not in (DONE, INCOMPLETE) or not output.exists():
                raise WorkbenchError(f"{' '.join(command)} failed with exit code {done.returncode}")
            found.append(load_results(output))
    return combined(found)


def combined(found: Sequence[Results]) -> Results:
    """Combine results of different utilities, with the environment of the first."""
    return replace(
        found[0],
        measurements=tuple(m for results in found for m in results.measurements),
        environment={**found[0].environment, "published": _PUBLISHED},
        failures=tuple(failure for results in found for failure in results.failures),
        controls=tuple(control for results in found for control in results.controls),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; return 0, 3 if the results are incomplete, or 2 if there are none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fast", action="store_true", help="measure less, in a minute or two")
    parser.add_argument("-o", "--output", type=Path, default=OUTPUT, help="pyperf suite to write")
    options = parser.parse_args(arguments)
    try:
        return _run(options.output, ["--fast"] if options.fast else [])
    except WorkbenchError as error:
        print(f"utilities.py: {error}", file=sys.stderr)
        return error.exit_code


def _run(output: Path, options: list[str]) -> int:
    if not (UPSTREAM / ".installed").exists():
        print("utilities.py: no published functions found: run 'make upstream'", file=sys.stderr)
        return USAGE
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    check_output(output)
    date = f"{datetime.now():%Y-%m-%d %H:%M}"
    results = measure(options)
    save_results(results, output)
    table = compare(results)
    command = " ".join(["python", "benchmarks/utilities.py", *options])
    facts = about(results, date, command)
    write_atomically(output.with_suffix(".md"), to_markdown(table, facts))
    print("\n".join(facts) + "\n\n" + to_text(table), end="")
    return INCOMPLETE if table.missing else DONE


if __name__ == "__main__":
    sys.exit(main())
