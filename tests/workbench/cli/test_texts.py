from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbench.workbench_samples import make_measurement, make_results
from workbench.catalog import select
from workbench.cli import texts
from workbench.doctor import Check, Diagnosis, Probe
from workbench.formatting.terminal import Style
from workbench.results.comparison import compare
from workbench.results.model import (
    Control,
    InstructionCount,
    Interval,
    SizeCurve,
    SizePoint,
)
from workbench.results.stability import Instability
from workbench.verify import Equivalence, Mismatch

HOSTILE = "w\n\x1b[2J\u202e"
SHOWN = r"w\n\x1b[2J\u202e"
SIDES = ("python", "native")


def differing(count: int) -> Equivalence:
    found = (Mismatch(f"f({n})", "returned 1 (int)", "returned 2 (int)") for n in range(count))
    return Equivalence("f", 1000, tuple(found), SIDES)


def test_a_utility_of_the_catalog_has_one_fact_a_line() -> None:
    (utility,) = select(["hash_file"])
    first, summary, *facts = texts.catalog([utility]).splitlines()

    assert first.split()[0] == "hash_file"
    assert first.endswith("7.00\u00d7")
    assert summary.strip() == utility.summary
    named = [*utility.replaces, *(workload.name for workload in utility.workloads)]
    assert [fact.split(maxsplit=1)[1] for fact in facts] == named
    bare = texts.catalog([replace(utility, replaces=(), workloads=())]).splitlines()
    assert len(bare) == 3


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, 1), (5, 5), (6, 5), (1234, 5)])
def test_the_first_differences_are_shown_and_the_rest_counted(count: int, shown: int) -> None:
    line, *details, total = texts.equivalences([differing(count)]).splitlines()

    assert line.split() == ["f", "DIFFERS" if count else "ok", "1,000", "calls"]
    calls = [text for text in details if text.startswith("  f(")]
    assert calls == [f"  f({n})" for n in range(shown)]
    assert [text.split()[0] for text in details[1:3]] == ([*SIDES] if count else [])
    rest = details[3 * shown :]
    assert [re.findall(r"[\d,]+", text) for text in rest] == (
        [[f"{count - 5:,}"]] if count > 5 else []
    )
    assert total.startswith("0 of 1 " if count else "1 of 1 ")


def test_equivalences_name_their_sides_and_have_colors() -> None:
    checks = [replace(differing(0), sides=("upstream", "python")), differing(1)]
    good, bad = (texts.equivalences([check], Style(color=True)) for check in checks)

    assert "python" in good.splitlines()[-1]
    assert "upstream" in good.splitlines()[-1]
    assert "\x1b[31m" not in good
    assert bad.splitlines()[-1].startswith("\x1b[31m")
    assert texts.equivalences([]).startswith("0 of 0 ")


def test_a_measurement_has_its_times_its_speedup_and_its_share() -> None:
    python, native = ((3e-6,) * 4,) * 3, ((1e-6,) * 4,) * 3
    found = make_measurement("f", "w", python=python, native=native)
    plain = texts.measurements(make_results(found)).splitlines()
    assert plain[1] == "f"
    assert plain[2].split() == ["w", "3.00", "\u00b5s", "1.00", "\u00b5s", "3.00x", "3.00-3.00"]
    assert len(plain) == 3
    floored = replace(found, floor=((0.44e-6,) * 4,) * 3)
    shown = texts.measurements(make_results(floored)).splitlines()
    assert shown[2].split()[:-1] == plain[2].split()
    assert float(shown[2].split()[-1]) == pytest.approx(0.5, abs=0.005)
    assert "floor" in shown[-1]
    alone = replace(found, native=(), speedup=None)
    assert "x" not in texts.measurements(make_results(alone)).splitlines()[2]


def test_workloads_are_below_their_utility() -> None:
    found = [make_measurement(*names) for names in ("ab", "ac", "bd")]
    _, *lines = texts.measurements(make_results(*found)).splitlines()

    assert [line.split()[0] for line in lines] == ["a", "b", "c", "b", "d"]
    assert [line.startswith("  ") for line in lines] == [False, True, True, False, True]
    assert texts.measurements(make_results()) == ""


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ["python", "native"]),
        ({"first_side": "upstream", "second_side": "python"}, ["upstream", "python"]),
        ({"first_side": "json:dumps", "second_side": "marshal:dumps"}, ["first", "second"]),
    ],
)
def test_columns_are_named_by_their_side(environment: dict[str, str], expected: list[str]) -> None:
    results = replace(make_results(make_measurement()), environment=environment)
    assert texts.measurements(results).split()[:2] == expected


def test_curves_instructions_and_remarks_follow_the_measurements() -> None:
    point = SizePoint(1000, make_measurement("f", "1000"))
    results = replace(
        make_results(make_measurement("f", "w"), make_measurement("g", "w", stopped="budget")),
        environment={"floor_missing": "no extension"},
        curves=(SizeCurve("f", "a file", "bytes", (point,)),),
        instructions=(InstructionCount("f", "w", "callgrind", (4000,), (1000,)),),
        controls=(Control("f", "w", "native", (), (), Interval(1.04, 1.03, 1.05)),),
    )
    blocks = texts.measurements(results).split("\n\n")

    measured, curve, counted, remarks = (block.splitlines() for block in blocks)
    assert len(measured) == 5
    assert curve[0].startswith("f: a file")
    assert curve[1].split()[0] == "1,000"
    assert "break-even" in curve[2]
    assert "callgrind" in counted[0]
    assert counted[2].split() == ["w", "4,000", "1,000", "4.00x"]
    missing, noise, early = remarks
    assert "no extension" in missing
    assert "4.0%" in noise
    assert early.endswith("g: w")


def test_a_comparison_has_both_speedups_and_the_change() -> None:
    old, new = (make_results(make_measurement("f", "w", ratio)) for ratio in (3.0, 6.0))
    lines = texts.comparisons(compare(old, new), 0.021).splitlines()

    assert lines[1] == "f"
    name, before, after, change, state = lines[2].split()
    assert (name, state) == ("w", "faster")
    assert float(before.rstrip("x")) == pytest.approx(3.0, rel=0.01)
    assert float(after.rstrip("x")) == pytest.approx(6.0, rel=0.01)
    assert change.startswith(("+99", "+10"))
    assert "2.1%" in lines[-1]


def test_an_instability_has_a_command() -> None:
    shown = texts.instabilities([Instability("the machine is busy", "workbench bench f")])
    problem, command = shown.splitlines()

    assert problem.endswith("the machine is busy")
    assert command.endswith(" workbench bench f")
    assert texts.instabilities([]) == ""


def test_a_diagnosis_marks_each_part() -> None:
    checks = tuple(Check(f"part {ok}", ok, "detail") for ok in (True, False, None))
    probes = (
        Probe("good", 1234, 2e-6, 1e-6, ""),
        Probe("bad", 2, None, None, "it raised"),
        Probe("half", 3, 1e-6, None, ""),
    )
    lines = texts.diagnosis(Diagnosis(checks, probes)).splitlines()

    marked = [(line.split()[0], line.split()[1]) for line in lines if line[:2].strip()]
    assert marked[:-1] == [
        ("ok", "part"),
        ("!!", "part"),
        ("--", "part"),
        ("ok", "good"),
        ("!!", "bad"),
        ("--", "half"),
    ]
    assert "1,234" in lines[5]
    assert lines[7].strip() == "it raised"
    assert lines[-1].startswith("2 problems")


@pytest.mark.parametrize("absent", [0, 1, 2])
def test_a_diagnosis_without_problems_counts_optional_parts(absent: int) -> None:
    checks = (Check("part", True, ""), *[Check("extra", None, "not installed")] * absent)
    last = texts.diagnosis(Diagnosis(checks, ())).splitlines()[-1]

    assert "problem" in last
    assert re.findall(r"\d+", last) == ([str(absent)] if absent else [])


@given(st.lists(st.text("words ", max_size=30), max_size=20).map(" ".join))
def test_long_details_are_wrapped(detail: str) -> None:
    found = Diagnosis((Check("backend", None, f"first {detail} last"),), ())
    lines = texts.diagnosis(found).split("\n\n", maxsplit=1)[0].splitlines()

    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("--  backend ")
    assert all(line.startswith(" " * 21) for line in lines[1:])
    assert " ".join(lines).split()[2:] == ["first", *detail.split(), "last"]


def test_names_cannot_command_the_terminal() -> None:
    found = make_measurement(HOSTILE, HOSTILE)
    results = make_results(found)
    check = Check("part", True, "detail")
    shown = [
        texts.measurements(results),
        texts.comparisons(compare(results, results), 0.02),
        texts.equivalences([Equivalence(HOSTILE, 1, (Mismatch(HOSTILE, "a", "b"),), SIDES)]),
        texts.instabilities([Instability(HOSTILE, HOSTILE)]),
        texts.diagnosis(Diagnosis((check,), (Probe(HOSTILE, 1, None, None, HOSTILE),))),
    ]

    for text in shown:
        assert SHOWN in text
        assert all(line.isprintable() for line in text.split("\n"))
