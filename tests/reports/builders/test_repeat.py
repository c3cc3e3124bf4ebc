from __future__ import annotations

import shlex
import subprocess
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports.report_samples import HOSTILE, measurement
from workbench.catalog import utilities
from workbench.cli.bench import command as bench
from workbench.formatting import columns
from workbench.reports.builders.repeat import commands
from workbench.reports.builders.report import build_report
from workbench.reports.render import FORMATS, render
from workbench.results.model import Failure, Results

CATALOG = tuple(utility.name for utility in utilities())


def bench_arguments(results: Results) -> str:
    return commands(results, CATALOG)[0].removeprefix("workbench bench ")


def parsed(results: Results) -> dict[str, object]:
    """Return the parameters of ``workbench bench`` after a shell has parsed the command."""
    script = f"for word in {bench_arguments(results)}; do printf '%s\\0' \"$word\"; done"
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}
    )
    words = done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]
    return bench.make_context("bench", words, help_option_names=["-h", "--help"]).params


def test_the_whole_catalog_is_measured_without_names() -> None:
    run = Results(tuple(measurement(name) for name in CATALOG), {"plan": "fast", "seed": 7})
    assert bench_arguments(run) == "--fast --seed 7 -o results.json"
    lost = replace(run, measurements=run.measurements[1:])
    failed = replace(lost, failures=(Failure(f"{CATALOG[0]}/w", "no answer"),))
    assert bench_arguments(failed) == bench_arguments(run)
    assert (
        bench_arguments(lost) == f"{' '.join(sorted(CATALOG[1:]))} --fast --seed 7 -o results.json"
    )


def test_options_are_repeated() -> None:
    run = Results(
        (replace(measurement("hash_file"), beside={"upstream": ((1.0,),)}),), {"plan": "rigorous"}
    )
    found = parsed(run)
    assert (found["names"], found["plan"], found["beside"]) == (
        ("hash_file",),
        "rigorous",
        ("upstream",),
    )
    upstream = replace(run, environment={"first_side": "upstream", "second_side": "native"})
    assert parsed(upstream)["baseline"] == "upstream"


@settings(max_examples=30, derandomize=True, deadline=None)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_compared_callables_are_repeated(text: str) -> None:
    facts = {"first_side": "a:f", "second_side": "b:g", "setup": text}
    found = parsed(Results((measurement("b:g", f"({text})"),), facts))
    assert found["compare"] == ("a:f", "b:g")
    assert found["arguments"] == found["setup"] == text


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.lists(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=30)))
def test_a_long_command_is_wrapped(words: list[str]) -> None:
    command = shlex.join(["workbench", *words])
    broken = columns.shell(command)
    assert shlex.split(broken.replace("\\\n", " ")) == shlex.split(command)


@pytest.mark.parametrize("format_", [f for f in FORMATS if f != "csv"])
def test_a_report_names_the_compared_callables(format_: str) -> None:
    run = Results(
        (measurement("b:g", "(1)", announced=0.0),),
        {"first_side": "a:f", "second_side": "b:g", "setup": HOSTILE},
    )
    report = build_report(run)
    assert report.summary.announced == report.summary.not_reached == 0
    text = render(report, format_)
    assert "a:f" in text
    assert "announced speedups were not reached" not in text
    assert "speedups were not reached" in render(
        build_report(Results((measurement(),), {})), "text"
    )
