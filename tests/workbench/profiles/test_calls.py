from __future__ import annotations

import cProfile
import marshal
import profile as pure_profile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.catalog import utilities
from workbench.profiles import Profile, load_profile
from workbench.profiles.calls import read_calls
from workbench.profiles.model import ProfiledFunction, ProfileError
from workbench.profiles.read import labels

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


FIND = labels(utilities())
UTILITY = ("sky/utils/common_utils.py", 9, "format_float")
MAIN = ("core.py", 3, "main")
Table = dict[Any, Any]


def read(table: Table) -> Profile:
    return read_calls(marshal.dumps(table), FIND)


def test_calls_without_a_profiled_caller_are_those_that_are_left() -> None:
    found = read({UTILITY: (5, 5, 1.0, 1.0, {MAIN: (3, 3, 0.6, 0.75)})})
    known, rest = found.uses
    assert (known.caller, known.calls, known.seconds) == (ProfiledFunction(*MAIN), 3, 0.75)
    assert (rest.caller, rest.calls, rest.seconds) == (None, 2, 0.25)
    assert found.counts_calls


def test_callers_without_times_share_them_by_their_calls() -> None:
    """The pure Python profiler counts the calls of a caller but does not time them."""
    found = read({UTILITY: (4, 4, 1.0, 2.0, {MAIN: 3, ("core.py", 9, "other"): 1})})
    assert {use.caller.function: use.seconds for use in found.uses if use.caller} == {
        "main": 1.5,
        "other": 0.5,
    }


def test_the_time_of_the_program_is_that_of_all_functions_alone() -> None:
    found = read({UTILITY: (1, 1, 0.5, 0.75, {}), MAIN: (1, 1, 0.25, 1.0, {})})
    assert found.seconds == 0.75


def test_times_of_a_clock_that_was_set_back_are_zero() -> None:
    found = read({UTILITY: (2, 2, -0.5, -1.0, {MAIN: (1, 1, 0.0, -3.0)})})
    assert found.seconds == 0.0
    assert [use.seconds for use in found.uses] == [0.0, 0.0]
    later = read({UTILITY: (2, 2, 0.1, 0.1, {MAIN: (1, 1, 0.3, 0.3)})})
    assert [use.seconds for use in later.uses] == [0.3, 0.0]


@pytest.mark.parametrize(("line", "expected"), [(0, None), (7, 7)])
def test_built_in_callers_have_no_line(line: int, expected: int | None) -> None:
    (use,) = read({UTILITY: (1, 1, 1.0, 1.0, {("~", line, "<map>"): (1, 1, 1.0, 1.0)})}).uses
    assert use.caller == ProfiledFunction("~", expected, "<map>")


@pytest.mark.parametrize(
    "row",
    [
        (1, True, 1.0, 1.0, {}),
        (1, 1, float("nan"), 1.0, {}),
        (1, 1, 1.0, float("inf"), {}),
        (1, 1, "1", 1.0, {}),
        (1, 1, 1.0, 1.0, {("core.py", -3, "main"): (1, 1, 1.0, 1.0)}),
        (1, 1, 1.0, 1.0, {("core.py", 3): (1, 1, 1.0, 1.0)}),
        (1, 1, 1.0, 1.0, {("core.py", 3, "main"): (1, 1, 1.0)}),
    ],
)
def test_rows_of_other_types_are_refused(row: tuple[Any, ...]) -> None:
    with pytest.raises(ProfileError):
        read({UTILITY: row})
