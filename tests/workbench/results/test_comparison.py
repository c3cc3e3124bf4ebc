from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbench.workbench_samples import make_measurement
from workbench.cli import texts
from workbench.results.comparison import (
    LEAST_MARGIN,
    State,
    compare,
    exit_code,
    noise,
    what_differs,
)
from workbench.results.model import Control, Interval, Measurement, Results


def _measured(estimate: float, width: float = 0.01, workload: str = "w") -> Measurement:
    interval = Interval(estimate, estimate / (1 + width), estimate * (1 + width))
    return replace(make_measurement(workload=workload), speedup=interval)


def _results(*measurements: Measurement, **environment: str | int) -> Results:
    return Results(measurements, environment)


@pytest.mark.parametrize(
    ("old", "new", "width", "state"),
    [
        (3.0, 3.0, 0.001, State.SAME),
        (3.0, 3.03, 0.001, State.SAME),
        (3.0, 3.03, 0.05, State.UNDECIDED),
        (3.0, 3.5, 0.01, State.FASTER),
        (3.5, 3.0, 0.01, State.SLOWER),
        (3.5, 3.0, 0.2, State.UNDECIDED),
    ],
)
def test_states(old: float, new: float, width: float, state: State) -> None:
    before, after = _results(_measured(old, width)), _results(_measured(new, width))
    (found,) = compare(before, after, margin=0.02)
    assert found.state is state
    assert found.change is not None
    assert found.change.estimate == pytest.approx(new / old)


@given(st.floats(0.1, 10), st.floats(0.1, 10), st.floats(0, 0.5))
def test_swapping_the_results_only_reverses_the_direction(a: float, b: float, width: float) -> None:
    opposite = {State.FASTER: State.SLOWER, State.SLOWER: State.FASTER}
    one, other = _results(_measured(a, width)), _results(_measured(b, width))
    (there,) = compare(one, other, 0.02)
    (back,) = compare(other, one, 0.02)
    assert back.state is opposite.get(there.state, there.state)


@given(st.floats(0.1, 10), st.floats(0, 0.5))
def test_results_never_differ_from_themselves(speedup: float, width: float) -> None:
    results = _results(_measured(speedup, width))
    assert compare(results, results)[0].state in {State.SAME, State.UNDECIDED}


def test_every_workload_is_reported() -> None:
    kept = _measured(3.0, 0.001, "kept")
    lost = replace(_measured(3.0, workload="lost"), native=(), speedup=None)
    won = _measured(3.0, workload="lost")
    gone, new = _measured(3.0, workload="gone"), _measured(3.0, workload="new")
    found = {c.workload: c for c in compare(_results(kept, gone, won), _results(kept, new, lost))}
    assert {name: (c.state, c.reason) for name, c in found.items()} == {
        "kept": (State.SAME, ""),
        "gone": (State.MISSING, "not in the new results"),
        "lost": (State.MISSING, "native was not measured"),
        "new": (State.INCOMPARABLE, "not in the old results"),
    }
    assert exit_code(found.values()) == 3
    assert exit_code([found["kept"]]) == 0
    (back,) = compare(_results(lost), _results(won))
    assert (back.state, back.reason) == (State.INCOMPARABLE, "native was not measured before")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ({"python_version": "3.11.1"}, {"python_version": "3.11.9"}, ""),
        (
            {"python_version": "3.11.1"},
            {"python_version": "3.12.1"},
            "python_version 3.11 vs. 3.12",
        ),
        ({"machine": "x86_64"}, {"machine": "arm64"}, "machine x86_64 vs. arm64"),
        ({"python_debug": 0}, {"python_debug": 1}, "python_debug 0 vs. 1"),
        ({"platform": "Linux-6.1-x"}, {"platform": "Linux-6.9-y"}, ""),
        (
            {"platform": "Linux-6.1-x"},
            {"platform": "macOS-14.1-x"},
            "platform Linux vs. macOS",
        ),
        ({"setup": "x = 1"}, {"setup": "x = 2"}, "setup x = 1 vs. x = 2"),
        ({"git_commit": "a", "git_dirty": 0}, {"git_commit": "b", "git_dirty": 1}, ""),
        ({"cpu_model_name": "a"}, {"cpu_model_name": "b"}, ""),
        ({}, {"machine": "arm64"}, ""),
        ({}, {"first_side": "upstream"}, "first_side python vs. upstream"),
        ({"first_side": "upstream"}, {"first_side": "upstream"}, ""),
    ],
)
def test_only_facts_that_affect_speedups_make_runs_incomparable(
    old: dict[str, str | int], new: dict[str, str | int], reason: str
) -> None:
    measured = _measured(3.0, 0.001)
    (found,) = compare(_results(measured, **old), _results(measured, **new))
    assert found.reason == reason
    assert found.state is (State.INCOMPARABLE if reason else State.SAME)


def test_samples_of_different_commits_are_not_merged() -> None:
    one, other = _results(git_commit="a"), _results(git_commit="b")
    assert what_differs(one, other) == ""
    assert what_differs(one, other, same_code=True) == "git_commit a vs. b"
    assert what_differs(one, one, same_code=True) == ""


def test_the_margin_is_the_runs_noise() -> None:
    def run(ratio: float) -> Results:
        interval = Interval(ratio, ratio, ratio)
        return Results((), controls=(Control("u", "w", "native", (), (), interval),))

    assert noise(run(1.0), run(1.001)) == LEAST_MARGIN
    assert noise(run(1.0), run(1.03)) == pytest.approx(0.03)
    assert noise(run(1 / 1.03), run(1.0)) == pytest.approx(0.03)
    assert noise(run(1.0), Results(())) == 0.02


def test_text_has_a_line_for_each_workload() -> None:
    kept, gone = _measured(3.0, 0.001, "kept"), _measured(2.0, workload="gone")
    text = texts.comparisons(compare(_results(kept, gone), _results(kept)), 0.02)
    lines = text.splitlines()
    assert lines[2].split() == ["kept", "3.00x", "3.00x", "+0.0%", "same"]
    assert lines[3].startswith("  gone ")
    assert lines[3].endswith("missing: not in the new results")
    assert lines[-1] == "margin: 2.0%, the noise of the two runs"


def test_names_cannot_steer_the_terminal() -> None:
    hostile = _results(_measured(2.0, workload="w\x1b[31m\u202e"))
    text = texts.comparisons(compare(hostile, hostile), 0.02)
    assert "w\\x1b[31m\\u202e" in text
    assert text.replace("\n", "").isprintable()
