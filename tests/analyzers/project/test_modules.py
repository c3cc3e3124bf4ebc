"""Tests for the dotted names of modules: comparison with Python's own import system."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

import pytest

from workbench.analyzers.project.modules import module_parts, package_of, package_parts

FILES = (
    *("top.py", "a/__init__.py", "a/m.py", "a/b/__init__.py", "a/b/m.py", "a/b/c/__init__.py"),
    *("plain/m.py", "plain/x/__init__.py", "plain/x/y.py"),
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def specs(directory: Path, prefix: str = "") -> Iterator[ModuleSpec]:
    """Yield what Python would import from a directory on its path, without any import."""
    for found in pkgutil.iter_modules([str(directory)]):
        spec = PathFinder.find_spec(prefix + found.name, [str(directory)])
        assert spec is not None
        yield spec
        if found.ispkg:
            yield from specs(directory / found.name, f"{spec.name}.")


def test_names_are_those_that_python_imports_modules_by(root: Path) -> None:
    found = [*specs(root), *specs(root / "plain")]
    assert len(found) == len(FILES)
    for spec in found:
        path = Path(spec.origin or "")
        parts = module_parts(path)
        assert ".".join(parts) == spec.name
        assert ".".join(package_of(path, parts)) == spec.parent


@pytest.mark.parametrize(
    ("path", "module", "package"),
    [
        ("top.py", "top", ""),
        ("a/__init__.py", "a", "a"),
        ("a/m.py", "a.m", "a"),
        ("a/b/__init__.py", "a.b", "a.b"),
        ("a/b/m.pyi", "a.b.m", "a.b"),
        ("plain/m.py", "m", ""),
        ("plain/x/y.py", "x.y", "x"),
        ("a/plain/z.py", "z", ""),
    ],
)
def test_names_start_at_the_outermost_package(
    path: str, module: str, package: str, root: Path
) -> None:
    parts = module_parts(root / path)
    assert ".".join(parts) == module
    assert ".".join(package_of(root / path, parts)) == package


def test_a_package_needs_an_init_file(root: Path) -> None:
    assert package_parts(root / "a" / "b") == ("a", "b")
    assert package_parts(root / "plain") == ()
    (root / "plain" / "__init__.py").mkdir()
    assert package_parts(root / "plain") == ()


def test_an_init_module_outside_a_package(tmp_path: Path) -> None:
    path = tmp_path / "__init__.py"
    assert module_parts(path) == ("__init__",)
    assert package_of(path, ("__init__",)) == ()
