"""Memory, references and descriptors do not grow with the number of calls."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import accelerated
import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from memory_growth import Case, cases, growth  # noqa: E402 - its folder is not a package

CALLS = 300
NATIVE = accelerated.functions("native")


@pytest.mark.parametrize("name", sorted(NATIVE))
@pytest.mark.no_cover
def test_calls_do_not_leak(name: str, tmp_path: Path) -> None:
    situations = [case for case in cases(tmp_path) if case.utility == name]
    assert len(situations) >= 3
    for case in situations:
        held = growth(NATIVE[name], case, CALLS)
        assert not held.grows_with(CALLS), (case, held)


KEPT: list[object] = []
LEAKS: dict[str, Callable[[object], object]] = {
    "small objects": lambda _: KEPT.append([None]),
    "large objects": lambda _: KEPT.append(bytes(2000)),
    "references": KEPT.append,
    "descriptors": lambda _: os.dup(0),
}


@pytest.mark.parametrize("kind", LEAKS)
@pytest.mark.no_cover
def test_every_kind_of_leak_is_detected(kind: str) -> None:
    before = set(os.listdir("/dev/fd"))
    held = growth(LEAKS[kind], Case("leak", kind, (object(),)), 60)
    for descriptor in set(os.listdir("/dev/fd")) - before:
        try:
            os.close(int(descriptor))
        except OSError:
            continue  # the descriptor of the listing itself
    assert held.grows_with(60)
