"""The layout of the repository: one meaning for each class name, a test module for each module."""

from __future__ import annotations

import ast
import os
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("analyzers", "reports", "workbench")
LINKS = {"analyzers", "reports"}


def modules() -> Iterator[Path]:
    """Every module of the package `workbench`, where its file really is, relative to the root."""
    for package in PACKAGES:
        for directory, folders, files in os.walk(ROOT / package):
            folders[:] = [name for name in folders if not (Path(directory) / name).is_symlink()]
            yield from (
                (Path(directory) / name).relative_to(ROOT) for name in files if name.endswith(".py")
            )


def test_the_folders_beside_the_package_are_links_in_it() -> None:
    links = {
        path.name: os.readlink(path) for path in (ROOT / "workbench").iterdir() if path.is_symlink()
    }
    assert links == {name: f"../{name}" for name in LINKS}


def test_coverage_measures_the_folders_too() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert LINKS | {"workbench", "accelerated"} == {*settings["tool"]["coverage"]["run"]["source"]}


def test_a_class_name_means_one_thing() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for module in modules():
        for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes[node.name.lstrip("_")].append(str(module))
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def test_no_module_imports_the_folders_by_their_old_names() -> None:
    for module in modules():
        for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not LINKS & {name.partition(".")[0] for name in names}, module


def _tests_of(module: Path) -> list[Path]:
    """Where a module's tests may be: in a module of its name, or in one of its package's name."""
    name = module.stem.lstrip("_")
    return [
        ROOT / "tests" / module.parent / f"test_{name}.py",
        ROOT / "tests" / module.parent.parent / f"test_{module.parent.name}.py",
    ]


def test_each_module_has_a_test_module_of_its_name() -> None:
    missing = [
        str(module)
        for module in modules()
        if module.name not in {"__init__.py", "__main__.py"}
        and not any(path.exists() for path in _tests_of(module))
    ]
    assert sorted(missing) == []
