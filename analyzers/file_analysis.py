"""Analyse one file: find its references and plan the edits that migrate it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence

from workbench.analyzers.copies.find import Copied, find_copies
from workbench.analyzers.model import (
    Edit,
    FileAnalysis,
    FileContext,
    Notice,
    PythonFile,
    Reference,
    ReferenceKind,
    Verdict,
)
from workbench.analyzers.names.bindings import How
from workbench.analyzers.names.resolve import ResolvedUse, Resolver
from workbench.analyzers.names.scan import Scan, Search, scan
from workbench.analyzers.names.scopes import ScopeKind, lookup
from workbench.analyzers.names.strings import Mention, Mentions
from workbench.analyzers.project.modules import package_of
from workbench.analyzers.project.provenance import why_untouched
from workbench.analyzers.rewriting.proof import failure
from workbench.analyzers.rewriting.rewriter import Rewriter
from workbench.analyzers.rules import Hit, Rule, RuleIndex
from workbench.analyzers.suppressions import Keeping, index_of
from workbench.analyzers.syntax.depth import TooDeepError
from workbench.analyzers.syntax.source import Source, SourceError
from workbench.analyzers.task import Outcome, Task


def analyze(task: Task) -> Outcome:
    """Find the references of one file, plan its edits and prove them.

    Does not raise for invalid files; the outcome has an error instead.
    """
    try:
        return _analyze(task.file, task.data, task)
    except SourceError as error:
        return Outcome(error=str(error))
    except (TooDeepError, RecursionError):
        message = "an expression is nested too deeply to be analysed"
        return Outcome(error=message, too_deep=not task.apart)


def _analyze(file: PythonFile, data: bytes, task: Task) -> Outcome:
    source, rules, context = Source(data), task.rules, task.context
    heads = frozenset(head for head in rules.heads if head in source.text)
    module = ".".join(task.module)
    if not heads:
        copies = find_copies(module, source, rules)
        if file.named:
            check_syntax(source)
        places = [(copied.start, copied.rule.label) for copied in copies]
        keeping = Keeping(source, index_of(source), places, context.declined, rules)
        return Outcome(_FileFindings(file, source, keeping).analysis(copies=copies))
    package = package_of(file.location, task.module)
    search = Search(heads, rules.modules, rules.new_roots, package, deep=task.apart)
    result = scan(source, search)
    copies = find_copies(module, source, rules, result.pieces, result.trees)
    resolver = Resolver(result, rules)
    references = resolver.references()
    finder = _mentions(result, rules, resolver)
    mentions = list(finder)
    _mark_intercepted(references, context)
    _mark_untouched(references, why_untouched(source, result.index, context))
    places = [(_start_of(result, found), found.rule.label) for found in references]
    places += [(mention.start, mention.rule.label) for mention in mentions]
    places += [(copied.start, copied.rule.label) for copied in copies]
    keeping = Keeping(source, result.index, places, context.declined, rules)
    _mark_kept(references, result, keeping)
    rewriting = Rewriter(result, context).rewrite(references)
    _follow_imports(references)
    starts = [(_start_of(result, found), found) for found in references]
    findings = _FileFindings(file, source, keeping)
    analysis = findings.analysis(starts, mentions, copies, rewriting.edits)
    unproved = None
    if task.prove and analysis is not None and analysis.edits:
        unproved = failure(analysis, rewriting.intention, result.pieces, result.trees)
    return Outcome(
        analysis,
        unproved=unproved or "",
        unknown=frozenset(resolver.unknown | finder.unknown),
        exports=_exports(module, references),
        dropped=frozenset(rewriting.dropped),
        replaced=frozenset(rewriting.replaced),
        patched=_patched(file, result, references, mentions),
    )


def _exports(module: str, references: Sequence[ResolvedUse]) -> dict[str, Rule]:
    imports = (f for f in references if f.kind is ReferenceKind.IMPORT)
    return {
        f"{module}.{found.bindings[0].name}": found.rule
        for found in imports
        if (site := found.bindings[0].site) is not None and site.scope.kind is ScopeKind.MODULE
    }


def _patched(
    file: PythonFile, result: Scan, references: Sequence[ResolvedUse], mentions: Sequence[Mention]
) -> dict[str, str]:
    places = [(f.target, f.token.start) for f in references if f.patches]
    places += [(mention.target, mention.start) for mention in mentions if mention.patches]
    position = result.source.position
    return {target: f"{file.display}:{position(at)[0]}" for target, at in reversed(places)}


def check_syntax(source: Source) -> None:
    """Raise `SourceError` if a file is valid neither for this Python nor for a newer one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source.data, "<source>", "exec", dont_inherit=True)
    except SyntaxError:
        scan(source, Search(frozenset(), frozenset(), whole=True))


def _mark_untouched(references: Iterable[ResolvedUse], why: str) -> None:
    """Give each reference a reason if the whole file must not be edited."""
    for found in references:
        if why and not found.reasons:
            found.reasons.append(why)


def _mark_kept(references: Sequence[ResolvedUse], result: Scan, keeping: Keeping) -> None:
    """Mark suppressed and declined references, and the imports that they need."""
    needed: dict[int, str] = {}
    for found in references:
        start = _start_of(result, found)
        reason = keeping.reason(start, found.rule.label)
        if reason:
            found.kept, found.reasons = True, [reason]
        if reason and found.kind is not ReferenceKind.IMPORT and not found.depth:
            line, _ = result.source.position(start)
            why = f"its use on line {line} is kept"
            needed |= {id(binding): needed.get(id(binding), why) for binding in found.bindings}
    for found in references:
        if (
            found.kind is ReferenceKind.IMPORT
            and not found.kept
            and id(found.bindings[0]) in needed
        ):
            found.reasons.append(needed[id(found.bindings[0])])


def _follow_imports(references: Iterable[ResolvedUse]) -> None:
    """Leave the uses of an unchanged import unchanged too, for the same reasons."""
    stays = {
        id(f.bindings[0]): f for f in references if f.kind is ReferenceKind.IMPORT and f.reasons
    }
    for found in references:
        if found.kind is not ReferenceKind.IMPORT and not found.depth and not found.kept:
            imports = [stays[id(b)] for b in found.bindings if id(b) in stays]
            reasons = dict.fromkeys(reason for f in imports for reason in f.reasons)
            found.reasons += [reason for reason in reasons if reason not in found.reasons]
            found.kept = any(f.kept for f in imports)


def _mentions(result: Scan, rules: RuleIndex, resolver: Resolver) -> Mentions:
    module = result.names.module

    def imported(name: str) -> Hit | None:
        bindings = (b for b in module.bindings.get(name, ()) if b.how is How.IMPORT)
        hits = (rules.find(b.origin, ()) for b in bindings if b.origin is not None)
        return next(hits, None)

    return Mentions(
        result.source.text, result.index, rules, lambda n: resolver.is_module(module, n), imported
    )


def _mark_intercepted(references: Iterable[ResolvedUse], context: FileContext) -> None:
    """Give a reason to each reference that would bypass a patch once it is rewritten."""
    for found in references:
        if found.reasons:
            continue
        place = context.patched.get(found.target) if _looks_up_late(found) else None
        place = place or _intercepted_module(found, context)
        if place is not None:
            found.reasons.append(f"the rewrite would bypass the patch in {place}")


def _looks_up_late(found: ResolvedUse) -> bool:
    """Return whether the function is looked up in its module each time the code runs."""
    if found.depth:
        return True
    site = found.bindings[0].site if found.bindings else None
    return site is not None and site.scope.kind is not ScopeKind.MODULE


def _intercepted_module(found: ResolvedUse, context: FileContext) -> str | None:
    if found.use is None or not found.depth:
        return None
    home = lookup(found.use.scope, found.use.name)
    in_module = home is not None and home.kind is ScopeKind.MODULE
    return context.intercepted.get(found.use.name) if in_module else None


def _start_of(result: Scan, found: ResolvedUse) -> int:
    """Return where the expression begins, including parentheses around the module."""
    start, text = found.token.start, result.source.text
    if found.use is None or not 0 < found.depth <= len(found.use.tokens):
        return start
    last = found.use.tokens[found.depth - 1]
    for _ in range(text.count(")", start, last.start)):
        start = text.rfind("(", 0, start)
    return start


class _FileFindings:
    """Builder of a file's analysis from its references, strings and copies."""

    def __init__(self, file: PythonFile, source: Source, keeping: Keeping) -> None:
        self._file = file
        self._source = source
        self._keeping = keeping

    def analysis(
        self,
        references: Sequence[tuple[int, ResolvedUse]] = (),
        mentions: Sequence[Mention] = (),
        copies: Sequence[Copied] = (),
        edits: tuple[Edit, ...] = (),
    ) -> FileAnalysis | None:
        """Return the findings in order, or None if there are none.

        ``references`` are pairs of the offset at which a reference starts and the reference.
        """
        found = {self._reference(start, reference) for start, reference in references}
        found |= {self._review(c.start, c.rule, ReferenceKind.COPY, c.reason) for c in copies}
        places = {(reference.line, reference.column, reference.label) for reference in found}
        quoted = (self._review(m.start, m.rule, ReferenceKind.STRING, m.reason) for m in mentions)
        # A string that is already among the references must not be reported twice.
        found |= {m for m in quoted if (m.line, m.column, m.label) not in places}
        notices = tuple(self._notices())
        if not found and not notices:
            return None
        file = self._file
        ordered = sorted(found, key=lambda r: (r.line, r.column, r.qualified_name, r.kind))
        return FileAnalysis(
            file.display, file.location, self._source.data, tuple(ordered), edits, notices
        )

    def _reference(self, start: int, found: ResolvedUse) -> Reference:
        blocked = Verdict.KEEP if found.kept else Verdict.REVIEW
        verdict = blocked if found.reasons else Verdict.REWRITE
        reason = "; ".join(found.reasons) or found.note
        return self._at(start, found.rule, found.kind, verdict, reason)

    def _review(self, start: int, rule: Rule, kind: ReferenceKind, reason: str) -> Reference:
        kept = self._keeping.reason(start, rule.label)
        return self._at(start, rule, kind, Verdict.KEEP if kept else Verdict.REVIEW, kept or reason)

    def _at(
        self, start: int, rule: Rule, kind: ReferenceKind, verdict: Verdict, reason: str
    ) -> Reference:
        line, column = self._source.position(start)
        display = self._file.display
        return Reference(display, line, column, rule.old, rule.label, kind, verdict, reason)

    def _notices(self) -> list[Notice]:
        places = ((self._source.position(at), message) for at, message in self._keeping.notices)
        return [Notice(self._file.display, *place, message) for place, message in sorted(places)]
