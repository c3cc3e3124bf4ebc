from __future__ import annotations

import cProfile
import marshal
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.catalog import utilities
from workbench.errors import WorkbenchError
from workbench.profiles import Profile, load_profile
from workbench.profiles.read import labels

FIND = labels(utilities())


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
        (b"", "neither JSON nor marshalled"),
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


def test_an_empty_profile(tmp_path: Path) -> None:
    path = tmp_path / "empty.prof"
    cProfile.Profile().dump_stats(path)

    assert load_profile(path) == Profile("cProfile", True, 0.0, ())
