"""Analyse one file: its references, and the edits that migrate it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence

import libcst as cst

from analyzers.context import mark_intercepted
from analyzers.depth import TooDeepError
from analyzers.discover import PythonFile
from analyzers.locate import LocateError
from analyzers.model import FileAnalysis, Kind, Reference, Rule, Verdict
from analyzers.modules import package_of
from analyzers.names import How
from analyzers.proof import failure
from analyzers.resolve import Found, Resolver
from analyzers.rewrite import Rewriter
from analyzers.rules import Hit, RuleIndex
from analyzers.scan import Scan, Search, scan, syntax_message
from analyzers.scopes import ScopeKind
from analyzers.source import Source, SourceError
from analyzers.strings import Mention, Mentions
from analyzers.task import Outcome, Task


def analyze(task: Task) -> Outcome:
    """Find, plan and prove everything in one file. Never raises for what a file may contain."""
    try:
        return _analyze(task.file, task.data, task)
    except (SourceError, LocateError) as error:
        return Outcome(error=str(error))
    except cst.ParserSyntaxError as error:
        return Outcome(error=syntax_message(task.data, error))
    except (TooDeepError, RecursionError):
        message = "an expression is nested too deeply to be analysed"
        return Outcome(error=message, too_deep=not task.apart)


def _analyze(file: PythonFile, data: bytes, task: Task) -> Outcome:
    source, rules, context = Source(data), task.rules, task.context
    heads = frozenset(head for head in rules.heads if head in source.text)
    if not heads:
        if file.named:
            check_syntax(source)
        return Outcome()
    package = package_of(file.location, task.module)
    search = Search(heads, rules.modules, rules.new_roots, package, deep=task.apart)
    result = scan(source, search)
    resolver = Resolver(result, rules)
    references = resolver.references()
    mark_intercepted(references, context)
    rewriting = Rewriter(result, context).rewrite(references)
    _follow_imports(references)
    finder = _mentions(result, rules, resolver)
    mentions = list(finder)
    found = _merge(file, result, references, mentions)
    analysis, unproved = None, None
    if found:
        edits = source.to_edits(rewriting.changes)
        analysis = FileAnalysis(file.display, file.location, data, found, edits)
        if task.prove and edits:
            unproved = failure(analysis, rewriting.intention, result.pieces)
    return Outcome(
        analysis,
        unproved=unproved or "",
        unknown=frozenset(resolver.unknown | finder.unknown),
        exports=_exports(task.module, references),
        intention=rewriting.intention,
        dropped=frozenset(rewriting.dropped),
        replaced=frozenset(rewriting.replaced),
        patched=_patched(file, result, references, mentions),
    )


def _merge(
    file: PythonFile, result: Scan, references: Sequence[Found], mentions: Sequence[Mention]
) -> tuple[Reference, ...]:
    """All references of a file in order; a string counts once, also if it was found twice."""
    found = {_reference(file, result, reference) for reference in references}
    places = {(reference.line, reference.column, reference.label) for reference in found}
    quoted = (_mention(file, result, mention) for mention in mentions)
    found |= {m for m in quoted if (m.line, m.column, m.label) not in places}
    return tuple(sorted(found, key=lambda r: (r.line, r.column, r.qualified_name, r.kind)))


def _exports(parts: tuple[str, ...], references: Sequence[Found]) -> dict[str, Rule]:
    module = ".".join(parts)
    imports = (f for f in references if f.kind is Kind.IMPORT)
    return {
        f"{module}.{found.bindings[0].name}": found.rule
        for found in imports
        if (site := found.bindings[0].site) is not None and site.scope.kind is ScopeKind.MODULE
    }


def _patched(
    file: PythonFile, result: Scan, references: Sequence[Found], mentions: Sequence[Mention]
) -> dict[str, str]:
    places = [(f.target, result.offset(f.node)) for f in references if f.patches]
    places += [(mention.target, mention.start) for mention in mentions if mention.patches]
    position = result.source.position
    return {target: f"{file.display}:{position(at)[0]}" for target, at in reversed(places)}


def check_syntax(source: Source) -> None:
    """Raise `SourceError` if a whole file is not valid, for this Python or for LibCST."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source.data, "<source>", "exec", dont_inherit=True)
    except SyntaxError:
        scan(source, Search(frozenset(), frozenset(), whole=True))


def _follow_imports(references: Iterable[Found]) -> None:
    """A name whose import stays as it is keeps its meaning, so its uses stay too."""
    stays = {id(f.bindings[0]): f for f in references if f.kind is Kind.IMPORT and f.reasons}
    for found in references:
        if found.kind is not Kind.IMPORT and not found.depth:
            reasons = [r for b in found.bindings if id(b) in stays for r in stays[id(b)].reasons]
            found.reasons += [reason for reason in reasons if reason not in found.reasons]


def _mentions(result: Scan, rules: RuleIndex, resolver: Resolver) -> Mentions:
    module = result.names.module

    def imported(name: str) -> Hit | None:
        bindings = (b for b in module.bindings.get(name, ()) if b.how is How.IMPORT)
        hits = (rules.find(b.origin, ()) for b in bindings if b.origin is not None)
        return next(hits, None)

    return Mentions(
        result.source.text, result.index, rules, lambda n: resolver.is_module(module, n), imported
    )


def _reference(file: PythonFile, result: Scan, found: Found) -> Reference:
    line, column = result.source.position(_start(result, found))
    verdict = Verdict.REVIEW if found.reasons else Verdict.REWRITE
    reason = "; ".join(found.reasons) or found.note
    rule = found.rule
    return Reference(file.display, line, column, rule.old, rule.label, found.kind, verdict, reason)


def _start(result: Scan, found: Found) -> int:
    """Where the expression begins: before parentheses around the module, if there are any."""
    start, text = result.offset(found.node), result.source.text
    if found.use is None or not 0 < found.depth <= len(found.use.nodes):
        return start
    last = found.use.nodes[found.depth - 1]
    for _ in range(text.count(")", start, result.offset(last))):
        start = text.rfind("(", 0, start)
    return start


def _mention(file: PythonFile, result: Scan, mention: Mention) -> Reference:
    line, column = result.source.position(mention.start)
    rule = mention.rule
    return Reference(
        file.display,
        line,
        column,
        rule.old,
        rule.label,
        Kind.STRING,
        Verdict.REVIEW,
        mention.reason,
    )
