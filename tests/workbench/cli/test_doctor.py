from __future__ import annotations

import pytest

from tests.workbench.command_line import run
from workbench import doctor
from workbench.cli import main
from workbench.doctor import Check, Diagnosis, Probe


def test_doctor_in_a_real_process() -> None:
    done = run("doctor", "--require-native")
    assert done.stdout.count("ok  ") >= 24
    assert "\x1b" not in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines() if not line.startswith("    "))
    assert done.returncode == (1 if "!!" in done.stdout else 0)


@pytest.mark.parametrize("arguments", [[], ["--require-native"]])
@pytest.mark.parametrize(("ok", "status"), [(True, 0), (None, 0), (False, 1)])
def test_the_diagnosis_is_shown_and_decides_the_exit_code(
    arguments: list[str],
    ok: bool | None,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: list[bool] = []

    def examine(*, require_native: bool, progress: object) -> Diagnosis:
        assert progress is None
        asked.append(require_native)
        return Diagnosis((Check("part", ok, "some detail"),), (Probe("f", 7, 1e-6, 1e-7, ""),))

    monkeypatch.setattr(doctor, "examine", examine)
    assert main(["doctor", *arguments]) == status
    assert asked == [bool(arguments)]
    captured = capsys.readouterr()
    assert "some detail" in captured.out
    assert captured.err == ""
