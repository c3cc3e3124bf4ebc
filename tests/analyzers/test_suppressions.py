"""Suppression comments: what they suppress, where they apply, and which are unused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analyzers.sky_rules import RULES
from workbench.analyzers.audit import audit
from workbench.analyzers.model import Audit, Settings, Verdict
from workbench.analyzers.rules import RuleIndex
from workbench.analyzers.suppressions import Keeping, index_of
from workbench.analyzers.syntax.source import Source

IMPORT = "from sky.utils import common_utils\n"
FUNCTIONS = "from sky.utils.common_utils import format_float, get_cpu_count\n"
UNUSED = "unused suppression: no reference to format_float here"
UNNAMED = "invalid suppression: name the utility, as in `keep[NAME]`"


@pytest.fixture
def audited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.chdir(tmp_path)

    def run(code: str, **options: object) -> Audit:
        (tmp_path / "case.py").write_text(code, encoding="utf-8", newline="")
        return audit([tmp_path], RULES, settings=Settings(**options))  # type: ignore[arg-type]

    return run


def kept(found: Audit) -> list[tuple[int, str]]:
    return [(r.line, r.reason) for r in found.references if r.verdict is Verdict.KEEP]


def notices(found: Audit) -> list[tuple[int, int, str]]:
    return [(n.line, n.column, n.message) for n in found.notices]


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("common_utils.format_float(1)  # workbench: keep[format_float] why\n", [2]),
        ("# workbench: keep[format_float] why\ncommon_utils.format_float(1)\n", [3]),
        ("common_utils.format_float(1)  # noqa  # workbench: keep[format_float] why\n", [2]),
        ("common_utils.format_float(1)  # workbench: keep[format_float] why # noqa\n", [2]),
        ("common_utils.format_float(1)#workbench:keep [ format_float ] why\n", [2]),
        ("common_utils.format_float(1)  # workbench: keep[get_cpu_count,format_float] why\n", [2]),
        # On a line of its own, with other comments between.
        ("# workbench: keep[format_float] why\n# more\ncommon_utils.format_float(1)\n", [4]),
        ("def f():\n\t# workbench: keep[format_float] why\n\tcommon_utils.format_float(1)\n", [4]),
        # Anywhere in the statement, if the line itself has none.
        ("print(\n  common_utils.format_float(1),\n)  # workbench: keep[format_float] why\n", [3]),
        ("# workbench: keep[format_float] why\nprint(\n common_utils.format_float(1))\n", [4]),
        (
            "x = \\\n common_utils.format_float(1), \\\n 2  # workbench: keep[format_float] why\n",
            [3],
        ),
        ("x = (1, # workbench: keep[format_float] why\n common_utils.format_float(1))\n", [3]),
        # Only on its line, if the line has one.
        (
            "x = [\n  common_utils.format_float(1),  # workbench: keep[format_float] why\n"
            "  common_utils.format_float(2),\n]\n",
            [3],
        ),
        (
            "x = common_utils.format_float(1), common_utils.format_float(2)  "
            "# workbench: keep[format_float] why\n",
            [2, 2],
        ),
        ("p('sky.utils.common_utils.format_float')  # workbench: keep[format_float] why\n", [2]),
    ],
)
def test_what_a_comment_suppresses(audited, code: str, lines: list[int]) -> None:  # type: ignore[no-untyped-def]
    found = audited(IMPORT + code)
    assert kept(found) == [(line, "why") for line in lines]
    assert [line for line, *_ in notices(found)] == [2] * code.count("get_cpu_count")
    rewritten = [r.line for r in found.references if r.verdict is Verdict.REWRITE]
    assert sorted(lines + rewritten) == sorted(r.line for r in found.references)
    assert len(found.references) == code.count("format_float(") + code.count("p('")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_newline_ends_a_line(audited, newline: str) -> None:  # type: ignore[no-untyped-def]
    lines = (IMPORT.strip(), "# workbench: keep[format_float]", "common_utils.format_float(1)", "")
    found = audited(newline.join(lines))
    assert kept(found) == [(3, "suppressed by a comment")]
    assert not any(file.edits for file in found.files)


def test_uses_of_a_kept_import_are_kept(audited) -> None:  # type: ignore[no-untyped-def]
    code = "from sky.utils.common_utils import format_float  # workbench: keep[format_float] why\n"
    found = audited(code + "format_float(1)\n")
    assert kept(found) == [(1, "why"), (2, "why")]
    assert found.files[0].edits == ()


def test_a_kept_use_keeps_its_import(audited) -> None:  # type: ignore[no-untyped-def]
    code = "format_float(1)  # workbench: keep[format_float] why\nformat_float(get_cpu_count())\n"
    found = audited(FUNCTIONS + code)
    assert kept(found) == [(2, "why")]
    assert [(r.line, r.verdict.value, r.reason) for r in found.references] == [
        (1, "review", "its use on line 2 is kept"),
        (1, "rewrite", ""),
        (2, "keep", "why"),
        (3, "review", "its use on line 2 is kept"),
        (3, "rewrite", ""),
    ]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("# workbench: keep[format_float] why\n", UNUSED),
        ("x = 1  # workbench: keep[format_float]\n", UNUSED),
        ("# workbench: keep\n", UNNAMED),
        ("# workbench: keep[] why\n", UNNAMED),
        ("# workbench: keep[format_float\n", UNNAMED),
        (
            "# workbench: keep[format_flaot]\n",
            "unused suppression: unknown utility format_flaot; did you mean format_float?",
        ),
        ("# workbench: keep[zzz]\n", "unused suppression: unknown utility zzz"),
    ],
)
def test_unused_and_invalid_suppressions_are_reported(  # type: ignore[no-untyped-def]
    audited, code: str, message: str
) -> None:
    column = code.index("#") + 1
    assert notices(audited("\n" + code)) == [(2, column, message)]
    assert (3, column, message) in notices(
        audited(f"{IMPORT}\n{code}\ncommon_utils.hash_file(1)\n")
    )


def test_a_blank_line_separates_a_comment_from_its_site(audited) -> None:  # type: ignore[no-untyped-def]
    code = "# workbench: keep[format_float]\n\ncommon_utils.format_float(1)\n"
    found = audited(IMPORT + code)
    assert kept(found) == []
    assert notices(found) == [(2, 1, UNUSED)]


@pytest.mark.parametrize(
    "code",
    [
        "x = '# workbench: keep[format_float]'\n",
        "'''\n# workbench: keep[format_float]\n'''\n",
        "# Write `# workbench: keep[format_float]` to keep it.\n",
        "# workbench: keeper[format_float]\n",
        "# workbench: keep-all\n",
    ],
)
def test_what_is_not_a_suppression(audited, code: str) -> None:  # type: ignore[no-untyped-def]
    found = audited(IMPORT + code + "common_utils.format_float(1)\n")
    assert (kept(found), notices(found)) == ([], [])


def test_other_known_labels_are_not_reported(audited) -> None:  # type: ignore[no-untyped-def]
    code = "# workbench: keep[not_selected]\n"
    assert notices(audited(code, others=frozenset(["not_selected"]))) == []
    assert len(notices(audited(code))) == 1


def test_suppressions_apply_where_the_lexer_fails() -> None:
    source = Source(b'x = "\nf()  # workbench: keep[format_float] why\n')
    index = index_of(source)
    assert index.spans == []
    place = (source.text.index("f()"), "format_float")
    keeping = Keeping(source, index, [place], frozenset(), RuleIndex.of(RULES))
    assert keeping.reason(*place) == "why"
