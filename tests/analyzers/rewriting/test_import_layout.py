"""Import statements with removed or moved aliases, checked with Python's own parser."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.analyzers.rewriting.import_layout import ImportLayout

NAMES = ("a", "b2", "as_", "imports", "fromage", "_import", "é", "हिन्दी", "名前", "\u210c")
BLANKS = (" ", " ", "  ", "\t", "\x0c ", " \\\n  ", "\\\n")
LINES = (
    *(
        "\n",
        "\n    ",
        " # c, ) (\n",
        "  # as\n    ",
        "\n    # import a\n    ",
        "# \\\n\t",
        "\n\n  ",
    ),
    *("# c \\\n \\\n ", "\\\n # c\n", "#\n  # ,\n\n \x0c "),
)
MODULES = ("x", "x.y", "x . y", ".", "..", ". . .", ".x", ". x", "...x.y", "importx", "é.名前")


@dataclass(frozen=True)
class Written:
    """A generated statement and its parts."""

    start: str
    """``import``, or everything up to the aliases."""
    module: tuple[str, str, str]
    """The module of a ``from`` with the space before and after it."""
    names: list[str]
    suffixes: list[str]
    """What follows each name, such as ``as b``."""
    commas: list[str]
    """Each comma with the space around it; empty for a last alias without one."""
    closing: str

    @property
    def aliases(self) -> list[str]:
        return [name + suffix for name, suffix in zip(self.names, self.suffixes, strict=True)]

    @property
    def units(self) -> list[str]:
        return [alias + comma for alias, comma in zip(self.aliases, self.commas, strict=True)]

    @property
    def code(self) -> str:
        return self.start + "".join(self.units) + self.closing


def comments(text: str) -> list[str]:
    return re.findall(r"#[^\r\n]*", text)


def pieces(text: str) -> list[str]:
    """Return comments and punctuation, without the space between."""
    return re.findall(r"#[^\r\n]*|[,)]", text)


def newlines(text: str) -> set[str]:
    return set(re.findall(r"\r\n?|\n", text))


def imported(code: str) -> list[tuple[str, str | None]]:
    """Return the aliases according to Python's parser."""
    (statement,) = ast.parse(code).body
    assert isinstance(statement, ast.Import | ast.ImportFrom)
    return [(alias.name, alias.asname) for alias in statement.names]


@st.composite
def statements(draw: st.DrawFn, *, only_from: bool = False) -> Written:
    newline = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    number = iter(range(1000))

    def space(*more: str) -> str:
        """Draw some space, with the statement's newline and with numbered comments."""
        text = draw(st.sampled_from(more)).replace("\n", newline)
        return re.sub("#", lambda _: f"#{next(number)}", text)

    has_from = only_from or draw(st.booleans())
    parenthesised = has_from and draw(st.booleans())
    inside = BLANKS + LINES if parenthesised else BLANKS
    start, module = "import", ("", "", "")
    if has_from:
        name = draw(st.sampled_from(MODULES))
        before = space(*BLANKS, *([""] if name[0] == "." else []))
        module = before, name, space(*BLANKS, *([""] if name[-1] == "." else []))
        start = f"from{''.join(module)}import"
    start += f"{space('', *BLANKS)}({space('', *inside)}" if parenthesised else space(*BLANKS)
    names, suffixes, commas = [], [], []
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5)):
        dotted = draw(st.booleans()) and not has_from
        names.append(f"{name}{space('', *BLANKS)}.{space('', *BLANKS)}c" if dotted else name)
        bound = draw(st.sampled_from(["", *NAMES]))
        suffixes.append(f"{space(*inside)}as{space(*inside)}{bound}" if bound else "")
        commas.append(f"{space('', '', *inside)},{space('', *inside)}")
    closing = ""
    if not parenthesised or draw(st.booleans()):
        commas[-1] = ""
        closing = space("", *inside) if parenthesised else ""
    return Written(start, module, names, suffixes, commas, closing + ")" * parenthesised)


@st.composite
def removals(draw: st.DrawFn) -> tuple[Written, set[int]]:
    written = draw(statements())
    return written, draw(st.sets(st.integers(0, len(written.names) - 1)))


@given(removals())
def test_exactly_the_other_aliases_remain(removal: tuple[Written, set[int]]) -> None:
    written, gone = removal
    left = [alias for i, alias in enumerate(imported(written.code)) if i not in gone]
    result = ImportLayout.of(written.code).without(gone)
    assert (result is None) == (not left)
    if result is not None:
        assert imported(result) == left


@settings(max_examples=400)
@given(removals())
def test_only_the_aliases_are_removed(removal: tuple[Written, set[int]]) -> None:
    written, gone = removal
    kept = [i for i in range(len(written.names)) if i not in gone]
    result = ImportLayout.of(written.code).without(gone)
    if result is None:
        return
    head = written.start + "".join(written.units[i] for i in kept[:-1])
    if kept[-1] == len(written.names) - 1:
        assert result == head + written.units[-1] + written.closing
        return
    head += written.aliases[kept[-1]]
    assert result.startswith(head)
    own, last = comments(written.commas[kept[-1]]), written.commas[-1]
    ending = pieces(result[len(head) :])
    assert ending.count(",") == bool(own or last)
    assert [piece for piece in ending if piece != ","] == [*own, *pieces(written.closing)]
    assert newlines(result) <= newlines(written.code)


@given(removals())
def test_no_blank_line_is_added(removal: tuple[Written, set[int]]) -> None:
    written, gone = removal
    result = ImportLayout.of(written.code).without(gone)
    blank = re.compile(r"(?:\r\n|\r(?!\n)|\n)[ \t\f]*(?=[\r\n])")
    assert len(blank.findall(result or "")) <= len(blank.findall(written.code))


@given(statements())
def test_comments_are_those_around_the_comma(written: Written) -> None:
    layout = ImportLayout.of(written.code)
    found = [layout.comments(i) for i in range(len(layout.aliases))]
    assert found == [comments(comma) for comma in written.commas]


@given(statements(only_from=True), st.data())
def test_from_elsewhere_changes_the_module_and_the_names(
    written: Written, data: st.DataObject
) -> None:
    size = len(written.names)
    names = data.draw(st.lists(st.sampled_from([*NAMES, "new"]), min_size=size, max_size=size))
    result = ImportLayout.of(written.code).from_elsewhere("new.home", names)
    before, _, after = written.module
    elsewhere = f"from{before or ' '}new.home{after or ' '}import"
    expected = elsewhere + written.start.removeprefix(f"from{''.join(written.module)}import")
    for old, new, suffix, comma in zip(
        written.names, names, written.suffixes, written.commas, strict=True
    ):
        expected += new + (suffix or (f" as {old}" if new != old else "")) + comma
    assert result == expected + written.closing
    (statement,) = ast.parse(result).body
    assert isinstance(statement, ast.ImportFrom)
    assert (statement.module, statement.level) == ("new.home", 0)
    assert [a.name for a in statement.names] == [unicodedata.normalize("NFKC", n) for n in names]
    bound = [asname or name for name, asname in imported(written.code)]
    assert [alias.asname or alias.name for alias in statement.names] == bound


@pytest.mark.parametrize(
    ("code", "gone", "left"),
    [
        ("import a, b", {0}, "import b"),
        ("import a, b . c as d, e", {1, 2}, "import a"),
        ("import a, \\\n    b", {1}, "import a"),
        ("from x import(a,b,)", {1}, "from x import(a,)"),
        ("from x import (\n    a,\n    b\n)", {1}, "from x import (\n    a\n)"),
        ("from x import (\n    a,\n    b  # b\n)", {1}, "from x import (\n    a  # b\n)"),
        ("from x import (\n    a,\n    b,  # b\n)", {1}, "from x import (\n    a,\n)"),
        ("from x import (\n    a,  # a\n    b,  # b\n)", {1}, "from x import (\n    a,  # a\n)"),
        ("from x import (\n    a,  # a\n    b\n)", {1}, "from x import (\n    a,  # a\n)"),
        (
            "from x import (\n    a,  # a\n    b  # b\n)",
            {1},
            "from x import (\n    a,  # a\n    # b\n)",
        ),
        (
            "from x import (  # x\n    # a\n    a,\n    # b\n    b,\n    # c\n    c,\n)",
            {0},
            "from x import (  # x\n    # a\n    b,\n    # c\n    c,\n)",
        ),
        ("from x import (a,  # a\r\n               b)", {1}, "from x import (a,  # a\r\n  )"),
        ("from x import (a,  # a\n  b \\\n # b\n)", {1}, "from x import (a,  # a\n  \\\n # b\n)"),
        ("from x import (a,  # a\n  b,  # b\n  # c\n)", {1}, "from x import (a,  # a\n)"),
        ("from x import (a, b  # b\n    ,)", {1}, "from x import (a,)"),
        ("from x import (a  # a, b\n    , b)", {1}, "from x import (a  # a, b\n    , )"),
    ],
)
def test_layout_after_removal(code: str, gone: Collection[int], left: str) -> None:
    assert ImportLayout.of(code).without(gone, indent="  ") == left


@pytest.mark.parametrize(
    ("code", "names", "moved"),
    [
        ("from x import a", ["a"], "from m.n import a"),
        ("from . x . y import (a as b,)", ["c"], "from m.n import (c as b,)"),
        ("from.x import a, b", ["a", "c"], "from m.n import a, c as b"),
        ("from.import(a)", ["b"], "from m.n import(b as a)"),
    ],
)
def test_from_elsewhere(code: str, names: list[str], moved: str) -> None:
    assert ImportLayout.of(code).from_elsewhere("m.n", names) == moved


@pytest.mark.parametrize("code", ["", "x = 1", "from x import *", "from x import*", "important"])
def test_statements_that_import_no_names_are_rejected(code: str) -> None:
    with pytest.raises(ValueError, match="not an import of names"):
        ImportLayout.of(code)
