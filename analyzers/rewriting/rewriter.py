"""Turn the references of one file into changes to its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from workbench.analyzers.model import Edit, FileContext, ReferenceKind
from workbench.analyzers.names.bindings import Binding, Scope, Use
from workbench.analyzers.names.resolve import ResolvedUse
from workbench.analyzers.names.scan import Scan
from workbench.analyzers.names.scopes import ScopeKind, lookup, visible
from workbench.analyzers.names.strings import literal_of
from workbench.analyzers.rewriting.import_statements import (
    StatementPlan,
    entry,
    moved_entry,
    new_text,
    plan_for,
)
from workbench.analyzers.rewriting.intention import Intention
from workbench.analyzers.rewriting.naming import Name, Namer
from workbench.analyzers.syntax.lexer import SpanKind, find_words, is_code

_PLAIN_PATH = re.compile(r"\w+(?:[ \t]*\.[ \t]*\w+)*")
_STILL_USED = "it is still used"


@dataclass
class Rewriting:
    """The edits of a file, and the names of the module that they affect."""

    edits: tuple[Edit, ...] = ()
    replaced: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    intention: Intention = field(default_factory=Intention)


@dataclass(eq=False)
class _Group:
    """References through one name to functions that move to one module."""

    home: Scope
    name: str
    new_module: str
    members: list[ResolvedUse] = field(default_factory=list)
    why_kept: str = ""
    """Why the imports must stay; empty if nothing needs them."""

    @property
    def bindings(self) -> list[Binding]:
        """Imports next to which the new one goes."""
        bindings = list(dict.fromkeys(b for found in self.members for b in found.bindings))
        olds = [found.rule.old for found in self.members]
        covering = [b for b in bindings if any(old.startswith(f"{b.covers}.") for old in olds)]
        return covering or bindings


class Rewriter:
    """Planner of the changes to one file; what cannot be changed gets a reason instead."""

    def __init__(self, scan: Scan, context: FileContext) -> None:
        self._scan = scan
        self._text = scan.source.text
        self._context = context
        self._plans: dict[int, StatementPlan] = {}
        self._changes: list[tuple[int, int, str]] = []
        """Start and end in code points, and the new text."""
        self._result = Rewriting()

    def rewrite(self, references: Iterable[ResolvedUse]) -> Rewriting:
        """Plan all changes; references that cannot be rewritten after all get a reason."""
        groups: dict[tuple[int, str, str], _Group] = {}
        for found in references:
            if found.reasons:
                continue
            if found.kind is ReferenceKind.IMPORT:
                self._move(found)
            elif found.depth and found.use is not None:
                self._collect(groups, found, found.use)
        self._expressions(list(groups.values()))
        for plan in self._plans.values():
            self._emit(plan)
        self._result.edits = self._scan.source.to_edits(self._changes)
        return self._result

    # -- expressions ----------------------------------------------------------------------------

    def _collect(
        self, groups: dict[tuple[int, str, str], _Group], found: ResolvedUse, use: Use
    ) -> None:
        home = lookup(use.scope, use.name)
        start, end = self._module_part(found, use)
        if home is None or _PLAIN_PATH.fullmatch(self._text, start, end) is None:
            found.reasons.append("the name has parentheses or spans several lines")
            return
        module = found.rule.new.rpartition(".")[0]
        key = (id(home), use.name, module)
        groups.setdefault(key, _Group(home, use.name, module)).members.append(found)

    def _module_part(self, found: ResolvedUse, use: Use) -> tuple[int, int]:
        """Return the range of the expression before the function's own name."""
        start = use.root.start
        if found.depth == 1:
            return start, start + len(use.name)
        function = use.tokens[found.depth - 1].start
        return start, start + len(self._text[start:function].rstrip(" \t.\\\r\n"))

    def _expressions(self, groups: list[_Group]) -> None:
        rewritten = {id(found.use) for group in groups for found in group.members}
        names = self._names(groups)
        alike: dict[tuple[Scope, str], list[_Group]] = {}
        for group in groups:
            alike.setdefault((group.home, names[group].statement), []).append(group)
        present = {t for t, same in alike.items() if self._already_imported(same, names[same[0]])}
        placed: list[tuple[Binding, _Group]] = []
        for group in groups:
            for found in group.members:
                self._replace(found, names[group].expression)
            group.why_kept = self._why_kept(group, rewritten)
            if group.why_kept and group.why_kept != _STILL_USED:
                for found in group.members:
                    found.note = f"the import of `{group.name}` is kept: {group.why_kept}"
            if group.home.kind is ScopeKind.MODULE:
                self._result.replaced.add(group.name)
                if not group.why_kept:
                    self._result.dropped.add(group.name)
            placed += [(binding, group) for binding in group.bindings]
        for binding, group in sorted(placed, key=lambda pair: pair[0].token.start):
            self._import_next_to(binding, group, names[group].statement, present)

    def _names(self, groups: Iterable[_Group]) -> dict[_Group, Name]:
        """Choose the name of each group's new module, outer scopes first."""
        namer, names = Namer(self._scan), {}
        for group in sorted(groups, key=lambda group: len(list(visible(group.home)))):
            readers = {found.use.scope for found in group.members if found.use is not None}
            names[group] = namer.name(group.new_module, group.home, readers)
        return names

    def _replace(self, found: ResolvedUse, expression: str) -> None:
        assert found.use is not None
        start, end = self._module_part(found, found.use)
        self._changes.append((start, end, expression))
        token = found.use.tokens[found.depth - 1]
        new = found.rule.new.rpartition(".")[2]
        before = ".".join((found.use.name, *found.use.attributes))
        after = ".".join((expression, new, *found.use.attributes[found.depth :]))
        self._result.intention.expressions[before, after] += 1
        if token.value != new:
            end = token.start + len(token.value)
            self._changes.append((token.start, end, new))

    def _already_imported(self, groups: Sequence[_Group], name: Name) -> bool:
        """Return whether the groups' home always imports their module before its first use."""
        home, module = groups[0].home, groups[0].new_module
        if name.expression != module:
            return False
        uses = (found.use for group in groups for found in group.members)
        first = min(use.root.start for use in uses if use is not None)
        root = module.partition(".")[0]
        return any(
            b.covers == module
            and b.origin == root
            and b.site is not None
            and not b.site.nested
            and b.site.scope is home
            and b.token.start < first
            for b in home.bindings.get(root, ())
        )

    # -- imports --------------------------------------------------------------------------------

    def _plan(self, binding: Binding) -> StatementPlan:
        assert binding.site is not None
        start = binding.site.start
        if start not in self._plans:
            self._plans[start] = plan_for(self._scan.source, binding.site)
        return self._plans[start]

    def _move(self, found: ResolvedUse) -> None:
        binding = found.bindings[0]
        assert binding.site is not None
        plan = self._plan(binding)
        if plan.layout.comments(binding.site.number) and not self._has_own_line(plan):
            found.reasons.append("the import shares its line with other code and has a comment")
            return
        plan.moved[binding.site.number] = found.rule.new

    def _import_next_to(
        self, binding: Binding, group: _Group, statement: str, present: set[tuple[Scope, str]]
    ) -> None:
        """Import the new module next to an import, and drop that one if nothing needs it.

        ``present`` has the import statements that scopes already run unconditionally.
        """
        assert binding.site is not None
        plan = self._plan(binding)
        if not group.why_kept and binding.site.number not in plan.dropped:
            plan.dropped.append(binding.site.number)
        target = binding.site.scope, statement
        needless = target in present and (group.why_kept or not binding.site.nested)
        if not needless and statement not in plan.added:
            plan.added.append(statement)
        if not binding.site.nested:
            present.add(target)

    def _why_kept(self, group: _Group, rewritten: set[int]) -> str:
        """Return why the imports of a group must stay; empty if nothing needs them."""
        name, home = group.name, group.home
        in_module = home.kind is ScopeKind.MODULE
        unparsed = in_module and name in self._scan.used_elsewhere
        if unparsed or self._is_used(name, home, rewritten):
            return _STILL_USED
        if home.kind is ScopeKind.CLASS:
            return "it is a class attribute"
        if in_module and (self._context.is_package or name in self._context.kept):
            return "other files may access it through this module"
        if self._is_quoted(name):
            return "a string or type comment mentions it"
        if any(self._has_comment(binding) for binding in group.bindings):
            return "it has a comment"
        return ""

    def _is_used(self, name: str, home: Scope, rewritten: set[int]) -> bool:
        for scope in self._scan.names.module.walk():
            hidden = scope.kind is ScopeKind.CLASS and scope is not home and name in scope.bindings
            if hidden or name in scope.declared:
                return True
        return any(
            use.name == name and id(use) not in rewritten and lookup(use.scope, name) is home
            for use in self._scan.names.uses
        )

    def _is_quoted(self, name: str) -> bool:
        """Return whether a string other than prose, or a type comment, contains the name."""
        text, index = self._text, self._scan.index
        for word in find_words(text, (name,), index):
            if word.span is not None and not is_code(text, word):
                literal = literal_of(text, word.span)
                if not literal.prose:
                    return True
        comments = (text[s.start : s.end] for s in index.spans if s.kind is SpanKind.COMMENT)
        return any("type:" in comment and name in comment for comment in comments)

    def _has_comment(self, binding: Binding) -> bool:
        assert binding.site is not None
        plan = self._plan(binding)
        behind = self._text[plan.end : self._scan.source.line_end(plan.end)]
        return "#" in behind or bool(plan.layout.comments(binding.site.number))

    def _has_own_line(self, plan: StatementPlan) -> bool:
        """Return whether nothing but a comment shares the statement's lines."""
        line = self._scan.source.line_start(plan.start)
        before = self._text[max(0, line - 3) : line].rstrip("\r\n")
        behind = self._text[plan.end : self._scan.source.line_end(plan.end)].strip()
        alone = not self._text[line : plan.start].strip()
        return alone and not before.endswith("\\") and (not behind or behind[0] == "#")

    def _emit(self, plan: StatementPlan) -> None:
        aliases = plan.statement.names
        intention = self._result.intention
        gone = (*plan.dropped, *plan.moved)
        intention.removed.update(entry(plan.statement, aliases[number]) for number in gone)
        intention.added.update(moved_entry(aliases[n], new) for n, new in plan.moved.items())
        intention.added.update(plan.added)
        newline = self._scan.source.newline(plan.start)
        own = self._has_own_line(plan)
        code = new_text(plan, f"{newline}{plan.indent}" if own else "; ")
        old = self._text[plan.start : plan.end]
        start, end = plan.start, plan.end
        if not code and own:
            start = self._scan.source.line_start(start)
            end = min(end + len(newline), len(self._text))
        elif not code:
            code = "pass"
        elif code.endswith(old):
            code, end = code.removesuffix(old), start
        if (start, end, code) != (start, start, ""):
            self._changes.append((start, end, code))
