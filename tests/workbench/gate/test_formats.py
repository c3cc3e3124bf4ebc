from __future__ import annotations

import json
import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from workbench.formatting.terminal import Style
from workbench.gate.formats import to_github, to_json, to_junit, to_markdown, to_text
from workbench.gate.judge import GateVerdict, Judgement
from workbench.gate.policy import Answer

SOME = GateVerdict(
    (
        Judgement("slow", "first", Answer.UNDECIDED, "1.00x"),
        Judgement("slow", "second", Answer.FAIL, "0.50x"),
        Judgement("odd", "a|b", Answer.MISSING, "100% gone:\nyes"),
        Judgement("good", "all", Answer.PASS, "9.00x"),
    )
)

judgements = st.builds(Judgement, st.text(), st.text(), st.sampled_from(Answer), st.text())


def test_text_has_one_line_for_each_utility_that_does_not_pass() -> None:
    assert to_text(SOME).splitlines() == [
        "fail         slow: second: 0.50x (and 1 more)",
        "missing      odd: a|b: 100% gone:\\nyes",
        "gate: 1 pass, 1 missing, 1 fail",
    ]


@given(st.lists(judgements, max_size=5))
def test_a_style_adds_colors_and_nothing_else(found: list[Judgement]) -> None:
    verdict = GateVerdict(tuple(found))
    styled = to_text(verdict, Style(color=True))
    assert re.sub(r"\x1b\[\d+m", "", styled) == to_text(verdict)
    assert ("\x1b[31mfail" in styled) == any(j.answer is Answer.FAIL for j in verdict.by_utility)


def test_json_has_everything() -> None:
    document = json.loads(to_json(SOME))
    assert document["exit_code"] == 1
    assert [j["answer"] for j in document["judgements"]] == ["undecided", "fail", "missing", "pass"]
    assert document["judgements"][1] == {
        "utility": "slow",
        "workload": "second",
        "answer": "fail",
        "reason": "0.50x",
    }


@given(st.lists(judgements, max_size=5))
def test_junit_is_well_formed_and_complete(found: list[Judgement]) -> None:
    root = ElementTree.fromstring(to_junit(GateVerdict(tuple(found))))
    cases = root.findall("testcase")
    assert len(cases) == len(found) == int(root.attrib["tests"])
    for case, judgement in zip(cases, found, strict=True):
        assert (case.find("failure") is not None) == (judgement.answer is Answer.FAIL)
        assert (len(case) == 0) == (judgement.answer is Answer.PASS)
        if judgement.utility.isprintable():
            assert case.attrib["classname"] == judgement.utility


@given(st.lists(judgements, max_size=5))
def test_markdown_keeps_its_table(found: list[Judgement]) -> None:
    table, _, rest = to_markdown(GateVerdict(tuple(found))).partition("\n\n")
    rows = table.split("\n")
    assert len(rows) == 2 + len(found)
    assert all(row.replace("\\\\", "").replace("\\|", "").count("|") == 5 for row in rows)
    assert rest.startswith("gate: ")


@given(st.lists(judgements, max_size=5))
def test_github_has_one_command_for_each_problem(found: list[Judgement]) -> None:
    lines = to_github(GateVerdict(tuple(found))).removesuffix("\n").split("\n")
    commands = lines[:-1]
    problems = [j for j in found if j.answer is not Answer.PASS]
    assert len(commands) == len(problems)
    for command, judgement in zip(commands, problems, strict=True):
        level = "error" if judgement.answer is Answer.FAIL else "warning"
        assert command.startswith(f"::{level} title=" if judgement.utility else f"::{level}::")


HOSTILE = "##[error]a @org/team https://evil.example <img src=x> #12 \x1b[31m|\n::error::b"


def test_a_hostile_workload_commands_nobody() -> None:
    verdict = GateVerdict((Judgement(HOSTILE, HOSTILE, Answer.FAIL, HOSTILE),))
    for line in to_github(verdict).splitlines()[1:] + to_text(verdict).splitlines():
        assert not line.startswith("::")
    assert "\x1b" not in to_text(verdict) + to_github(verdict) + to_junit(verdict)
    (row,) = to_markdown(verdict).splitlines()[2:3]
    outside = re.sub(r"(`+).*?\1", "", row)
    assert not re.search(r"@org|https://|<img|#1", outside)


def test_what_has_no_workload_is_named_without_one() -> None:
    verdict = GateVerdict((Judgement("lost", "", Answer.MISSING, "nowhere"),))
    assert to_text(verdict).startswith("missing      lost: nowhere\n")
    assert "::warning title=lost::missing: nowhere\n" in to_github(verdict)
