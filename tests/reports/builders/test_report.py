from __future__ import annotations

import json
import math
from dataclasses import replace
from statistics import geometric_mean, mean, median
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from tests.reports.report_samples import HOSTILE, audits, code_base, measurement, results, twelve
from workbench.reports.builders.audit import AuditSummary
from workbench.reports.builders.report import build_report
from workbench.reports.model.report import Claim, Report, SpeedupVerdict
from workbench.reports.render import render
from workbench.results.model import Control, Failure, Interval, Measurement, Results

UTILITY_KEYS = {
    "utility",
    "workload",
    "python_seconds",
    "native_seconds",
    "speedup",
    "speedup_low",
    "speedup_high",
    "samples",
    "announced_speedup",
    "equivalent",
}


def one(*found: Measurement) -> Report:
    return build_report(Results(found))


def document(report: Report) -> Any:
    return json.loads(render(report, "json"))


@given(results(), audits())
@settings(max_examples=40, derandomize=True, deadline=None)
def test_json_has_one_entry_per_utility_and_no_nan(run: Results, audit: AuditSummary) -> None:
    found = document(build_report(run, audit))

    assert found["schema_version"] == 1
    assert sorted(u["utility"] for u in found["utilities"]) == sorted(
        {m.utility for m in run.measurements}
    )
    for entry in found["utilities"]:
        assert entry.keys() >= UTILITY_KEYS
        assert len(entry["workloads"]) == sum(
            m.utility == entry["utility"] for m in run.measurements
        )
        assert all("workloads" not in workload for workload in entry["workloads"])
    assert found["environment"].keys() == run.environment.keys()
    assert len(found["audit"]["places"]) == len(audit.places)


@given(results())
@settings(max_examples=40, derandomize=True, deadline=None)
def test_numbers_match_the_results(run: Results) -> None:
    found = document(build_report(run))

    primaries: dict[str, Measurement] = {}
    for m in run.measurements:
        known = primaries.setdefault(m.utility, m)
        if m.primary and not known.primary:
            primaries[m.utility] = m
    speedups = []
    for entry in found["utilities"]:
        m = primaries[entry["utility"]]
        assert entry["workload"] == m.workload
        assert entry["python_seconds"] == m.python_seconds
        assert entry["native_seconds"] == m.native_seconds
        assert entry["speedup"] == (m.speedup.estimate if m.speedup else None)
        assert entry["floor_seconds"] == m.floor_seconds
        assert entry["floor_share"] == m.floor_share
        assert entry["limit"] == (m.limit.estimate if m.limit else None)
        assert entry["samples"] == m.samples
        assert entry["announced_speedup"] == m.announced_speedup
        assert entry["equivalent"] is m.equivalent
        speedups += [m.speedup.estimate] if m.speedup and m.equivalent is not False else []
    summary = found["summary"]
    assert summary["floors"] == sum(bool(m.floor) for m in run.measurements)
    if speedups:
        assert summary["arithmetic_mean"] == pytest.approx(mean(speedups))
        assert summary["geometric_mean"] == pytest.approx(geometric_mean(speedups))
    else:
        assert (summary["arithmetic_mean"], summary["geometric_mean"], summary["fastest"]) == (
            None,
            None,
            None,
        )


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [
        ((2.0, 1.8, 2.2), SpeedupVerdict.FASTER),
        ((1.05, 1.03, 1.2), SpeedupVerdict.FASTER),
        ((1.03, 1.01, 1.2), SpeedupVerdict.UNDECIDED),
        ((0.5, 0.4, 0.6), SpeedupVerdict.SLOWER),
        ((1.0, 0.96, 1.04), SpeedupVerdict.SAME),
        ((1.02, 1.01, 1.04), SpeedupVerdict.SAME),
        ((0.98, 0.96, 0.99), SpeedupVerdict.SAME),
        ((1.1, 0.9, 1.3), SpeedupVerdict.UNDECIDED),
        ((0.93, 0.8, 1.02), SpeedupVerdict.UNDECIDED),
        (None, SpeedupVerdict.UNDECIDED),
        ((math.inf, 1.0, math.inf), SpeedupVerdict.UNDECIDED),
        ((2.0, math.nan, 3.0), SpeedupVerdict.UNDECIDED),
    ],
)
def test_verdict_depends_on_the_interval(
    interval: tuple[float, float, float] | None, verdict: SpeedupVerdict
) -> None:
    assert one(measurement(speedup=interval)).utilities[0].verdict is verdict


def control(ratio: tuple[float, float, float]) -> Control:
    return Control("f", "w", "python", ((1e-6,) * 4,), ((1e-6,) * 4,), Interval(*ratio))


@pytest.mark.parametrize(
    ("noise", "interval", "verdict"),
    [
        (1.1, (1.2, 1.08, 1.3), SpeedupVerdict.UNDECIDED),
        (1.1, (1.2, 1.12, 1.3), SpeedupVerdict.FASTER),
        (1 / 1.1, (0.8, 0.7, 0.92), SpeedupVerdict.UNDECIDED),
        (1.1, (1.05, 1.02, 1.09), SpeedupVerdict.UNDECIDED),
        (1.1, (1.0, 0.99, 1.01), SpeedupVerdict.UNDECIDED),
        (1.04, (1.02, 0.99, 1.045), SpeedupVerdict.SAME),
        (1.001, (1.05, 1.03, 1.08), SpeedupVerdict.FASTER),
    ],
)
def test_verdict_accounts_for_the_noise_of_the_run(
    noise: float, interval: tuple[float, float, float], verdict: SpeedupVerdict
) -> None:
    run = Results((measurement(speedup=interval),), {}, (), (control((noise, noise, noise)),))
    report = build_report(run)
    method = report.method

    assert report.utilities[0].verdict is verdict
    assert method.noise_floor == run.noise_floor
    assert method.margin == max(0.02, run.noise_floor or 0)
    assert method.same_margin == 0.05
    assert [c.ratio for c in method.controls] == [noise]
    shown = {"text": "Noise floor: ", "markdown": "Noise floor: ", "html": "noise floor</dt><dd>"}
    for form, words in shown.items():
        assert words + {1.001: "0.1%", 1.04: "4%"}.get(noise, "10%") in render(report, form)


def test_few_samples_are_undecided() -> None:
    single = one(measurement(speedup=(9.0, 9.0, 9.0), pairs=1, processes=1))

    assert single.utilities[0].verdict is SpeedupVerdict.UNDECIDED
    assert single.utilities[0].announced_verdict is None
    assert single.utilities[0].speedup == 9.0
    assert single.utilities[0].speedup_low is None
    assert single.summary.geometric_mean_low is None
    assert "f is undecided" in single.verdict


@pytest.mark.parametrize(
    ("announced", "claim"),
    [(7.0, Claim.NOT_REACHED), (2.05, Claim.CONFIRMED), (1.5, Claim.EXCEEDED), (0.0, None)],
)
def test_announced_speedup_is_compared_with_the_interval(
    announced: float, claim: Claim | None
) -> None:
    row = one(measurement(announced=announced)).utilities[0]

    assert row.announced_verdict is claim
    assert row.speedup == 2.0


@pytest.mark.parametrize(
    ("announced", "claim"),
    [
        (7.0, Claim.IMPOSSIBLE),
        (3.3, Claim.IMPOSSIBLE),
        (3.1, Claim.NOT_REACHED),
        (2.5, Claim.NOT_REACHED),
        (2.05, Claim.CONFIRMED),
        (1.5, Claim.EXCEEDED),
    ],
)
def test_announced_speedup_above_the_limit_is_impossible(announced: float, claim: Claim) -> None:
    found = measurement(announced=announced, limit=(3.0, 2.8, 3.2))
    report = one(found, measurement("g", announced=9.0))

    (row,) = (u for u in report.utilities if u.utility == "f")
    assert row.announced_verdict is claim
    assert report.summary.impossible == (claim is Claim.IMPOSSIBLE)
    failing = {Claim.IMPOSSIBLE, Claim.NOT_REACHED}
    assert report.summary.not_reached == 1 + (claim in failing)


def test_a_missing_floor_is_reported() -> None:
    run = Results((measurement(),), {"floor_missing": "no extension"})

    assert ("floor", "no extension") in {(p.subject, p.reason) for p in build_report(run).failures}


def test_no_speedups_without_native_side() -> None:
    report = build_report(twelve(native=False))

    for row in report.utilities:
        assert row.verdict is SpeedupVerdict.NOT_MEASURED
        assert row.python_seconds is not None
        for number in (row.native_seconds, row.speedup, row.speedup_low, row.announced_verdict):
            assert number is None
    assert report.summary.geometric_mean is None
    assert report.summary.fastest is None
    assert report.failures[-1].reason == "no native time was measured"
    assert report.verdict.startswith("Native code was not measured, so there are no speedups")


def test_a_speedup_without_native_samples_is_ignored() -> None:
    bare = Measurement("f", "w", 2.0, ((1e-6,) * 9,), (), Interval(3, 2, 4), None, 0, True)

    assert one(bare).utilities[0].speedup is None


def test_a_utility_without_samples_is_not_measured() -> None:
    empty = Measurement("f", "w", 2.0, (), (), None, None, 0, True)
    report = build_report(Results((empty,), {}, (Failure("f/w", "timed out after 10 s"),)))

    assert report.utilities[0].python_seconds is None
    assert report.utilities[0].verdict is SpeedupVerdict.NOT_MEASURED
    assert [failure.subject for failure in report.failures] == ["f/w"]


def test_different_results_are_not_counted_as_faster() -> None:
    report = one(
        measurement("right", speedup=(2.0, 1.9, 2.1)),
        measurement("wrong", speedup=(50.0, 49.0, 51.0), equivalent=False),
    )

    assert report.summary.faster == 1
    assert report.summary.fastest == "right"
    assert report.summary.geometric_mean == report.summary.arithmetic_mean == pytest.approx(2.0)
    assert "the geometric mean speedup of the 1 equivalent utility is 2.00" in report.verdict
    assert report.summary.different == 1
    assert "wrong gives different results from Python and must not be used" in report.verdict


def test_missing_equivalence_check_is_reported() -> None:
    report = one(measurement("f", equivalent=None))

    assert report.failures[0].subject == "f"
    assert "not compared" in report.failures[0].reason


@pytest.mark.parametrize(
    ("environment", "command"),
    [
        ({}, "workbench bench -o results.json"),
        ({"plan": "fast", "seed": 7}, "workbench bench --fast --seed 7 -o results.json"),
        ({"plan": "; rm -rf /", "seed": "$(x)"}, "workbench bench -o results.json"),
    ],
)
def test_the_run_can_be_reproduced(environment: dict[str, str | int], command: str) -> None:
    assert build_report(Results((), environment)).method.commands[0] == command


def test_a_composite_is_shown_but_not_counted() -> None:
    run = twelve()
    together = replace(measurement("together", "all", speedup=(99.0, 98.0, 99.5)), primary=False)
    found = build_report(replace(run, measurements=(*run.measurements, together)))

    assert found.summary == build_report(run).summary
    assert found.verdict == build_report(run).verdict
    (shown,) = [u for u in found.utilities if u.composite]
    assert shown.utility == "together"
    assert "combines several utilities; not included in means" in render(found, "html")


def test_distribution_covers_all_processes() -> None:
    row = one(measurement(pairs=50, processes=4))
    samples = measurement(pairs=50, processes=4).python
    flat = np.concatenate(samples)
    found = row.utilities[0].python_distribution

    assert found is not None
    assert found.p50 == median(flat.tolist())
    assert [found.p05, found.p25, found.p75, found.p95] == pytest.approx(
        np.quantile(flat, [0.05, 0.25, 0.75, 0.95]).tolist()
    )


@pytest.mark.usefixtures("charts_drawn_anew")
def test_same_input_same_output() -> None:
    first, second = (build_report(twelve(), code_base()) for _ in range(2))

    assert first == second
    for form in ("json", "text", "markdown", "csv", "html"):
        assert render(first, form) == render(second, form)


def test_json_keeps_names_unchanged() -> None:
    assert document(one(measurement(HOSTILE)))["utilities"][0]["utility"] == HOSTILE


def test_an_unknown_format_raises() -> None:
    with pytest.raises(ValueError, match="unknown report format 'pdf': use one of text, html"):
        render(one(), "pdf")
