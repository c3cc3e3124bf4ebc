"""Text for terminals: colours, and names without invisible or control characters."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_NAME = 300
LONGEST_PATH = 4096
"""The longest path that Linux can open; a shortened path would be useless."""


def visible_path(path: str) -> str:
    """Escape invisible characters of a path, or of a line with a path, without shortening it."""
    return visible(path, LONGEST_PATH)


def visible(text: str, longest: int = LONGEST_NAME) -> str:
    """Escape invisible characters: controls, direction marks and lone surrogates.

    Text longer than ``longest`` is shortened with an ellipsis.
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
    """Adds terminal colours, or none. Apply it after alignment: escape codes have a length."""

    color: bool = False

    def bold(self, text: str) -> str:
        """Return the text in bold."""
        return self._paint(text, "1")

    def faint(self, text: str) -> str:
        """Return the text in less contrast, for what needs no attention."""
        return self._paint(text, "2")

    def red(self, text: str) -> str:
        """Return the text in red, for failures and removed lines."""
        return self._paint(text, "31")

    def green(self, text: str) -> str:
        """Return the text in green, for successes and added lines."""
        return self._paint(text, "32")

    def yellow(self, text: str) -> str:
        """Return the text in yellow, for what needs a review."""
        return self._paint(text, "33")

    def cyan(self, text: str) -> str:
        """Return the text in cyan, for locations."""
        return self._paint(text, "36")

    def diff_line(self, text: str) -> str:
        """Return a line of a unified diff in its colour."""
        if text.startswith(("--- ", "+++ ")):
            return self.bold(text)
        paint = {"+": self.green, "-": self.red, "@": self.cyan}.get(text[:1])
        return paint(text) if paint is not None else text

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text else text


PLAIN = Style()
