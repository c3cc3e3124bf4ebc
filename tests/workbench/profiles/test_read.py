from __future__ import annotations

import cProfile
import json
import marshal
import profile as pure_profile
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbench.profiles import profile_samples as samples
from workbench.catalog import utilities
from workbench.errors import WorkbenchError
from workbench.profiles import Profile, load_profile
from workbench.profiles.model import ProfiledFunction, ProfileError
from workbench.profiles.read import labels
from workbench.profiles.samples import read_samples

FIND = labels(utilities())
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


def milliseconds(found: Profile) -> dict[tuple[str, ProfiledFunction | None], int]:
    return {
        (use.utility, use.caller): round(use.seconds * 1000) for use in found.uses if use.seconds
    }


@pytest.mark.parametrize(
    "document",
    [
        samples.pyinstrument_tree,
        samples.pyinstrument_session,
        samples.speedscope_sampled,
        samples.speedscope_evented,
    ],
)
@given(tree=samples.trees())
@settings(max_examples=60, derandomize=True, deadline=None)
def test_sampled_time_goes_to_the_outermost_replaced_function(
    tree: samples.Node, document: Callable[[samples.Node], Any]
) -> None:
    found = read_samples(json.loads(json.dumps(document(tree))), FIND)

    assert milliseconds(found) == samples.expected(tree)
    assert found.seconds == pytest.approx(tree.total / 1000)
    assert not found.counts_calls
    assert all(use.calls is None for use in found.uses)


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


@pytest.mark.parametrize("style", ["json", "session"])
def test_pyinstrument_itself(style: str, tmp_path: Path) -> None:
    script, written = tmp_path / "sky" / "utils" / "common_utils.py", tmp_path / "written"
    script.parent.mkdir(parents=True)
    script.write_text(
        "import time\n"
        "def format_float(n):\n    time.sleep(0.02)\n"
        "def show():\n    for n in range(10): format_float(n)\n"
        "show()\n"
    )
    command = [sys.executable, "-m", "pyinstrument", "-r", style, "-o", written, script]
    subprocess.run(command, check=True, capture_output=True)
    found = load_profile(written)

    (use,) = found.uses
    assert found.profiler == "pyinstrument"
    assert use.utility == "format_float"
    assert use.caller is not None
    assert use.caller.function == "show"
    assert 0.15 < use.seconds <= found.seconds


@pytest.mark.parametrize(
    ("path", "function", "utility"),
    [
        ("/a/sky/utils/common_utils.py", "hash_file", "hash_file"),
        ("C:\\a\\sky\\utils\\common_utils.py", "hash_file", "hash_file"),
        ("common_utils.py", "hash_file", "hash_file"),
        ("utils/common_utils.py", "hash_file", "hash_file"),
        ("/a/earth/utils/common_utils.py", "hash_file", None),
        ("/a/sky/utils/subprocess_utils.py", "hash_file", None),
        ("/a/sky/utils/common_utils.py", "hash_files", None),
        ("", "hash_file", None),
    ],
)
def test_replaced_functions_are_found_by_file_and_name(
    path: str, function: str, utility: str | None
) -> None:
    assert FIND(path, function) == utility


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "neither JSON nor marshalled data"),
        (b"{}", "none of root_frame, frame_records and profiles"),
        (b"[1]", "not a JSON object"),
        (b"[" * 100_000, "nested too deeply"),
        (b"{\0\0\0", "cannot be unmarshalled"),
        (b"\xfb[\xff\xff\xff\x7f\0", "cannot be unmarshalled"),
        (marshal.dumps({("a", 1, "f"): (1, 1, 1.0)}), "cannot be unmarshalled"),
        (marshal.dumps({("a", 1, "f"): (1, 1, 1.0, "x", {})}), "table of functions"),
        (marshal.dumps({("a", 1, "f"): (1, -1, 1.0, 1.0, {})}), "table of functions"),
        (marshal.dumps({("a", 1, "f"): (1, 1, 1.0, 1.0, {("b", 1, "g"): "x"})}), "table of"),
        (marshal.dumps({(7, 1, "f"): (1, 1, 1.0, 1.0, {})}), "table of functions"),
        (b'{"root_frame": 7}', "'root_frame' is not valid"),
        (b'{"root_frame": {"function": "f"}}', "'root_frame' is not valid"),
        (b'{"frame_records": [["f", 1]]}', "'frame_records' is not valid"),
        (b'{"frame_records": [[["f\\u0000p\\u00001"], -1]]}', "'frame_records' is not valid"),
        (b'{"frame_records": [[["f\\u0000p\\u00001"], 1e999]]}', "'frame_records' is not valid"),
        (b'{"profiles": []}', "'profiles' is not valid"),
        (
            b'{"shared": {"frames": []}, "profiles": [{"type": "sampled", "unit": "bytes"}]}',
            "its unit is 'bytes'",
        ),
        (
            b'{"shared": {"frames": [{"name": "f"}]}, "profiles": [{"type": "sampled", '
            b'"unit": "seconds", "samples": [[-1]], "weights": [1]}]}',
            "a frame that does not exist",
        ),
    ],
)
def test_invalid_profiles_are_refused_in_one_line(content: bytes, why: str, tmp_path: Path) -> None:
    path = tmp_path / "odd"
    path.write_bytes(content)

    with pytest.raises(WorkbenchError, match=why) as caught:
        load_profile(path)
    assert "\n" not in str(caught.value)
    assert "is not a cProfile, pyinstrument" in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "root_frame",
                    "frame_records",
                    "profiles",
                    "shared",
                    "frames",
                    "name",
                    "type",
                    "unit",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON)
@settings(max_examples=300, derandomize=True, deadline=None)
def test_no_json_breaks_the_reader(document: Any) -> None:
    try:
        found = read_samples(document, FIND)
    except ProfileError:
        return
    assert found.seconds >= 0


def test_an_empty_profile(tmp_path: Path) -> None:
    path = tmp_path / "empty.prof"
    cProfile.Profile().dump_stats(path)

    assert load_profile(path) == Profile("cProfile", True, 0.0, ())
