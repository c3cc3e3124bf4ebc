"""Import statements as text: where they stand, and what they become."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import libcst as cst

from analyzers.names import Binding
from analyzers.scan import Scan
from analyzers.source import SourceError
from analyzers.tree import dotted

_KEYWORDS = {cst.Import: re.compile(r"\bimport\b"), cst.ImportFrom: re.compile(r"\bfrom\b")}
_COMMENT = re.compile(r"#[^\r\n]*")

Statement = cst.Import | cst.ImportFrom


@dataclass
class StatementPlan:
    """What is to happen to one import statement."""

    statement: Statement
    start: int
    end: int
    indent: str
    module: cst.Module
    added: list[str] = field(default_factory=list)
    """Import statements to stand before it, as text."""
    moved: list[tuple[cst.ImportAlias, str]] = field(default_factory=list)
    """Aliases that come from elsewhere now, with their new qualified names."""
    dropped: list[cst.ImportAlias] = field(default_factory=list)


def plan_for(scan: Scan, binding: Binding) -> StatementPlan:
    """Find the statement of an import binding in the text; raise `SourceError` if that fails."""
    assert binding.site is not None
    statement = binding.site.statement
    text, anchor = scan.source.text, scan.offset(binding.node)
    start = _keyword_before(scan, _KEYWORDS[type(statement)], anchor)
    line = text[scan.source.line_start(start) : start]
    indent = line[: len(line) - len(line.lstrip(" \t\f"))].replace("\f", "")
    module = next(t for p, t in scan.trees.items() if p.start <= anchor < p.end)
    code = render(module, statement, indent)
    if not text.startswith(code, start):
        line_number, _ = scan.source.position(anchor)
        raise SourceError(f"line {line_number}: cannot tell where the import begins and ends")
    return StatementPlan(statement, start, start + len(code), indent, module)


def _keyword_before(scan: Scan, keyword: re.Pattern[str], anchor: int) -> int:
    floor = max(0, anchor - 10_000)
    found = [m.start() for m in keyword.finditer(scan.source.text, floor, anchor)]
    return next((s for s in reversed(found) if scan.index.at(s) is None), anchor)


def render(module: cst.Module, statement: Statement, indent: str) -> str:
    """The code of a small statement that stands in a block indented by ``indent``."""
    line = cst.SimpleStatementLine([statement.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)])
    body: cst.BaseStatement = line
    if indent:
        body = cst.If(cst.Name("x"), cst.IndentedBlock([line], indent=indent))
    code = module.with_changes(header=(), body=[body], footer=()).code
    newline = module.default_newline
    start = len(f"if x:{newline}{indent}") if indent else 0
    return code[start:].removesuffix(newline)


def alias_comments(alias: cst.ImportAlias) -> list[str]:
    """The comments that would go with an alias, since they stand behind its comma."""
    comma = alias.comma
    if not isinstance(comma, cst.Comma):
        return []
    code = cst.Module([]).code_for_node(comma)
    return _COMMENT.findall(code)


def new_text(plan: StatementPlan, separator: str) -> str:
    """The code that takes the statement's place; empty if it goes and nothing comes."""
    moved = [alias for alias, _ in plan.moved]
    names = _names(plan.statement)
    targets = {new.rpartition(".")[0] for _, new in plan.moved}
    if not plan.dropped and len(moved) == len(names) and len(targets) == 1:
        whole = _from_elsewhere(plan, targets.pop())
        return separator.join([*plan.added, render(plan.module, whole, plan.indent)])
    parts = [*plan.added, *(_moved_import(alias, new) for alias, new in plan.moved)]
    rest = _without(plan.statement, [*moved, *plan.dropped])
    if rest is not None:
        parts.append(render(plan.module, rest, plan.indent))
    return separator.join(parts)


def _names(statement: Statement) -> Sequence[cst.ImportAlias]:
    assert not isinstance(statement.names, cst.ImportStar)
    return statement.names


def _moved_import(alias: cst.ImportAlias, new: str) -> str:
    return moved_entry(alias, new) + "".join(f"  {c}" for c in alias_comments(alias))


def entry(statement: Statement, alias: cst.ImportAlias) -> str:
    """One alias as an import statement of its own, without layout."""
    start = ""
    if isinstance(statement, cst.ImportFrom):
        parts = dotted(statement.module) if statement.module is not None else []
        start = f"from {'.' * len(statement.relative)}{'.'.join(p.value for p in parts)} "
    name = ".".join(part.value for part in dotted(alias.name))
    return f"{start}import {name}" + (f" as {bound_name(alias)}" if alias.asname else "")


def moved_entry(alias: cst.ImportAlias, new: str) -> str:
    """The import that an alias becomes when it comes from elsewhere."""
    module, _, name = new.rpartition(".")
    bound = bound_name(alias)
    suffix = "" if alias.asname is None and bound == name else f" as {bound}"
    return f"from {module} import {name}{suffix}"


def bound_name(alias: cst.ImportAlias) -> str:
    """The name that an alias binds, for one that has a single part."""
    name = alias.asname.name if alias.asname is not None else alias.name
    assert isinstance(name, cst.Name)
    return name.value


def _from_elsewhere(plan: StatementPlan, module: str) -> cst.ImportFrom:
    """The statement with all it imports, from another module."""
    statement = plan.statement
    assert isinstance(statement, cst.ImportFrom)
    new_names = {id(alias): new.rpartition(".")[2] for alias, new in plan.moved}
    names = [_renamed(alias, new_names[id(alias)]) for alias in _names(statement)]
    return statement.with_changes(
        module=cst.parse_expression(module),
        relative=(),
        names=names,
        whitespace_after_from=_space(statement.whitespace_after_from),
        whitespace_before_import=_space(statement.whitespace_before_import),
    )


def _renamed(alias: cst.ImportAlias, name: str) -> cst.ImportAlias:
    assert isinstance(alias.name, cst.Name)
    if alias.name.value == name:
        return alias
    asname = alias.asname or cst.AsName(cst.Name(alias.name.value))
    return alias.with_changes(name=cst.Name(name), asname=asname)


def _space(whitespace: cst.BaseParenthesizableWhitespace) -> cst.BaseParenthesizableWhitespace:
    return whitespace if not whitespace.empty else cst.SimpleWhitespace(" ")


def _without(statement: Statement, gone: Collection[cst.ImportAlias]) -> Statement | None:
    """The statement without some of its aliases; None if none is left."""
    names = _names(statement)
    ids = {id(alias) for alias in gone}
    kept = [alias for alias in names if id(alias) not in ids]
    if not kept:
        return None
    if len(kept) == len(names):
        return statement
    if kept[-1] is not names[-1]:
        kept[-1] = kept[-1].with_changes(comma=_last_comma(kept[-1], names[-1]))
    return statement.with_changes(names=kept)


def _last_comma(alias: cst.ImportAlias, last: cst.ImportAlias) -> cst.Comma | cst.MaybeSentinel:
    """The comma of an alias that becomes the last one, laid out as the last one's was."""
    comma = alias.comma
    if not isinstance(comma, cst.Comma) or not alias_comments(alias):
        return last.comma
    after = comma.whitespace_after
    layout = last.comma.whitespace_after if isinstance(last.comma, cst.Comma) else None
    if isinstance(after, cst.ParenthesizedWhitespace):
        line = layout.last_line if isinstance(layout, cst.ParenthesizedWhitespace) else None
        after = after.with_changes(last_line=line or cst.SimpleWhitespace(""))
    return comma.with_changes(whitespace_after=after)
