"""Valid combinations of options."""

from __future__ import annotations

import io
import itertools
import sys

import pytest

from tests.workbench.migration.migration_samples import USES
from workbench.audits.scope import AuditScope
from workbench.cli import main
from workbench.errors import WorkbenchError
from workbench.migration.model import Mode, choose

FLAGS = ("diff", "check", "write", "interactive", "commit", "undo")
Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    "given", [c for n in range(4) for c in itertools.combinations(FLAGS, n)], ids="+".join
)
def test_every_combination_is_accepted_or_rejected(given: tuple[str, ...]) -> None:
    flags = {name: name in given for name in FLAGS}
    if len(given) > 1 and {"diff", "check", "undo"} & set(given):
        with pytest.raises(WorkbenchError, match="cannot be combined; use one of them"):
            choose(AuditScope(), flags)
        return
    request = choose(AuditScope(), flags)
    assert request.interactive == ("interactive" in given)
    assert request.writes == bool({"write", "interactive", "commit"} & set(given))
    assert (request.mode is Mode.COMMIT) == ("commit" in given)
    if len(given) < 2 and "interactive" not in given:
        assert request.mode.value == (given[0] if given else "diff")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("src --branch x", "--branch needs --commit"),
        ("src --write --pr-file x", "--pr-file needs --commit"),
        ("src --diff --write", "--diff and --write cannot be combined"),
        ("src --check --commit", "--check and --commit cannot be combined"),
        ("--undo --write", "--undo and --write cannot be combined"),
        ("--undo --select hash_file", "--undo takes no other options, only paths"),
        ("--write", "Missing argument 'PATH...'"),
        ("- --write", "cannot write code read from standard input; use --diff"),
        ("- --interactive", "cannot write code read from standard input; use --diff"),
    ],
)
@pytest.mark.usefixtures("here")
def test_invalid_options_are_one_error_line(
    options: str, message: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(USES.encode())))
    assert main(["migrate", *options.split()]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert message in error


@pytest.mark.usefixtures("here")
def test_code_on_standard_input_is_shown(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(USES.encode())))
    assert main(["migrate", "-", "--stdin-name", "src/new.py"]) == 0
    assert b"+++ b/src/new.py\n" in capsysbinary.readouterr().out
