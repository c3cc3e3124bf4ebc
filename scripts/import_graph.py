"""Print which package of the workbench imports which, from the highest to the lowest.

    python scripts/import_graph.py                      # all packages
    python scripts/import_graph.py workbench.analyzers  # the parts of one package

Lazy and type-only imports count. Each line is a part and what it imports; exits 1, with the parts
that are on it, where there is a cycle. `make lint` checks the same graph with import-linter.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

import grimp


def imports_between_parts(package: str) -> Mapping[str, set[str]]:
    """Return what each direct part of a package imports of the others, by their short names."""
    graph = grimp.build_graph(package.partition(".")[0])
    parts = {part: part.rpartition(".")[2] for part in graph.find_children(package)}
    members = {part: {part, *graph.find_descendants(part)} for part in parts}
    home = {module: part for part, modules in members.items() for module in modules}
    found: dict[str, set[str]] = {}
    for part, modules in members.items():
        imported = {
            m for module in modules for m in graph.find_modules_directly_imported_by(module)
        }
        others = {home[module] for module in imported if module in home} - {part}
        found[parts[part]] = {parts[other] for other in others}
    return found


def packages() -> list[str]:
    """Return the workbench and every package in it that has packages or modules of its own."""
    graph = grimp.build_graph("workbench")
    return sorted(module for module in graph.modules if graph.find_children(module))


def main() -> int:
    """Print the graph of each package and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("package", nargs="*", help="package to show (all)")
    cycles = 0
    for package in parser.parse_args().package or packages():
        imports = imports_between_parts(package)
        try:
            order = list(TopologicalSorter(imports).static_order())
        except CycleError as error:
            cycles += 1
            print(f"{package}: cycle: {' -> '.join(error.args[1])}")
            continue
        print(package)
        for part in reversed(order):
            print(f"  {part:<16} {', '.join(sorted(imports[part])) or '-'}")
    print(f"{cycles} cycles")
    return 1 if cycles else 0


if __name__ == "__main__":
    sys.exit(main())
