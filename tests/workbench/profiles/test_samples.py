from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbench.profiles import profile_samples as samples
from workbench.catalog import utilities
from workbench.profiles import Profile
from workbench.profiles.model import ProfiledFunction, ProfileError
from workbench.profiles.read import labels
from workbench.profiles.samples import read_samples

FIND = labels(utilities())


def milliseconds(found: Profile) -> dict[tuple[str, ProfiledFunction | None], int]:
    return {
        (use.utility, use.caller): round(use.seconds * 1000) for use in found.uses if use.seconds
    }


@pytest.mark.parametrize(
    "document",
    [
        samples.pyinstrument_tree,
        samples.pyinstrument_session,
        samples.speedscope_sampled,
        samples.speedscope_evented,
    ],
)
@given(tree=samples.trees())
@settings(max_examples=60, derandomize=True, deadline=None)
def test_sampled_time_goes_to_the_outermost_replaced_function(
    tree: samples.Node, document: Callable[[samples.Node], Any]
) -> None:
    found = read_samples(json.loads(json.dumps(document(tree))), FIND)

    assert milliseconds(found) == samples.expected(tree)
    assert found.seconds == pytest.approx(tree.total / 1000)
    assert not found.counts_calls
    assert all(use.calls is None for use in found.uses)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "root_frame",
                    "frame_records",
                    "profiles",
                    "shared",
                    "frames",
                    "name",
                    "type",
                    "unit",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON)
@settings(max_examples=300, derandomize=True, deadline=None)
def test_no_json_breaks_the_reader(document: Any) -> None:
    try:
        found = read_samples(document, FIND)
    except ProfileError:
        return
    assert found.seconds >= 0


def speedscope(*profiles: dict[str, Any], frames: list[dict[str, Any]] | None = None) -> Any:
    """Return a document whose frames are a caller, a replaced function and a frame of neither."""
    known = [
        {"name": "main", "file": "core.py", "line": 3},
        {"name": "format_float", "file": "sky/utils/common_utils.py"},
        {"name": "other"},
    ]
    return {"shared": {"frames": frames or known}, "profiles": list(profiles)}


def sampled(unit: str, *weights: float) -> dict[str, Any]:
    return {"type": "sampled", "unit": unit, "samples": [[0, 1]] * len(weights), "weights": weights}


@pytest.mark.parametrize(
    ("unit", "seconds"),
    [("seconds", 5.0), ("milliseconds", 5e-3), ("microseconds", 5e-6), ("nanoseconds", 5e-9)],
)
def test_every_unit_of_time_is_converted(unit: str, seconds: float) -> None:
    found = read_samples(speedscope(sampled(unit, 2, 3)), FIND)
    (use,) = found.uses
    assert found.seconds == use.seconds == pytest.approx(seconds)
    assert use.caller == ProfiledFunction("core.py", 3, "main")


def test_the_threads_of_a_program_are_summed() -> None:
    found = read_samples(speedscope(sampled("seconds", 2), sampled("milliseconds", 500)), FIND)
    (use,) = found.uses
    assert use.seconds == found.seconds == pytest.approx(2.5)


def test_a_frame_may_lack_its_file_and_line() -> None:
    profile = {"type": "sampled", "unit": "seconds", "samples": [[2, 1], [2]], "weights": [1, 4]}
    found = read_samples(speedscope(profile), FIND)
    (use,) = found.uses
    assert use.caller == ProfiledFunction("", None, "other")
    assert (use.seconds, found.seconds) == (1.0, 5.0)


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ("O0 C1", "innermost"),
        ("O0 O1 C0", "innermost"),
        ("C0", "'profiles' is not valid"),
        ("O0 O9 C9", "'profiles' is not valid"),
    ],
)
def test_events_that_do_not_nest_are_refused(events: str, reason: str) -> None:
    listed = [
        {"type": kind, "at": at, "frame": int(frame)}
        for at, (kind, frame) in enumerate(events.split(), 1)
    ]
    profile = {"type": "evented", "unit": "seconds", "startValue": 0, "events": listed}
    with pytest.raises(ProfileError, match=reason):
        read_samples(speedscope(profile), FIND)


def test_time_before_the_clock_was_set_back_is_refused() -> None:
    events = [{"type": "O", "at": 5, "frame": 0}, {"type": "C", "at": 4, "frame": 0}]
    profile = {"type": "evented", "unit": "seconds", "startValue": 0, "events": events}
    with pytest.raises(ProfileError):
        read_samples(speedscope(profile), FIND)


def test_a_program_without_frames_has_no_time() -> None:
    assert read_samples({"root_frame": None}, FIND) == Profile("pyinstrument", False, 0.0, ())
    assert read_samples({"profiles": [], "shared": {"frames": []}}, FIND).seconds == 0.0


def test_a_session_has_the_first_line_of_a_function() -> None:
    utils = "format_float\0sky/utils/common_utils.py\x0010\x01l99"
    document = {"frame_records": [[["main\0core.py\x003\x01l4\x01c5", utils], 2.0]]}
    (use,) = read_samples(document, FIND).uses
    assert use.caller == ProfiledFunction("core.py", 3, "main")
    assert (use.utility, use.seconds, use.calls) == ("format_float", 2.0, None)
