"""A worker with four additional utilities, which raise, hang, crash and print."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from typing import Any

from workbench import backends
from workbench.catalog import Call, Utility, Workload
from workbench.measure import worker


def _raise() -> None:
    raise ValueError("broken\non purpose")


def _hang() -> None:
    time.sleep(600)


def _die() -> None:
    os.abort()


def _print() -> None:
    print("a word")


FUNCTIONS = {"raises": _raise, "hangs": _hang, "dies": _die, "prints": _print}


def utility(name: str) -> Utility:
    return Utility(
        name=name,
        summary=name,
        replaces=(),
        announced_speedup=1.0,
        workloads=(Workload("once", lambda _: Call()),),
        corners=lambda _: iter(()),
        strategy=_no_strategy,
    )


def _no_strategy(directory: object) -> Any:
    raise AssertionError("random inputs must not be used")


def _select(names: Iterable[str]) -> tuple[Utility, ...]:
    return tuple(utility(name) for name in names)


if __name__ == "__main__":
    if os.environ.get("FAULTY_WORKER") == "start":
        sys.exit("cannot begin")
    functions, select = backends.functions, vars(worker)["select"]
    vars(backends)["functions"] = lambda side: {**functions("python"), **FUNCTIONS}
    vars(worker)["select"] = lambda names: (_select if names[0] in FUNCTIONS else select)(names)
    worker.main()
