"""Text for terminals: colours of our own, and names that cannot hide or command anything."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_NAME = 300
LONGEST_PATH = 4096
"""The longest path that Linux opens: a shortened path would be useless."""


def visible_path(path: str) -> str:
    """Make every character of a path show, or of a line that holds one; a cut one is no use."""
    return visible(path, LONGEST_PATH)


def visible(text: str, longest: int = LONGEST_NAME) -> str:
    """Make every character show: controls, direction marks and lone surrogates become escapes.

    Text longer than ``longest`` is cut, with an ellipsis.
    """
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in text
    )


@dataclass(frozen=True)
class Style:
    """Adds terminal colours, or none. Add them last: they would count as columns."""

    color: bool = False

    def bold(self, text: str) -> str:
        """Return the text in bold."""
        return self._paint(text, "1")

    def faint(self, text: str) -> str:
        """Return the text in less contrast, for what is settled."""
        return self._paint(text, "2")

    def red(self, text: str) -> str:
        """Return the text in red, for what fails or goes."""
        return self._paint(text, "31")

    def green(self, text: str) -> str:
        """Return the text in green, for what passes or comes."""
        return self._paint(text, "32")

    def yellow(self, text: str) -> str:
        """Return the text in yellow, for what somebody has to look at."""
        return self._paint(text, "33")

    def cyan(self, text: str) -> str:
        """Return the text in cyan, for what tells a place."""
        return self._paint(text, "36")

    def diff_line(self, text: str) -> str:
        """Return a line of a unified diff in the colour of what it is."""
        if text.startswith(("--- ", "+++ ")):
            return self.bold(text)
        paint = {"+": self.green, "-": self.red, "@": self.cyan}.get(text[:1])
        return paint(text) if paint is not None else text

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text else text


PLAIN = Style()
