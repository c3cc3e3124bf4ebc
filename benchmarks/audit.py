"""Compare the speed of the audit with ruff, ast-grep and semgrep, and with ripgrep as the floor.

    python benchmarks/audit.py [--quick] [--rounds N]

Times whole processes in interleaved rounds. Each round runs every tool once, in rotating order, so
that slow phases of the machine affect all tools. Tools start without a cache of their own, except
those marked "again"; the files are in the page cache. Memory is sampled in a separate run.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from audit_table import Line, Measured, markdown, targets
from code_bases import BUILD, UnavailableError, corpus, python_files, skypilot
from peers import Peer, install, peers, versions
from processes import CommandError, peak_memory, timed

from workbench.audits.scope import AuditScope
from workbench.environment import collect
from workbench.files import write_atomically

OUTPUT = BUILD / "benchmarks"


def main() -> int:
    """Run the benchmark; return 1 if a target is missed and 2 if it cannot be measured."""
    options = _options()
    try:
        install()
        bases = {"a": skypilot()} if options.quick else {"a": skypilot(), "b": corpus()}
        with tempfile.TemporaryDirectory(dir=BUILD) as scratch:
            measured = [
                Measured(
                    key, base.name, len(python_files(base)), _measure(key, base, options, scratch)
                )
                for key, base in bases.items()
            ]
    except (UnavailableError, CommandError) as error:
        print(f"audit.py: {error}", file=sys.stderr)
        return 2
    environment = collect()
    table = markdown(measured, environment, versions(), options.rounds)
    document = {
        "environment": environment,
        "tools": versions(),
        "rounds": options.rounds,
        "code_bases": [asdict(one) for one in measured],
        "targets": [asdict(target) for target in targets(measured)],
    }
    OUTPUT.mkdir(parents=True, exist_ok=True)
    write_atomically(OUTPUT / "audit.md", table)
    write_atomically(OUTPUT / "audit.json", json.dumps(document, indent=2) + "\n")
    print(table)
    return 0 if all(target.reached for target in targets(measured)) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="measure SkyPilot only")
    parser.add_argument("--rounds", type=int, default=5, help="timed runs of each tool (default 5)")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    return options


def _measure(key: str, base: Path, options: argparse.Namespace, scratch: str) -> tuple[Line, ...]:
    directory = Path(scratch)
    tools = [peer for peer in peers(AuditScope().rules(), directory) if key in peer.code_bases]
    warm = Path(tempfile.mkdtemp(dir=directory))
    times: dict[str, list[float]] = {tool.name: [] for tool in tools}
    found: dict[str, str] = {}
    for number in range(-1, options.rounds):  # the first round warms the page cache and counts
        _show(f"{base.name}: round {number + 1} of {options.rounds}")
        start = number % len(tools)
        for tool in (*tools[start:], *tools[:start]):
            run = timed([*tool.command, str(base)], _directory(tool, warm, directory), tool.accept)
            if number < 0:
                found[tool.name] = tool.count(run.output)
            else:
                times[tool.name].append(run.seconds)
    _show(f"{base.name}: memory")
    return tuple(
        Line(
            tool.name,
            found[tool.name],
            tuple(times[tool.name]),
            peak_memory([*tool.command, str(base)], _directory(tool, warm, directory), tool.accept),
        )
        for tool in tools
    )


def _directory(tool: Peer, warm: Path, directory: Path) -> Path:
    """Return the working directory: a new one without a cache, or the one of earlier runs."""
    return warm if tool.warm else Path(tempfile.mkdtemp(dir=directory))


def _show(text: str) -> None:
    if os.isatty(sys.stderr.fileno()):
        print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
