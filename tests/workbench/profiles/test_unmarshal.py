from __future__ import annotations

import json
import marshal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from workbench.profiles import calls

SCRIPT = Path(calls.__file__).with_name("_unmarshal.py")


def convert(data: bytes, *options: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-I", "-S", *options]
    return subprocess.run(command, input=data, capture_output=True, check=False, cwd=cwd)


def test_each_function_is_a_row_with_its_callers(tmp_path: Path) -> None:
    table: dict[Any, Any] = {
        ("a.py", 1, "f"): (3, 2, 0.1, 0.5, {("b.py", 7, "g"): (3, 2, 0.1, 0.5)}),
        ("b.py", 7, "g"): (1, 1, 0.0, 0.5, {}),
    }
    done = convert(marshal.dumps(table), str(SCRIPT), cwd=tmp_path)
    assert json.loads(done.stdout) == [
        [["a.py", 1, "f"], [3, 2, 0.1, 0.5], [[["b.py", 7, "g"], [3, 2, 0.1, 0.5]]]],
        [["b.py", 7, "g"], [1, 1, 0.0, 0.5], []],
    ]
    assert done.returncode == 0


@pytest.mark.parametrize("data", [b"", b"x", marshal.dumps([1]), marshal.dumps({"f": 1})])
def test_other_data_ends_it_without_output(data: bytes, tmp_path: Path) -> None:
    done = convert(data, str(SCRIPT), cwd=tmp_path)
    assert done.returncode != 0
    assert done.stdout == b""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are kept by Linux")
def test_memory_is_limited_and_no_core_is_dumped(tmp_path: Path) -> None:
    code = (
        f"exec(open({str(SCRIPT)!r}).read())\n"
        "from resource import RLIMIT_AS, RLIMIT_CORE, getrlimit\n"
        "print(getrlimit(RLIMIT_AS)[0] == MOST_BYTES, getrlimit(RLIMIT_CORE) == (0, 0))\n"
    )
    done = convert(marshal.dumps({}), "-c", code, cwd=tmp_path)
    assert done.stdout.split() == [b"[]True", b"True"]


def test_modules_of_the_current_directory_are_not_used(tmp_path: Path) -> None:
    for name in ("json", "marshal", "resource"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported')\n")
    done = convert(marshal.dumps({}), str(SCRIPT), cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"[]", b"")
