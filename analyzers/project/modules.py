"""Find the dotted names of modules and the packages that relative imports start from."""

from __future__ import annotations

from pathlib import Path


def package_parts(directory: Path) -> tuple[str, ...]:
    """Return the parts of the package's dotted name; empty if ``directory`` is not a package."""
    if not (directory / "__init__.py").is_file() or not directory.name:
        return ()
    return (*package_parts(directory.parent), directory.name)


def module_parts(path: Path) -> tuple[str, ...]:
    """Return the parts of the module's dotted name; for an ``__init__``, those of its package."""
    package = package_parts(path.parent)
    return package if path.stem == "__init__" and package else (*package, path.stem)


def package_of(path: Path, module: tuple[str, ...]) -> tuple[str, ...]:
    """Return the package that relative imports in ``path`` start from."""
    return module if path.stem == "__init__" and module != ("__init__",) else module[:-1]
