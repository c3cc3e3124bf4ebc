"""Print the fingerprints of published functions for `workbench/catalog`.

    pip download --no-deps --dest build/wheels skypilot==0.14.1
    python scripts/fingerprint_copies.py build/wheels/skypilot-0.14.1-py3-none-any.whl

Reads wheels and unpacked source trees without importing them. Prints one line per replaced function
and distinct body: name, fingerprint, and the trees that contain it.
"""

from __future__ import annotations

import argparse
import ast
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from workbench.analyzers.copies.fingerprint import fingerprint  # noqa: E402 - needs the path above
from workbench.catalog import utilities  # noqa: E402


def fingerprints(tree: Path) -> Iterator[tuple[str, str]]:
    """Yield names and fingerprints of the replaced functions in a wheel or source tree."""
    for utility in utilities():
        for old in utility.replaces:
            module, _, name = old.rpartition(".")
            source = _read(tree, module.replace(".", "/") + ".py")
            for node in ast.parse(source).body:
                if isinstance(node, ast.FunctionDef) and node.name == name:
                    yield utility.name, fingerprint(node)


def _read(tree: Path, path: str) -> bytes:
    """Return a file of a tree; empty if it does not exist, as in older versions."""
    if tree.is_dir():
        return (tree / path).read_bytes() if (tree / path).is_file() else b""
    with zipfile.ZipFile(tree) as wheel:
        return wheel.read(path) if path in wheel.namelist() else b""


def main() -> None:
    """Print the fingerprints in the given trees."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("trees", nargs="+", type=Path, help="wheels or unpacked source trees")
    found: dict[tuple[str, str], list[str]] = {}
    for tree in parser.parse_args().trees:
        for function in fingerprints(tree):
            found.setdefault(function, []).append(tree.stem)
    for (name, value), trees in sorted(found.items()):
        print(f"{name:32} {value}  {' '.join(trees)}")


if __name__ == "__main__":
    main()
