"""References inside string literals: patch targets, ``__all__``, code to be evaluated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbench.analyzers.rules import Hit, Rule, RuleIndex
from workbench.analyzers.syntax.lexer import Span, SpanIndex, SpanKind

_PATH = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_DOTTED = re.compile(r"(?<![\w.])[^\W\d]\w*(?:\.[^\W\d]\w*)+")
PATCHING = re.compile(r"(?:patch|setattr|delattr)[\w.]*\(\s*(?:\w+\s*=\s*)?\Z")
_ALL = re.compile(r"\b__all__\b[^\[(\r\n]*[\[(]")


@dataclass(frozen=True)
class Literal:
    """A string literal: where it begins, its text between the quotes, and what it is."""

    start: int
    end: int
    content: str
    formatted: bool
    prose: bool
    """A docstring, or another long string that no code reads as a name."""


def literals(text: str, index: SpanIndex, words: frozenset[str]) -> Iterator[Literal]:
    """The string literals that hold one of the words."""
    return (literal_of(text, span) for span in index.holding(words))


def literal_of(text: str, span: Span) -> Literal:
    """The literal that a span holds."""
    raw = text[span.start : span.end]
    opening = len(raw) - len(raw.lstrip("bBrRuUfFtT"))
    width = 3 if raw[opening : opening + 3] in ('"""', "'''") else 1
    content = raw[opening + width : len(raw) - width]
    line = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
    alone = not text[line : span.start].strip()
    prose = width == 3 and alone and any(character.isspace() for character in content)
    return Literal(span.start, span.end, content, span.kind is SpanKind.FORMATTED, prose)


def roots(literal: Literal, words: frozenset[str]) -> Iterator[str]:
    """First parts of the dotted names in a literal that end in one of the words."""
    if not literal.prose:
        for match in _DOTTED.finditer(literal.content):
            root, *attributes = match.group().split(".")
            if not words.isdisjoint(attributes):
                yield root


@dataclass(frozen=True)
class Mention:
    """A literal that names a function of the rules."""

    start: int
    rule: Rule
    target: str
    """The variable that the string names."""
    reason: str
    patches: bool = False
    """Whether the string is the target of a call that replaces the function."""


class Mentions:
    """Finds literals that name functions; ``module_of`` resolves a name at module level."""

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
        """Dotted names that end like a rule's, which other files may make one."""

    def __iter__(self) -> Iterator[Mention]:
        for literal in self._literals:
            if literal.prose:
                continue
            hit, reason = self._named(literal)
            if hit is not None:
                before = self._text[max(0, literal.start - 200) : literal.start]
                patches = PATCHING.search(before) is not None
                yield Mention(literal.start, hit.rule, hit.target, reason, patches)

    def _named(self, literal: Literal) -> tuple[Hit | None, str]:
        content = literal.content
        if literal.formatted:
            return self._composed(content), "a name that is put together when the code runs"
        if any(start <= literal.start < end for start, end in self._exported):
            hit = self._imported(content)
            if hit is not None:
                return hit, "exported by `__all__`: importers of this module get it"
        path = _PATH.match(content.replace(":", ".", 1))
        if path is not None:
            hit = self._absolute(path.group())
            if hit is not None:
                return hit, "named by a string"
            if path.group() == content and content.rpartition(".")[2] in self._rules.heads:
                self.unknown.add(content)
        return self._evaluated(content), "named in a string that may be evaluated"

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
        """``f"{module}.function"``."""
        if not content.startswith("{"):
            return None
        head = content.rpartition("}.")[2]
        names = (name for name in self._rules.by_name if name.rpartition(".")[2] == head)
        return next((self._rules.find(name, ()) for name in names), None)


def _exported(text: str, index: SpanIndex) -> Iterator[tuple[int, int]]:
    """Ranges of the lists of names that ``__all__`` is given."""
    for match in _ALL.finditer(text) if "__all__" in text else ():
        if index.at(match.start()) is None:
            position = match.end()
            while position < len(text) and text[position] not in "])":
                span = index.at(position)
                position = span.end if span is not None else position + 1
            yield match.end(), position
