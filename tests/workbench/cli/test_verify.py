from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from workbench import backends, extras, verify
from workbench.catalog import Utility
from workbench.cli import main
from workbench.results.model import NATIVE
from workbench.verify import Equivalence, Mismatch

Captured = pytest.CaptureFixture[str]


def test_verify_passes(capsys: Captured) -> None:
    assert main(["verify", "base36_encode", "--examples", "5"]) == 0
    assert "1 of 1 utilities" in capsys.readouterr().out


def test_verify_shows_differences(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = backends.functions

    def functions(side: str) -> dict[str, Callable[..., Any]]:
        wrong = {"base36_encode": lambda *_: "0"} if side == NATIVE else {}
        return {**real("python"), **wrong}

    monkeypatch.setattr(backends, "functions", functions)
    assert main(["verify", "base36_encode", "format_float", "--examples", "5"]) == 1
    text = capsys.readouterr().out
    assert "base36_encode                     DIFFERS" in text
    assert "  base36_encode('10')\n    python returned 'g' (str)\n" in text
    assert "\n    native returned '0' (str)\n" in text
    assert "  and " in text


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the check is asked for; it finds ``differs`` different and the rest equivalent."""
    given: dict[str, Any] = {"differs": ()}

    def check(
        utilities: Sequence[Utility], examples: int, seed: int, _: object, sides: tuple[str, str]
    ) -> tuple[Equivalence, ...]:
        names = [utility.name for utility in utilities]
        given.update(names=names, examples=examples, seed=seed, sides=sides)
        wrong = (Mismatch("f(1)", "returned 1 (int)", "returned 2 (int)"),)
        return tuple(
            Equivalence(name, 9, wrong if name in given["differs"] else (), sides) for name in names
        )

    monkeypatch.setattr(verify, "verify", check)
    return given


def test_everything_is_checked_unless_it_is_named(asked: dict[str, Any]) -> None:
    assert main(["verify"]) == 0
    assert len(asked["names"]) == 12
    defaults = (asked["examples"], asked["seed"], asked["sides"])
    assert defaults == (100, 0, ("python", "native"))
    assert main(["verify", "hash_file"]) == 0
    assert asked["names"] == ["hash_file"]


def test_options_are_handed_on(asked: dict[str, Any], capsys: Captured) -> None:
    options = "--examples 7 --seed -3 --against upstream --side python"
    assert main(["verify", *options.split()]) == 0
    given = (asked["examples"], asked["seed"], asked["sides"])
    assert given == (7, -3, ("upstream", "python"))
    last = capsys.readouterr().out.splitlines()[-1]
    assert "upstream" in last
    assert "native" not in last


def test_one_difference_is_a_finding(asked: dict[str, Any], capsys: Captured) -> None:
    asked["differs"] = ("hash_file",)
    assert main(["verify"]) == 1
    captured = capsys.readouterr()
    assert captured.out.count("DIFFERS") == 1
    assert "11 of 12" in captured.out.splitlines()[-1]
    assert captured.err == ""


@pytest.mark.parametrize("options", ["--examples -1", "--against native", "--side upstream"])
def test_wrong_values_are_wrong_usage(options: str, asked: dict[str, Any]) -> None:
    assert main(["verify", *options.split()]) == 2
    assert "names" not in asked


def test_no_native_side_is_not_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(side: str) -> Any:
        raise backends.NativeMissingError("the native side is missing: not built")

    monkeypatch.setattr(backends, "functions", missing)
    assert main(["verify", "format_float"]) == 3


def test_a_missing_extra_is_named(
    asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "hypothesis" else name)
    assert main(["verify"]) == 2
    assert "accel-workbench[bench]" in capsys.readouterr().err
    assert "names" not in asked
