"""Analyse one file: its references, and the edits that migrate it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import libcst as cst

from analyzers.discover import PythonFile
from analyzers.locate import LocateError
from analyzers.model import FileAnalysis, Kind, Reference, Rule, Verdict
from analyzers.modules import containing_package
from analyzers.names import How
from analyzers.resolve import Found, Resolver
from analyzers.rewrite import Rewriter, Surroundings
from analyzers.rules import RuleIndex
from analyzers.scan import Scan, Search, scan, syntax_message
from analyzers.source import Source, SourceError
from analyzers.strings import Mention, Mentions


@dataclass(frozen=True)
class Outcome:
    """What one file gave; ``error`` says why it could not be analysed."""

    analysis: FileAnalysis | None = None
    error: str = ""
    dropped: frozenset[str] = frozenset()
    """Names that the migrated module no longer has."""
    unknown: frozenset[str] = field(default_factory=frozenset)
    """Qualified names that other files may re-export a function under."""


def analyze(
    file: PythonFile, data: bytes, rules: RuleIndex, kept: frozenset[str] = frozenset()
) -> Outcome:
    """Find and plan everything in one file. Never raises for what a file may contain."""
    try:
        return _analyze(file, data, rules, kept)
    except (SourceError, LocateError) as error:
        return Outcome(error=str(error))
    except cst.ParserSyntaxError as error:
        return Outcome(error=syntax_message(data, error))
    except RecursionError:
        return Outcome(error="an expression is nested too deeply to be analysed")


def _analyze(file: PythonFile, data: bytes, rules: RuleIndex, kept: frozenset[str]) -> Outcome:
    source = Source(data)
    heads = frozenset(head for head in rules.heads if head in source.text)
    if not heads:
        if file.named:
            check_syntax(source)
        return Outcome()
    package = containing_package(file.location)
    result = scan(source, Search(heads, rules.modules, rules.new_roots, package))
    resolver = Resolver(result, rules)
    references = resolver.references()
    surroundings = Surroundings(file.location.stem == "__init__", kept)
    rewriting = Rewriter(result, surroundings).rewrite(references)
    _follow_imports(references)
    mentions = _mentions(result, rules, resolver)
    found = [*(_reference(file, result, f) for f in references)]
    found += [_mention(file, result, mention) for mention in mentions]
    unknown = frozenset(resolver.unknown | mentions.unknown)
    if not found:
        return Outcome(unknown=unknown)
    ordered = tuple(sorted(set(found), key=lambda r: (r.line, r.column, r.qualified_name)))
    edits = source.to_edits(rewriting.changes)
    analysis = FileAnalysis(file.display, file.location, data, ordered, edits)
    return Outcome(analysis, dropped=frozenset(rewriting.dropped), unknown=unknown)


def check_syntax(source: Source) -> None:
    """Raise `SourceError` if a whole file is not valid Python."""
    try:
        cst.parse_module(source.text)
    except cst.ParserSyntaxError as error:
        raise SourceError(syntax_message(source.data, error)) from None


def _follow_imports(references: Iterable[Found]) -> None:
    """A name whose import stays as it is keeps its meaning, so its uses stay too."""
    stays = {id(f.bindings[0]): f for f in references if f.kind is Kind.IMPORT and f.reasons}
    for found in references:
        if found.kind is not Kind.IMPORT and not found.depth:
            reasons = [r for b in found.bindings if id(b) in stays for r in stays[id(b)].reasons]
            found.reasons += [reason for reason in reasons if reason not in found.reasons]


def _mentions(result: Scan, rules: RuleIndex, resolver: Resolver) -> Mentions:
    module = result.names.module

    def imported(name: str) -> Rule | None:
        origins = (b.origin for b in module.bindings.get(name, ()) if b.how is How.IMPORT)
        return next(
            (rules.by_name[o] for o in origins if o is not None and o in rules.by_name), None
        )

    return Mentions(
        result.source.text, result.index, rules, lambda n: resolver.is_module(module, n), imported
    )


def _reference(file: PythonFile, result: Scan, found: Found) -> Reference:
    line, column = result.source.position(result.offset(found.node))
    verdict = Verdict.REVIEW if found.reasons else Verdict.REWRITE
    reason = "; ".join(found.reasons) or found.note
    rule = found.rule
    return Reference(file.display, line, column, rule.old, rule.label, found.kind, verdict, reason)


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
