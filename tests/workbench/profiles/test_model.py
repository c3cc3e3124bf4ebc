from __future__ import annotations

from collections import Counter
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given, settings

from tests.workbench.profiles.profile_samples import (
    FUNCTIONS,
    Node,
    pyinstrument_tree,
    trees,
)
from workbench.catalog import utilities
from workbench.profiles.model import Profile, ProfiledCalls, ProfiledFunction, ProfileError
from workbench.profiles.read import labels
from workbench.profiles.samples import read_samples

FIND = labels(utilities())


def test_functions_differ_by_file_line_and_name() -> None:
    function = ProfiledFunction("a.py", 1, "f")
    others = [
        ProfiledFunction("b.py", 1, "f"),
        ProfiledFunction("a.py", 2, "f"),
        ProfiledFunction("a.py", None, "f"),
        ProfiledFunction("a.py", 1, "g"),
    ]
    counts = Counter([function, ProfiledFunction("a.py", 1, "f"), *others])
    assert counts[function] == 2
    assert len(counts) == 5


def test_a_profile_cannot_be_changed() -> None:
    profile = Profile("cProfile", True, 1.0, (ProfiledCalls("hash_file", None, 1, 0.5),))
    with pytest.raises(FrozenInstanceError):
        profile.seconds = 2.0  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        profile.uses[0].seconds = 2.0  # type: ignore[misc]


def test_an_error_of_a_profile_is_a_value_error_that_reads_as_its_reason() -> None:
    error = ProfileError("its unit is 'bytes'")
    assert isinstance(error, ValueError)
    assert str(error) == "its unit is 'bytes'"


@given(trees())
@settings(max_examples=30)
def test_the_uses_of_a_profile_are_a_part_of_its_time(tree: Node) -> None:
    profile = read_samples(pyinstrument_tree(tree), FIND)
    assert sum(use.seconds for use in profile.uses) <= profile.seconds * 1.000_001
    places = [(use.utility, use.caller) for use in profile.uses]
    assert len(places) == len(set(places))
    # A replaced function is not a caller: its calls disappear when it is replaced.
    assert not {caller for _, caller in places} & set(FUNCTIONS[:2])
