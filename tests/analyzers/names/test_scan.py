"""Tests for reading the names of a file: what is parsed, and what is found all the same."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.analyzers.names import scan as module
from workbench.analyzers.names.bindings import Names
from workbench.analyzers.names.scan import Scan, Search, scan
from workbench.analyzers.syntax.depth import TooDeepError
from workbench.analyzers.syntax.pieces import Piece
from workbench.analyzers.syntax.source import Source, SourceError

HEADS, MODULES = frozenset(("work",)), frozenset(("lib.core", "lib.more.tools"))


def scanned(code: str, **options: Any) -> Scan:
    return scan(Source(code.encode()), Search(HEADS, MODULES, **options))


def parsed(result: Scan) -> list[str]:
    """Return the statements that were parsed, without space around them."""
    text = result.source.text
    return [text[piece.start : piece.end].strip() for piece in result.trees]


def found(names: Names) -> list[tuple[str, int]]:
    return sorted((".".join((use.name, *use.attributes)), use.root.start) for use in names.uses)


def test_the_tails_of_modules_are_words_of_their_own() -> None:
    assert Search(HEADS, MODULES).tails == {"core", "tools"}


@pytest.mark.parametrize(
    ("code", "statements"),
    [
        ("import a\na.b()\n", []),
        ("import a\na.work()\n", ["import a", "a.work()"]),
        ("x = core.other\ncore.work()\n", ["core.work()"]),
        ("core.other()\nx = core\n", ["x = core"]),
        ("import core.other\n", ["import core.other"]),
        ("import x, \\\n core.y\ncore.z\n", ["import x, \\\n core.y"]),
        ("# work\nx.workshop\n", []),
        ("f'{core}'\n", ["f'{core}'"]),
        ("from x import *\ny = 1\n", ["from x import *"]),
        ("from x import(a)\n", []),
        (
            "import a\nb = a\nc = b\nc.work\nd.x = c\n",
            ["import a", "b = a", "c = b", "c.work", "d.x = c"],
        ),
    ],
)
def test_only_statements_that_matter_are_parsed(code: str, statements: list[str]) -> None:
    assert sorted(parsed(scanned(code))) == sorted(statements)


def test_names_that_other_statements_use_are_noted() -> None:
    result = scanned("import lib.core as core\ncore.other()\nprint(lib, 'tools')\ncore.work()\n")
    assert result.used_elsewhere == {"core"}
    assert found(result.names) == [("core.work", result.source.text.index("core.work"))]


def test_a_whole_file_is_parsed_on_demand() -> None:
    code = "import a\nx = 1\n"
    assert parsed(scanned(code)) == []
    assert parsed(scanned(code, whole=True)) == ["import a", "x = 1"]
    with pytest.raises(SourceError):
        scanned("import a\nx = = 1\n", whole=True)
    assert scanned("import a\nx = = 1\n").names.uses == []


def test_other_names_are_recorded_too() -> None:
    code = "import fast\nfast.x()\n"
    assert found(scanned(code).names) == []
    result = scanned(code, others=frozenset(("fast",)))
    assert list(result.names.module.bindings) == ["fast"]
    assert result.used_elsewhere == {"fast"}


def test_roots_of_dotted_names_in_strings_are_recorded() -> None:
    assert list(scanned("import a, b\nx('a.work')\n").names.module.bindings) == ["a"]


def test_relative_imports_start_from_the_package() -> None:
    result = scanned("from .core import work\n", package=("lib",))
    assert result.names.module.bindings["work"][0].origin == "lib.core.work"


def test_global_bindings_are_marked() -> None:
    result = scanned("def f():\n  global work\n  from x import work\nimport work\n")
    assert [b.declared for b in result.names.module.bindings["work"]] == [False, True]


STATEMENTS = st.sampled_from(
    [
        "import lib.core",
        "from lib import core as c",
        "from lib.core import work",
        "def f(core):\n    return core.work, c.work",
        "class C:\n    core = 1\n    work = core.work",
        "x = [core.work for core in c]",
        "if c: from lib import core",
        "core.other(c)",
        "c.a.b()",
        "x = f'{c.work!r:{core}}'",
        "'core.work'; c = core",
        "del c",
        "@c.work\ndef core(): work()",
    ]
)


@settings(max_examples=150)
@given(st.lists(STATEMENTS, max_size=6).map("\n".join))
def test_a_partial_scan_finds_what_a_whole_one_does(code: str) -> None:
    partial, complete = scanned(code).names, scanned(code, whole=True).names
    work = [use for use in found(complete) if "work" in use[0]]
    assert [use for use in found(partial) if "work" in use[0]] == work
    for name, bindings in partial.module.bindings.items():
        wanted = [b.token.start for b in complete.module.bindings[name]]
        assert [b.token.start for b in bindings] == wanted


def test_text_that_cannot_be_split_is_parsed_whole() -> None:
    for code in ("x = 1\nwork('a)\n", "x = 1\ny = 'a\n"):
        with pytest.raises(SourceError, match=r"^line 2: [^\n]*\Z"):
            scanned(code)


def test_a_statement_that_is_not_valid_on_its_own_leads_to_the_whole_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(SourceError, match="line 3"):
        scanned("core.work()\nif x:\nelse work:\n")
    code = "import lib.core as core\nx = [core.work,\ncore.work]\n"
    usual = found(scanned(code).names)
    half = code.rindex("core.work")
    pieces = [Piece(0, half), Piece(half, len(code))]
    monkeypatch.setattr(module, "split", lambda *_: pieces)
    assert found(scanned(code).names) == usual


def test_newer_syntax_is_read_by_another_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import lib.core as core\nx = core.work, f'{core.work}'\n"
    usual = found(scanned(code).names)

    def refuse(_: str) -> ast.Module:
        raise SyntaxError

    monkeypatch.setattr(module, "parse", refuse)
    result = scanned(code)
    assert found(result.names) == usual
    assert result.trees == {}
    deep = f"x = core.work{' + 1' * 900}\n"
    with pytest.raises(TooDeepError):
        scanned(deep)
