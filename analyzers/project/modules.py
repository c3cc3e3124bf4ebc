"""Dotted names of modules: what a file is called, and what a relative import means."""

from __future__ import annotations

from pathlib import Path


def package_parts(directory: Path) -> tuple[str, ...]:
    """Dotted name of the package in ``directory`` as parts; empty if it is no package."""
    if not (directory / "__init__.py").is_file() or not directory.name:
        return ()
    return (*package_parts(directory.parent), directory.name)


def module_parts(path: Path) -> tuple[str, ...]:
    """Dotted name of the module in ``path`` as parts; for an ``__init__`` its package."""
    package = package_parts(path.parent)
    return package if path.stem == "__init__" and package else (*package, path.stem)


def package_of(path: Path, module: tuple[str, ...]) -> tuple[str, ...]:
    """The package against which relative imports of ``path`` are resolved, from its module."""
    return module if path.stem == "__init__" and module != ("__init__",) else module[:-1]
