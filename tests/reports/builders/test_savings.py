from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports.report_reading import TIME, Page, matches
from tests.reports.report_samples import code_base, measurement, profile, twelve
from workbench.profiles import Profile, ProfiledCalls
from workbench.profiles.model import ProfiledFunction
from workbench.reports.builders.report import build_report
from workbench.reports.model.report import Report
from workbench.reports.model.sections import SavingsSection
from workbench.reports.render import render
from workbench.results.model import Results

NAMES = ("faster", "slower", "different", "unmeasured", "elsewhere")
RUN = Results(
    (
        measurement("faster", speedup=(4.0, 3.0, 5.0), seconds=8e-6),
        measurement("slower", speedup=(0.5, 0.4, 0.6), seconds=1e-6),
        measurement("different", equivalent=False),
        measurement("unmeasured", native=False),
        measurement("never called"),
    )
)


def document(report: Report) -> Any:
    return json.loads(render(report, "json"))


def savings(report: Report) -> SavingsSection:
    assert report.savings is not None
    return report.savings


uses = st.builds(
    ProfiledCalls,
    st.sampled_from(NAMES),
    st.none()
    | st.builds(
        ProfiledFunction,
        st.sampled_from(["a.py", "b.py"]),
        st.none() | st.integers(1, 99),
        st.text(),
    ),
    st.integers(0, 10**9),
    st.floats(0, 1e6),
)


@given(st.lists(uses, max_size=8), st.booleans(), st.floats(0, 1e7))
@settings(max_examples=100, derandomize=True, deadline=None)
def test_savings_are_estimated_from_calls_or_time(
    found: list[ProfiledCalls], counted: bool, total: float
) -> None:
    taken = tuple(
        ProfiledCalls(u.utility, u.caller, u.calls if counted else None, u.seconds) for u in found
    )
    report = build_report(RUN, profile=Profile("p", counted, total, taken))
    section = savings(report)
    measured = {u.utility: u for u in report.utilities}

    expected = 0.0
    for use in taken:
        if use.utility in {"faster", "slower"}:
            result = measured[use.utility]
            assert result.speedup is not None
            assert result.python_seconds is not None
            part = 1 - 1 / result.speedup
            expected += part * (
                result.python_seconds * use.calls if use.calls is not None else use.seconds
            )
    assert (section.seconds or 0) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert sum(s.seconds or 0 for s in section.by_site) == pytest.approx(expected, abs=1e-9)
    assert len(section.by_site) == len(taken)
    for row in section.by_utility:
        assert (row.seconds is None) == (row.reason is not None)
        if row.seconds is not None:
            assert row.seconds_low is not None
            assert row.seconds_high is not None
            assert row.seconds_low <= row.seconds <= row.seconds_high
    assert {row.utility for row in section.by_utility} | set(section.unused) >= set(measured)


def test_the_reason_for_a_missing_saving_is_shown() -> None:
    some = tuple(ProfiledCalls(name, None, 5, 1.0) for name in NAMES)
    report = build_report(RUN, profile=Profile("cProfile", True, 9.0, some))
    reasons = {row.utility: row.reason for row in savings(report).by_utility}

    assert reasons["faster"] is reasons["slower"] is None
    assert "different results" in str(reasons["different"])
    assert "not measured" in str(reasons["unmeasured"])
    assert "not in the results" in str(reasons["elsewhere"])
    for style in ("text", "markdown", "html"):
        shown = " ".join(render(report, style).split())
        assert "gives different results from Python and must not be used" in shown
        assert "never called" in shown


def test_a_saving_above_the_profiled_time_is_marked() -> None:
    some = (ProfiledCalls("faster", None, 1_000_000, 0.5), ProfiledCalls("slower", None, 1, 0.5))
    report = build_report(RUN, profile=Profile("cProfile", True, 9.0, some))

    assert [row.exceeds for row in savings(report).by_utility] == [True, False]
    for style in ("text", "markdown", "html"):
        assert "exceeds the profiled time" in render(report, style)


def test_a_negative_saving_is_called_a_cost() -> None:
    some = (ProfiledCalls("slower", None, 1_000_000, 0.5),)
    report = build_report(RUN, profile=Profile("cProfile", True, 9.0, some))

    assert (savings(report).seconds or 0) < 0
    assert "native code would add about" in report.verdict


@pytest.mark.parametrize("counted", [True, False])
def test_the_verdict_and_all_formats_show_the_saving(counted: bool) -> None:
    report = build_report(twelve(), code_base(), profile=profile(counts_calls=counted))
    section = document(report)["savings"]

    found = re.search(
        rf"native code would save about {TIME} of the profiled {TIME} ", report.verdict
    )
    assert found
    assert matches(found[1], section["seconds"])
    assert matches(found[2], section["profile_seconds"])
    for style in ("text", "markdown", "html"):
        shown = " ".join(render(report, style).split())
        assert "No profile was given" not in shown
        assert ("the number of calls times the saving per call" in shown) == counted
        assert ("a sampling profile has no call counts" in shown) != counted


def test_all_formats_mention_a_missing_profile() -> None:
    for style in ("text", "markdown", "html"):
        shown = render(build_report(twelve(), code_base()), style)
        assert "No profile was given, so this section counts references" in shown


def test_a_profile_without_calls_has_a_section_without_audit() -> None:
    report = build_report(twelve(), profile=Profile("cProfile", True, 2.0, ()))

    assert savings(report).seconds is None
    assert "no saving is expected" in report.verdict
    page = Page(render(report, "html"))
    assert "Profiled run" in [node.text() for node in page.root.all("h2")]
    for style in ("text", "markdown"):
        assert "xpected" in render(report, style)


@pytest.mark.parametrize("counted", [True, False])
def test_numbers_of_the_page_match_the_json(counted: bool) -> None:
    report = build_report(twelve(), code_base(), profile=profile(counts_calls=counted, sites=4))
    page, section = Page(render(report, "html")), document(report)["savings"]

    for identifier, key in (("savings-table", "by_utility"), ("sites-table", "by_site")):
        rows = page.table(identifier)
        for row, entry in zip(rows, section[key], strict=True):
            cells = {cell.attributes.get("data-label", ""): cell for cell in row}
            for label, name in (
                ("Profiled time", "profile_seconds"),
                ("Expected saving", "seconds"),
                ("Saving per call", "call_seconds"),
            ):
                if label in cells:
                    assert matches(cells[label].text(without="small"), entry[name])
            assert ("Calls" in cells) == counted
            if counted:
                assert cells["Calls"].text() == f"{entry['calls']:,}"


def test_numbers_of_text_and_markdown_match_the_json() -> None:
    report = build_report(twelve(), code_base(), profile=profile(sites=4))
    section = document(report)["savings"]
    text, marked = render(report, "text"), render(report, "markdown")

    for entry in section["by_utility"]:
        line = re.search(rf"^{entry['utility']} +([\d,]+) +{TIME} +{TIME} +{TIME}$", text, re.M)
        assert line
        cells = next(
            [cell.strip() for cell in row.strip("|").split("|")]
            for row in marked.partition("Expected saving")[2].split("\n")
            if row.startswith(f"| `{entry['utility']}`")
        )
        for calls, numbers in ((line[1], line.groups()[1:]), (cells[2], cells[3:6])):
            assert calls == f"{entry['calls']:,}"
            for shown, key in zip(
                numbers, ("call_seconds", "profile_seconds", "seconds"), strict=True
            ):
                assert matches(shown, entry[key])
