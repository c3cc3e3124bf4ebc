"""Tests for the names under which modules re-export functions."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.analyzers.case_files import shown
from tests.analyzers.sky_rules import RULES
from workbench.analyzers.audit import audit
from workbench.analyzers.execution.cache import Cache
from workbench.analyzers.project import reexports
from workbench.analyzers.project.reexports import Modules, aliases
from workbench.analyzers.rules import Rule, RuleIndex

RULE = Rule("lib.core.work", "fast.work", "work")
OTHER = Rule("lib.core.rest", "fast.rest", "rest")
INDEX = RuleIndex.of((RULE, OTHER))


def lay_out(root: Path, files: dict[str, str]) -> list[str]:
    """Write files, each directory a package; return their locations."""
    for name, code in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
        while path.parent != root:
            path = path.parent
            (path / "__init__.py").touch()
    return sorted(map(str, root.rglob("*.py*")))


def resolved(root: Path, files: dict[str, str], names: Iterable[str]) -> dict[str, str]:
    modules = Modules(lay_out(root, files), Cache(None))
    found = modules.reexported(names, INDEX)
    return {name: rule.label for name, rule in found.items()}


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("from sky.utils.common_utils import format_float", True),
        ("from .utils.common_utils import format_float", True),
        ("from sky.b import *", True),
        ("from sky.utils import common_utils as format_float", False),
        ("def format_float(x): pass", False),
        ("from sky.utils.common_utils import format_float\nformat_float = None", False),
        ("from sky.a import format_float", False),
        ("from .....x import format_float", False),
        ("def f(:", False),
    ],
)
def test_reexports(code: str, known: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "sky/a.py": f"{code}\n",
        "sky/b.py": "from sky.utils.common_utils import format_float\n",
        "sky/user.py": "from sky import a\na.format_float(1)\n",
    }
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sky").mkdir()
    (tmp_path / "sky" / "__init__.py").touch()
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    references = audit([tmp_path], RULES).references
    lines = [shown(one) for one in references if one.path == "sky/user.py"]
    assert lines == (["2:1 call rewrite format_float"] if known else [])


@pytest.mark.parametrize(
    "files",
    [
        {"pack/__init__.py": "from .a.a import a\n", "pack/a.py": "from pack.a.a import a\n"},
        {"pack/__init__.py": "from pack.a import *\nfrom pack.b import *\n"},
        {
            f"pack/{this}.py": "".join(f"from .{other} import *\n" for other in "abcdefgh")
            for this in "abcdefgh"
        },
    ],
    ids=["itself", "external stars", "cyclic stars"],
)
def test_cyclic_reexports(
    files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {**files, "user.py": "from pack import a\na.b.format_float(1)\na.a.format_float(1)\n"}
    lay_out(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    found = audit([tmp_path], RULES)
    assert (found.references, found.errors) == ((), ())


def test_follows_chains_through_packages_and_stars(tmp_path: Path) -> None:
    files = {
        "lib/__init__.py": "from .core import work as job\nfrom . import core\n",
        "app/a.py": "from lib import job\nfrom lib.core import rest\n",
        "app/b.py": "from .a import *\n",
        "app/c.py": "from app import b\nimport lib as library\nimport lib.core\n",
    }
    names = {
        "lib.job": "work",
        "app.a.job": "work",
        "app.b.rest": "rest",
        "app.c.b.job": "work",
        "app.c.library.job": "work",
        "app.c.library.core.rest": "rest",
        "app.c.lib.core.work": "work",
    }
    others = ["app.a.work", "app.c.job", "lib.job.job", "nowhere.work", "job", "app.b"]
    assert resolved(tmp_path, files, [*names, *others]) == names


@pytest.mark.parametrize(
    "code",
    [
        "from lib.core import work\nwork = None\n",
        "def work(): pass\n",
        "if x: from lib.core import work\nelse: from lib.core import rest as work\n",
        "from elsewhere import *\n",
        "from lib import work\nfrom lib.core import *\n",
        "from ...core import work\n",
        "work = (\n",
        "core = import_module('lib.core')\n",
    ],
)
def test_what_is_not_certainly_the_function_is_left_out(code: str, tmp_path: Path) -> None:
    files = {"lib/core.py": "def work(): pass\n", "app/a.py": code}
    assert resolved(tmp_path, files, ["app.a.work", "app.a.core.work"]) == {}


def test_the_last_of_several_modules_of_one_name_counts(tmp_path: Path) -> None:
    code = "from lib.core import {} as name\n"
    lay_out(tmp_path / "1", {"app/a.py": code.format("work")})
    lay_out(tmp_path / "2", {"app/a.py": code.format("rest")})
    locations = [str(tmp_path / part / "app" / "a.py") for part in "12"]
    for order, label in ((locations, "rest"), (locations[::-1], "work")):
        found = Modules(order, Cache(None)).reexported(["app.a.name"], INDEX)
        assert [rule.label for rule in found.values()] == [label]


def test_owned_names_are_attributes_of_the_code_base(tmp_path: Path) -> None:
    modules = Modules(lay_out(tmp_path, {"app/a.py": "", "top.pyi": ""}), Cache(None))
    names = {"app.x", "app.a.x", "top.x", "app.a.x.y", "other.x", "x"}
    assert modules.owned(names) == {"app.x", "app.a.x", "top.x"}


def test_a_file_that_cannot_be_read_has_no_names(tmp_path: Path) -> None:
    locations = lay_out(tmp_path, {"app/a.py": "from lib.core import work\n"})
    os.remove(tmp_path / "app" / "a.py")
    assert Modules(locations, Cache(None)).reexported(["app.a.work"], INDEX) == {}


def test_origins_are_cached_by_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locations = lay_out(tmp_path / "code", {"app/a.py": "from lib.core import work\n"})
    cache = Cache(tmp_path / "cache")
    found = {"app.a.work": RULE}
    assert Modules(locations, cache).reexported(found, INDEX) == found
    with monkeypatch.context() as patch:
        patch.setattr(reexports, "_origins", pytest.fail)
        assert Modules(locations, cache).reexported(found, INDEX) == found
    (tmp_path / "code" / "app" / "a.py").write_text("from lib.core import rest as work\n")
    assert Modules(locations, cache).reexported(found, INDEX) == {"app.a.work": OTHER}


def test_aliases_are_the_names_that_are_new() -> None:
    exports = [{"lib.core.work": OTHER, "app.a.work": RULE}, {}, {"app.b.rest": OTHER}]
    assert aliases(exports, INDEX) == {"app.a.work": RULE, "app.b.rest": OTHER}
