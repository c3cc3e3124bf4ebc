"""The extras in the code match those of the distribution."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from workbench import extras
from workbench.errors import WorkbenchError
from workbench.extras import BENCH, EXTRAS, Extra, require

DECLARED: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
)["project"]["optional-dependencies"]


def provided(extra: str) -> set[str]:
    """The modules that the requirements of an extra provide, named like their distributions."""
    modules = set()
    for requirement in DECLARED[extra]:
        own = re.fullmatch(r"accel-workbench\[(.*)\]", requirement)
        if own:
            modules.update(*(provided(name) for name in own[1].split(",")))
        else:
            modules.add(re.split(r"[\[<>=~! ]", requirement)[0])
    return modules


@pytest.mark.parametrize("extra", EXTRAS, ids=lambda extra: extra.name)
def test_an_extra_checks_for_what_it_installs(extra: Extra) -> None:
    assert set(extra.modules) == provided(extra.name)


def test_all_extras_are_known() -> None:
    assert {extra.name for extra in EXTRAS} == DECLARED.keys() - {"all", "dev"}
    assert provided("all") == {module for extra in EXTRAS for module in extra.modules}


def test_no_requirement_names_accelerated() -> None:
    assert not any("accelerated" in line for lines in DECLARED.values() for line in lines)


def test_a_missing_extra_is_one_line_with_the_command_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "numpy" else name)
    with pytest.raises(
        WorkbenchError, match=r"'bench' \(numpy\): pip install 'accel-workbench\[bench\]'"
    ):
        require(BENCH)
    with pytest.raises(WorkbenchError):
        require(BENCH, ("numpy",))
    require(BENCH, ("pyperf",))
