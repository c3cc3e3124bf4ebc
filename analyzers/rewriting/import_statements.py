"""Plan the changes to import statements and write their new text."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from workbench.analyzers.names.bindings import ImportSite
from workbench.analyzers.rewriting.import_layout import ImportLayout
from workbench.analyzers.syntax.source import Source

Statement = ast.Import | ast.ImportFrom


@dataclass
class StatementPlan:
    """Planned changes to one import statement; aliases are identified by their indexes."""

    statement: Statement
    start: int
    end: int
    indent: str
    layout: ImportLayout
    added: list[str] = field(default_factory=list)
    """Import statements to insert before it, as text."""
    moved: dict[int, str] = field(default_factory=dict)
    """Aliases to import from another module, with their new qualified names."""
    dropped: list[int] = field(default_factory=list)


def plan_for(source: Source, site: ImportSite) -> StatementPlan:
    """Return an empty plan for the statement of an import binding."""
    line = source.text[source.line_start(site.start) : site.start]
    indent = line[: len(line) - len(line.lstrip(" \t\f"))].replace("\f", "")
    layout = ImportLayout.of(source.text[site.start : site.end])
    return StatementPlan(site.statement, site.start, site.end, indent, layout)


def new_text(plan: StatementPlan, separator: str) -> str:
    """Return the code that replaces the statement; empty if it is only removed."""
    names = plan.statement.names
    targets = {new.rpartition(".")[0] for new in plan.moved.values()}
    if not plan.dropped and len(plan.moved) == len(names) and len(targets) == 1:
        new_names = [plan.moved[number].rpartition(".")[2] for number in range(len(names))]
        whole = plan.layout.from_elsewhere(targets.pop(), new_names)
        return separator.join([*plan.added, whole])
    parts = [*plan.added, *(_moved_import(plan, number) for number in plan.moved)]
    rest = plan.layout.without([*plan.moved, *plan.dropped], plan.indent)
    if rest is not None:
        parts.append(rest)
    return separator.join(parts)


def _moved_import(plan: StatementPlan, number: int) -> str:
    code = moved_entry(plan.statement.names[number], plan.moved[number])
    return code + "".join(f"  {comment}" for comment in plan.layout.comments(number))


def entry(statement: Statement, alias: ast.alias) -> str:
    """Return one alias as an import statement of its own, without layout."""
    start = ""
    if isinstance(statement, ast.ImportFrom):
        start = f"from {'.' * statement.level}{statement.module or ''} "
    return f"{start}import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")


def moved_entry(alias: ast.alias, new: str) -> str:
    """Return the import statement that replaces an alias imported from another module."""
    module, _, name = new.rpartition(".")
    bound = alias.asname or alias.name
    suffix = "" if alias.asname is None and bound == name else f" as {bound}"
    return f"from {module} import {name}{suffix}"
