"""Python's parser and the parser for newer syntax give the same findings and edits."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyzers.case_files import CASES, Case
from tests.analyzers.sky_rules import RULES
from workbench.analyzers.file_analysis import analyze
from workbench.analyzers.model import FileContext, PythonFile
from workbench.analyzers.names import scan
from workbench.analyzers.rules import RuleIndex
from workbench.analyzers.task import Outcome, Task

IMPORTS = (
    "from sky.utils import common_utils as m\nfrom sky.utils.common_utils import hash_file as n\n"
)


def outcome(code: bytes, path: str = "a.py") -> Outcome:
    module = tuple(Path(path).with_suffix("").parts)
    return analyze(
        Task(PythonFile(Path(path), path), code, module, RuleIndex.of(RULES), FileContext())
    )


def refuse(code: str) -> ast.Module:
    raise SyntaxError(code)


def check(code: bytes, path: str = "a.py") -> Outcome:
    """Analyse code with both parsers and compare the outcomes."""
    usual = outcome(code, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "parse", refuse)
        other = outcome(code, path)
    assert usual == other
    return usual


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cases(case: Case) -> None:
    check(case.before.encode(case.encoding), case.path)


fields = st.sampled_from(
    [
        "m.format_float(1)",
        "n",
        "m . hash_file",
        "(m).hash_file",
        "[m.hash_file for m in n]",
        "[m.hash_file for k in n]",
        "n if m.format_float else m.hash_file",
        "k(n, n=m.hash_file, m=n)",
        "(lambda n, *m: n or m.hash_file)",
        "({m.hash_file: n, **m.format_float()})",
        "k['n', m.hash_file]",
        "getattr(m, 'hash_file')",
        "f'{n}é{m.hash_file}'",
        "(n :=m.hash_file)",
        "m.hash_file\n.x",
    ]
)
shapes = st.sampled_from(
    [
        "{%s}",
        "{%s!r}",
        "é{%s:>{n}}",
        "{%s=}",
        "{%s = !r:=>3}",
        "{{n}}{ %s }",
        "m=%%{%s}",
        "\\\n{%s}",
    ]
)
strings = st.lists(st.builds(str.__mod__, shapes, fields), min_size=1, max_size=3).map("".join)
quoted = st.builds(
    lambda start, text: f'{start}"""{text}"""',
    st.sampled_from(["f", "rf", "'é' f", "x, F"]),
    strings,
)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.lists(quoted, min_size=1, max_size=3), st.booleans())
def test_formatted_strings(parts: list[str], in_function: bool) -> None:
    start, end = ("def k():\n  return [", "]\n") if in_function else ("y = ", "\n")
    code = IMPORTS + "".join(f"{start}{part}{end}" for part in parts)
    assert check(code.encode()).error == ""
