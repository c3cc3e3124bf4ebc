"""Analyse one file: its references, and the edits that migrate it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence

from analyzers.context import mark_intercepted
from analyzers.copies import find_copies
from analyzers.depth import TooDeepError
from analyzers.discover import PythonFile
from analyzers.findings import Findings, start_of
from analyzers.keep import Keeping, index_of
from analyzers.model import Kind, Rule
from analyzers.modules import package_of
from analyzers.names import How
from analyzers.proof import failure
from analyzers.provenance import why_untouched
from analyzers.resolve import Found, Resolver
from analyzers.rewrite import Rewriter
from analyzers.rules import Hit, RuleIndex
from analyzers.scan import Scan, Search, scan
from analyzers.scopes import ScopeKind
from analyzers.source import Source, SourceError
from analyzers.strings import Mention, Mentions
from analyzers.task import Outcome, Task


def analyze(task: Task) -> Outcome:
    """Find, plan and prove everything in one file. Never raises for what a file may contain."""
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
        return Outcome(Findings(file, source, keeping).analysis(copies=copies))
    package = package_of(file.location, task.module)
    search = Search(heads, rules.modules, rules.new_roots, package, deep=task.apart)
    result = scan(source, search)
    copies = find_copies(module, source, rules, result.pieces, result.trees)
    resolver = Resolver(result, rules)
    references = resolver.references()
    finder = _mentions(result, rules, resolver)
    mentions = list(finder)
    mark_intercepted(references, context)
    _mark_untouched(references, why_untouched(source, result.index, context))
    places = [(start_of(result, found), found.rule.label) for found in references]
    places += [(mention.start, mention.rule.label) for mention in mentions]
    places += [(copied.start, copied.rule.label) for copied in copies]
    keeping = Keeping(source, result.index, places, context.declined, rules)
    _mark_kept(references, result, keeping)
    rewriting = Rewriter(result, context).rewrite(references)
    _follow_imports(references)
    starts = [(start_of(result, found), found) for found in references]
    findings = Findings(file, source, keeping)
    analysis = findings.analysis(starts, mentions, copies, rewriting.changes)
    unproved = None
    if task.prove and analysis is not None and analysis.edits:
        unproved = failure(analysis, rewriting.intention, result.pieces, result.trees)
    return Outcome(
        analysis,
        unproved=unproved or "",
        unknown=frozenset(resolver.unknown | finder.unknown),
        exports=_exports(module, references),
        intention=rewriting.intention,
        dropped=frozenset(rewriting.dropped),
        replaced=frozenset(rewriting.replaced),
        patched=_patched(file, result, references, mentions),
    )


def _exports(module: str, references: Sequence[Found]) -> dict[str, Rule]:
    imports = (f for f in references if f.kind is Kind.IMPORT)
    return {
        f"{module}.{found.bindings[0].name}": found.rule
        for found in imports
        if (site := found.bindings[0].site) is not None and site.scope.kind is ScopeKind.MODULE
    }


def _patched(
    file: PythonFile, result: Scan, references: Sequence[Found], mentions: Sequence[Mention]
) -> dict[str, str]:
    places = [(f.target, f.token.start) for f in references if f.patches]
    places += [(mention.target, mention.start) for mention in mentions if mention.patches]
    position = result.source.position
    return {target: f"{file.display}:{position(at)[0]}" for target, at in reversed(places)}


def check_syntax(source: Source) -> None:
    """Raise `SourceError` if a whole file is not valid, for this Python or a newer one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source.data, "<source>", "exec", dont_inherit=True)
    except SyntaxError:
        scan(source, Search(frozenset(), frozenset(), whole=True))


def _mark_untouched(references: Iterable[Found], why: str) -> None:
    """Leave a whole file alone, if there is a reason to."""
    for found in references:
        if why and not found.reasons:
            found.reasons.append(why)


def _mark_kept(references: Sequence[Found], result: Scan, keeping: Keeping) -> None:
    """Leave alone what the user wants to be left alone, and the imports it depends on."""
    needed: dict[int, str] = {}
    for found in references:
        start = start_of(result, found)
        reason = keeping.reason(start, found.rule.label)
        if reason:
            found.kept, found.reasons = True, [reason]
        if reason and found.kind is not Kind.IMPORT and not found.depth:
            line, _ = result.source.position(start)
            why = f"its use on line {line} is kept"
            needed |= {id(binding): needed.get(id(binding), why) for binding in found.bindings}
    for found in references:
        if found.kind is Kind.IMPORT and not found.kept and id(found.bindings[0]) in needed:
            found.reasons.append(needed[id(found.bindings[0])])


def _follow_imports(references: Iterable[Found]) -> None:
    """A name whose import stays as it is keeps its meaning, so its uses stay too."""
    stays = {id(f.bindings[0]): f for f in references if f.kind is Kind.IMPORT and f.reasons}
    for found in references:
        if found.kind is not Kind.IMPORT and not found.depth and not found.kept:
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
