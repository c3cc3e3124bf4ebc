from __future__ import annotations

import pytest

import workbench


def test_the_public_api_is_what_it_says() -> None:
    for name in workbench.__all__:
        assert callable(getattr(workbench, name))
        assert name in dir(workbench)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        workbench.nothing  # noqa: B018
