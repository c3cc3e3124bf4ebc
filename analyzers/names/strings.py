"""Find references in string literals: patch targets, ``__all__``, code to be evaluated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbench.analyzers.rules import Hit, Rule, RuleIndex
from workbench.analyzers.syntax.lexer import Span, SpanIndex, SpanKind

_PATH = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_DOTTED = re.compile(r"(?<![\w.])[^\W\d]\w*(?:\.[^\W\d]\w*)+")
PATCHING = re.compile(r"(?:patch|setattr|delattr)[\w.]*\(\s*(?:\w+\s*=\s*)?\Z")
_ALL = re.compile(r"\b__all__\b(?:[ \t]*:[^=\r\n]*=)?[^\[(\r\n]*[\[(]")


@dataclass(frozen=True)
class Literal:
    """A string literal and its text between the quotes."""

    start: int
    end: int
    content: str
    formatted: bool
    prose: bool
    """Whether it is a docstring or similar text, which is not searched for names."""


def literals(text: str, index: SpanIndex, words: frozenset[str]) -> Iterator[Literal]:
    """Return the string literals that contain one of the words."""
    return (literal_of(text, span) for span in index.holding(words))


def literal_of(text: str, span: Span) -> Literal:
    """Return the literal at a span."""
    raw = text[span.start : span.end]
    opening = len(raw) - len(raw.lstrip("bBrRuUfFtT"))
    width = 3 if raw[opening : opening + 3] in ('"""', "'''") else 1
    content = raw[opening + width : len(raw) - width]
    line = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
    alone = not text[line : span.start].strip()
    prose = width == 3 and alone and any(character.isspace() for character in content)
    return Literal(span.start, span.end, content, span.kind is SpanKind.FORMATTED, prose)


def roots(literal: Literal, words: frozenset[str]) -> Iterator[str]:
    """Yield the first parts of dotted names in a literal that contain one of the words."""
    if not literal.prose:
        for match in _DOTTED.finditer(literal.content):
            root, *attributes = match.group().split(".")
            if not words.isdisjoint(attributes):
                yield root


@dataclass(frozen=True)
class Mention:
    """A literal that references a function of the rules."""

    start: int
    rule: Rule
    target: str
    """The variable that the string references."""
    reason: str
    patches: bool = False
    """Whether the string is the target of a call that replaces the function."""


class Mentions:
    """The literals that reference functions; ``module_of`` resolves a module-level name."""

    def __init__(
        self,
        text: str,
        index: SpanIndex,
        rules: RuleIndex,
        module_of: Callable[[str], str | None],
        imported: Callable[[str], Hit | None],
    ) -> None:
        self._text = text
        self._rules = rules
        self._module_of = module_of
        self._imported = imported
        self._literals = list(literals(text, index, rules.heads))
        self._exported = list(_exported(text, index))
        self.unknown: set[str] = set()
        """Dotted names that end like a rule's name and may turn out to be re-exports."""

    def __iter__(self) -> Iterator[Mention]:
        for literal in self._literals:
            if literal.prose:
                continue
            hit, reason = self._reference(literal)
            if hit is not None:
                before = self._text[max(0, literal.start - 200) : literal.start]
                patches = PATCHING.search(before) is not None
                yield Mention(literal.start, hit.rule, hit.target, reason, patches)

    def _reference(self, literal: Literal) -> tuple[Hit | None, str]:
        content = literal.content
        if literal.formatted:
            return self._composed(content), "the name is composed at run time"
        if any(start <= literal.start < end for start, end in self._exported):
            hit = self._imported(content)
            if hit is not None:
                return hit, "listed in `__all__`: other modules may import it from here"
        path = _PATH.match(content.replace(":", ".", 1))
        if path is not None:
            hit = self._absolute(path.group())
            if hit is not None:
                return hit, "referenced in a string"
            if path.group() == content and content.rpartition(".")[2] in self._rules.heads:
                self.unknown.add(content)
        return self._evaluated(content), "referenced in a string that may be evaluated"

    def _absolute(self, path: str) -> Hit | None:
        root, *attributes = path.split(".")
        return self._rules.find(root, tuple(attributes))

    def _evaluated(self, content: str) -> Hit | None:
        for match in _DOTTED.finditer(content):
            root, *attributes = match.group().split(".")
            module = self._module_of(root)
            found = self._rules.find(module, tuple(attributes)) if module is not None else None
            if found is not None:
                return found
        return None

    def _composed(self, content: str) -> Hit | None:
        """Resolve ``f"{module}.function"``."""
        if not content.startswith("{"):
            return None
        head = content.rpartition("}.")[2]
        names = (name for name in self._rules.by_name if name.rpartition(".")[2] == head)
        return next((self._rules.find(name, ()) for name in names), None)


def _exported(text: str, index: SpanIndex) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the lists that are assigned or added to ``__all__``."""
    for match in _ALL.finditer(text) if "__all__" in text else ():
        if index.at(match.start()) is None:
            position = match.end()
            while position < len(text) and text[position] not in "])":
                span = index.at(position)
                position = span.end if span is not None else position + 1
            yield match.end(), position
