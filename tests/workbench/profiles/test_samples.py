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
