from __future__ import annotations

import cProfile
import marshal
import profile as pure_profile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.profiles import load_profile
from workbench.profiles.model import ProfiledFunction

UTILS = """
def format_float(n):
    return str(n)
def get_parallel_threads(cloud=None):
    return 4
"""


CORE = """
def few(): [format_float(i) for i in range(3)]
def many():
    for i in range(10): format_float(i)
few(); many(); many(); format_float(1)
"""


def program() -> Callable[[], None]:
    """Return a program that calls a replaced function from three places."""
    scope: dict[str, Any] = {}
    exec(compile(UTILS, "/x/sky/utils/common_utils.py", "exec"), scope)
    code = compile(CORE, "/x/sky/core.py", "exec")
    return lambda: exec(code, scope)


@pytest.mark.parametrize("profiler", [cProfile.Profile, pure_profile.Profile])
def test_calls_are_those_of_the_program(profiler: type, tmp_path: Path) -> None:
    path = tmp_path / "program.prof"
    recorder = profiler()
    recorder.runcall(program())
    recorder.dump_stats(path)
    found = load_profile(path)

    assert found.counts_calls
    calls: Counter[str] = Counter()
    for use in found.uses:
        assert use.utility == "format_float"
        assert use.caller is not None
        # Before Python 3.12 a list comprehension is a function of its own.
        calls[use.caller.function.replace("<listcomp>", "few")] += use.calls or 0
    assert calls == {"few": 3, "many": 20, "<module>": 1}
    assert 0 < sum(use.seconds for use in found.uses) <= found.seconds


def test_calls_between_replaced_functions_are_not_included(tmp_path: Path) -> None:
    inner = ("sky/utils/subprocess_utils.py", 9, "get_parallel_threads")
    outer = ("sky/utils/subprocess_utils.py", 5, "get_max_workers_for_file_mounts")
    caller = ("core.py", 1, "main")
    table = {
        outer: (2, 2, 0.1, 0.5, {caller: (2, 2, 0.1, 0.5)}),
        inner: (7, 7, 0.7, 0.7, {outer: (4, 4, 0.4, 0.4), caller: (2, 2, 0.2, 0.2)}),
    }
    path = tmp_path / "nested.prof"
    path.write_bytes(marshal.dumps(table))
    found = {(u.utility, u.caller): (u.calls, u.seconds) for u in load_profile(path).uses}

    main = ProfiledFunction(*caller)
    assert found.pop(("get_parallel_threads", None)) == (1, pytest.approx(0.1))
    assert found == {
        ("get_max_workers_for_file_mounts", main): (2, 0.5),
        ("get_parallel_threads", main): (2, 0.2),
    }
