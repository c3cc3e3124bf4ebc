from __future__ import annotations

import pytest

from workbench import errors
from workbench.backends import NativeMissingError
from workbench.cli import main
from workbench.errors import WorkbenchError
from workbench.history import NothingToShow


def test_exit_codes_are_those_of_the_documentation() -> None:
    codes = (errors.DONE, errors.FINDINGS, errors.USAGE, errors.INCOMPLETE)
    assert codes == (0, 1, 2, 3)


@pytest.mark.parametrize(
    ("kind", "code"),
    [(WorkbenchError, 2), (NativeMissingError, 3), (NothingToShow, 3)],
)
def test_an_error_ends_a_command_with_its_code_and_one_line(
    kind: type[WorkbenchError],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise kind("the reason\nin two lines")

    monkeypatch.setattr("workbench.verify.verify", fail)
    assert main(["verify"]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "the reason in two lines" in captured.err


def test_every_error_of_the_workbench_has_a_code_of_the_documentation() -> None:
    kinds = [WorkbenchError, *WorkbenchError.__subclasses__()]
    assert {kind.exit_code for kind in kinds} <= {errors.USAGE, errors.INCOMPLETE}
