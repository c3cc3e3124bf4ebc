"""The text of an import statement, so that its aliases can go or change and the layout stay."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

# A name is whatever else there is: `\w` lacks the combining marks that identifiers may have.
_TOKEN = re.compile(r"#[^\r\n]*|[ \t\f\r\n\\]+|([.,()]|[^ \t\f\r\n\\#.,()]+)")
_GAP = re.compile(r"(#[^\r\n]*)|(,)|(\r\n?|\n)|\\(?:\r\n?|\n)|[ \t\f]+")
_COMMENT, _COMMA, _NEWLINE = 1, 2, 3


@dataclass(frozen=True)
class _Alias:
    """Where an alias stands: ``[start, end)``, its dotted name ``[start, name_end)``."""

    start: int
    name_end: int
    end: int
    stop: int
    """Where what follows its comma begins; ``end`` if it has no comma."""


@dataclass(frozen=True)
class ImportLayout:
    """One import statement and where its parts stand, as offsets in its code."""

    code: str
    aliases: tuple[_Alias, ...]
    module: tuple[int, int] | None
    """The range of the module and its leading dots; None if the statement has no ``from``."""

    @classmethod
    def of(cls, code: str) -> ImportLayout:
        """Split a valid statement, given from its keyword to its end, parenthesis included.

        Raise `ValueError` for what imports no names: a star, another statement.
        """
        tokens = [(m[1], m.start(), m.end()) for m in _TOKEN.finditer(code) if m[1]]
        words = [word for word, _, _ in tokens]
        if words[:1] not in (["import"], ["from"]) or "import" not in words or "*" in words:
            raise ValueError(f"not an import of names: {code!r}")
        keyword = words.index("import")
        module = (tokens[1][1], tokens[keyword - 1][2]) if keyword else None
        first = keyword + 1 + (words[keyword + 1 : keyword + 2] == ["("])
        return cls(code, tuple(_split(tokens[first:])), module)

    def comments(self, index: int) -> list[str]:
        """The comments that go with an alias: those beside its comma, up to the next alias."""
        alias = self.aliases[index]
        gap = self.code[alias.end : alias.stop]
        return [m[_COMMENT] for m in _GAP.finditer(gap) if m[_COMMENT]]

    def without(self, indexes: Collection[int], indent: str = "") -> str | None:
        """The statement without some of its aliases; None if none is left.

        ``indent`` is that of the statement's block: a closing parenthesis that may no longer
        stand behind the last alias, as there is a comment now, gets a line with this indent.
        """
        kept = [alias for i, alias in enumerate(self.aliases) if i not in indexes]
        if not kept:
            return None
        head, last = self.code[: self.aliases[0].start], kept.pop()
        parts = [head, *(self.code[alias.start : alias.stop] for alias in kept)]
        if last is self.aliases[-1]:
            parts.append(self.code[last.start :])
        else:
            parts += [self.code[last.start : last.end], self._ending(last, indent)]
        return "".join(parts)

    def from_elsewhere(self, module: str, names: Sequence[str]) -> str:
        """The statement with all it imports taken from ``module``, under ``names`` there.

        What the aliases bind stays. Only for a statement with ``from``.
        """
        assert self.module is not None
        start, end = self.module
        after_from = self.code[len("from") : start] or " "
        before_import = "" if self.code[end] in " \t\f\\" else " "
        parts = ["from", after_from, module, before_import]
        for alias, name in zip(self.aliases, names, strict=True):
            old = self.code[alias.start : alias.name_end]
            renamed = name != old and alias.end == alias.name_end
            parts += [self.code[end : alias.start], name, f" as {old}" if renamed else ""]
            end = alias.name_end
        return "".join([*parts, self.code[end:]])

    def _ending(self, alias: _Alias, indent: str) -> str:
        """What follows an alias that becomes the last one, laid out as for the last one."""
        last = self.aliases[-1]
        own, comma = self.code[alias.end : alias.stop], self.code[last.end : last.stop]
        closing = self.code[last.stop :]
        if "#" not in own:
            return (_without_comments(comma) if "#" in comma else comma) + closing
        newlines = _newlines(own)
        if not newlines:  # the comments stand before the comma
            return own + closing
        own, own_indent = own[: newlines[-1].end()], own[newlines[-1].end() :]
        gap = comma or closing[:-1]
        newlines = _newlines(gap)
        if not newlines:
            return f"{own}{indent})"
        if comma:
            return own + gap[newlines[-1].end() :] + closing
        if "#" in gap[: newlines[0].start()]:
            return own + own_indent + closing.lstrip(" \t\f")
        return own + closing[newlines[0].end() :]  # the line of what went is none any more


def _split(tokens: Sequence[tuple[str, int, int]]) -> Iterator[_Alias]:
    """The aliases in the tokens after ``import``, or after the parenthesis if there is one."""
    commas = [i for i, (word, _, _) in enumerate(tokens) if word == ","]
    size = len(tokens) - (tokens[-1][0] == ")")
    for before, at in pairwise([-1, *commas, size]):
        if before + 1 < at:  # nothing stands behind a trailing comma
            end = tokens[at - 1][2]
            name_end = tokens[at - 3][2] if tokens[at - 2][0] == "as" else end
            stop = tokens[at + 1][1] if at < size else end
            yield _Alias(tokens[before + 1][1], name_end, end, stop)


def _newlines(gap: str) -> list[re.Match[str]]:
    """The newlines between an alias and the next, behind the comma if there is one."""
    found: list[re.Match[str]] = []
    for match in _GAP.finditer(gap):
        if match[_COMMA]:
            found.clear()
        elif match[_NEWLINE]:
            found.append(match)
    return found


def _without_comments(comma: str) -> str:
    """A comma and what follows it, with at most one newline and no comments."""
    newlines = _newlines(comma)
    if newlines:
        return "," + newlines[0][0] + comma[newlines[-1].end() :]
    return comma[comma.rindex(",") :]
