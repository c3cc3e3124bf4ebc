"""Edit the text of an import statement: remove or change aliases, and preserve the layout."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

# Names match by exclusion: `\w` lacks the combining marks that identifiers may have.
_TOKEN = re.compile(r"#[^\r\n]*|[ \t\f\r\n\\]+|([.,()]|[^ \t\f\r\n\\#.,()]+)")
_GAP = re.compile(r"(#[^\r\n]*)|(,)|(\r\n?|\n)|\\(?:\r\n?|\n)|[ \t\f]+")
_COMMENT, _COMMA, _NEWLINE = 1, 2, 3


@dataclass(frozen=True)
class _Alias:
    """Offsets of an alias: ``[start, end)``; of its dotted name: ``[start, name_end)``."""

    start: int
    name_end: int
    end: int
    stop: int
    """Offset of the next token after the comma; ``end`` if there is no comma."""


@dataclass(frozen=True)
class ImportLayout:
    """One import statement and the offsets of its parts."""

    code: str
    aliases: tuple[_Alias, ...]
    module: tuple[int, int] | None
    """Range of the module with its leading dots; None if the statement has no ``from``."""

    @classmethod
    def of(cls, code: str) -> ImportLayout:
        """Parse a valid statement, from its keyword to its end, including the parenthesis.

        Raises `ValueError` for star imports and other statements.
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
        """Return the comments of an alias: those around its comma, up to the next alias."""
        alias = self.aliases[index]
        gap = self.code[alias.end : alias.stop]
        return [m[_COMMENT] for m in _GAP.finditer(gap) if m[_COMMENT]]

    def without(self, indexes: Collection[int], indent: str = "") -> str | None:
        """Return the statement without some of its aliases; None if no alias is left.

        ``indent`` is the indentation of the statement. A closing parenthesis that would end up in
        a comment goes on a line of its own with this indentation.
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
        """Return the statement with its aliases imported from ``module``, under ``names`` there.

        The names that the aliases bind stay the same. Only for statements with ``from``.
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
        """Return what follows an alias that becomes the last one, in the layout of the last."""
        last = self.aliases[-1]
        own, comma = self.code[alias.end : alias.stop], self.code[last.end : last.stop]
        closing = self.code[last.stop :]
        if "#" not in own:
            return (_without_comments(comma) if "#" in comma else comma) + closing
        newlines = _newlines(own)
        if not newlines:  # the comments come before the comma
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
        return own + closing[newlines[0].end() :]  # without the line of the removed aliases


def _split(tokens: Sequence[tuple[str, int, int]]) -> Iterator[_Alias]:
    """Yield the aliases in the tokens after ``import`` or its opening parenthesis."""
    commas = [i for i, (word, _, _) in enumerate(tokens) if word == ","]
    size = len(tokens) - (tokens[-1][0] == ")")
    for before, at in pairwise([-1, *commas, size]):
        if before + 1 < at:  # no alias follows a trailing comma
            end = tokens[at - 1][2]
            name_end = tokens[at - 3][2] if tokens[at - 2][0] == "as" else end
            stop = tokens[at + 1][1] if at < size else end
            yield _Alias(tokens[before + 1][1], name_end, end, stop)


def _newlines(gap: str) -> list[re.Match[str]]:
    """Return the newlines between two aliases, after the comma if there is one."""
    found: list[re.Match[str]] = []
    for match in _GAP.finditer(gap):
        if match[_COMMA]:
            found.clear()
        elif match[_NEWLINE]:
            found.append(match)
    return found


def _without_comments(comma: str) -> str:
    """Return a comma and what follows it, with at most one newline and no comments."""
    newlines = _newlines(comma)
    if newlines:
        return "," + newlines[0][0] + comma[newlines[-1].end() :]
    return comma[comma.rindex(",") :]
