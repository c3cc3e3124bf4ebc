"""What an audit covers, from the command line and from pyproject.toml."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.audits import rules
from workbench.cli import main
from workbench.errors import WorkbenchError
from workbench.scope import Scope, paths_in

CODE = """\
from sky.utils import common_utils
common_utils.format_float(1)
common_utils.hash_file('x', 'md5')
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a.py", "d/b.py", "d/old/c.py", "d/script"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(CODE)
    return tmp_path


def audited(*arguments: str, stdin: bytes | None = None) -> dict[str, Any]:
    """The utilities that were found in each path."""
    command = [sys.executable, "-m", "workbench", "audit", "--format", "json", *arguments]
    run = subprocess.run(command, input=stdin, capture_output=True, check=False)
    assert run.stderr == b""
    assert run.returncode in {0, 1}
    found: dict[str, list[str]] = {}
    for reference in json.loads(run.stdout)["references"]:
        found.setdefault(reference["path"], []).append(reference["utility"])
    return found


BOTH = ["format_float", "hash_file"]


def test_directories_and_excludes(here: Path) -> None:
    assert audited(".") == {"a.py": BOTH, "d/b.py": BOTH, "d/old/c.py": BOTH}
    assert audited(".", "--exclude", "old/", "--exclude", "/a.py") == {"d/b.py": BOTH}


def test_a_repository_and_its_gitignore(here: Path) -> None:
    (here / ".git").mkdir()
    (here / ".gitignore").write_text("old/\n")
    assert list(audited(".")) == ["a.py", "d/b.py"]
    assert list(audited(".", "--no-gitignore")) == ["a.py", "d/b.py", "d/old/c.py"]


def test_select_and_ignore(here: Path) -> None:
    assert audited("a.py", "--select", "hash_file") == {"a.py": ["hash_file"]}
    assert audited("a.py", "--ignore", "hash_file, get_cpu_count") == {"a.py": ["format_float"]}
    assert audited("a.py", "--select", "get_cpu_count") == {}


def test_lists_of_files(here: Path) -> None:
    (here / "list").write_bytes(b"d/script\r\na.py\n\n")
    assert audited("--files-from", "list") == {"a.py": BOTH, "d/script": BOTH}
    assert audited("--files-from", "-", stdin=b"d/b.py\0a.py\0") == {"a.py": BOTH, "d/b.py": BOTH}
    assert audited("--files-from", "-", stdin=b"") == {}


def test_code_on_standard_input(here: Path) -> None:
    assert audited("-", stdin=CODE.encode()) == {"-": BOTH}
    relative = b"from .utils.common_utils import format_float\n"
    for name in ("sky", "sky/utils"):
        (here / name).mkdir()
        (here / name / "__init__.py").touch()
    found = audited("-", "--stdin-name", "sky/new.py", stdin=relative)
    assert found == {"sky/new.py": ["format_float"]}


def test_settings_in_pyproject(here: Path) -> None:
    (here / "pyproject.toml").write_text(
        "[tool.workbench]\nexclude = ['old/', 'a.py']\nignore = ['hash_file']\n"
    )
    assert audited(".") == {"d/b.py": ["format_float"]}
    assert audited(".", "--ignore", "format_float") == {"d/b.py": ["hash_file"]}
    (here / "other.toml").write_text("[tool.workbench]\nselect = ['hash_file']\n")
    assert audited("a.py", "--config", "other.toml") == {"a.py": ["hash_file"]}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing argument 'PATH...'"),
        (["-", "--files-from", "-"], "standard input can be code or a list of files, not both"),
        (["--files-from", "no"], "cannot read no: No such file or directory"),
        (["a.py", "--select", "hash_fil"], "did you mean 'hash_file'?"),
        (["a.py", "--select", "hash_file", "--ignore", "hash_file"], "nothing to look for"),
        ([".", "--exclude", "[z-a]"], 'exclude "[z-a]": '),
        ([".", "--config", "no.toml"], "cannot read no.toml"),
        ([".", "--config", "bad.toml"], "did you mean 'exclude'?"),
        ([".", "--config", "text.toml"], "exclude must be a list of strings, not 'x'"),
    ],
)
def test_bad_input_is_one_line(
    arguments: list[str], message: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "bad.toml").write_text("[tool.workbench]\nexcludes = []\n")
    (here / "text.toml").write_text("[tool.workbench]\nexclude = 'x'\n")
    assert main(["audit", *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_the_cache_is_used_and_can_be_left_alone(here: Path) -> None:
    audited("a.py", "--no-cache")
    assert not (here / ".workbench_cache").exists()
    first = audited("a.py")
    assert (here / ".workbench_cache").is_dir()
    assert audited("a.py") == first
    assert audited(".") == {"a.py": BOTH, "d/b.py": BOTH, "d/old/c.py": BOTH}


def test_what_is_written_comes_from_no_cache(here: Path) -> None:
    audited(".")
    for entry in (here / ".workbench_cache").iterdir():
        entry.write_bytes(b"damaged")
    assert main(["migrate", ".", "--write"]) == 0
    assert "accelerated" in (here / "a.py").read_text()


def test_the_api_takes_a_scope(here: Path) -> None:
    assert Scope().rules() == rules()
    with pytest.raises(WorkbenchError, match="unknown utility 'x'"):
        Scope(select=("x",)).rules()


names = st.text(st.characters(exclude_characters="\n\r\0", exclude_categories=["Cs"]), min_size=1)


@given(st.lists(names), st.sampled_from(["\n", "\0"]))
def test_lists_hold_any_name(listed: list[str], separator: str) -> None:
    content = "".join(name + separator for name in listed).encode()
    assert paths_in(content) == tuple(map(Path, listed))
