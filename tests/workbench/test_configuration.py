from __future__ import annotations

from pathlib import Path

import pytest

from workbench.configuration import fraction, gate_policy
from workbench.errors import WorkbenchError
from workbench.gate.policy import Answer, Policy, Thresholds

FULL = """
[tool.workbench.gate]
min_speedup = 2
max_regression = "5%"
may_be_missing = ["hash_file"]
undecided = "fail"

[tool.workbench.gate.utilities.find_free_port]
min_speedup = 1.1

[tool.workbench.gate.utilities.hash_file]
max_regression = 0.2
"""


def test_every_setting(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(FULL)
    assert gate_policy(path) == Policy(
        thresholds=Thresholds(2.0, 0.05),
        utilities={
            "find_free_port": Thresholds(1.1, 0.05),
            "hash_file": Thresholds(2.0, 0.2),
        },
        may_be_missing=frozenset({"hash_file"}),
        undecided=Answer.FAIL,
    )


def test_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert gate_policy(None) == Policy()
    assert gate_policy(None, baseline=True).thresholds.min_speedup is None
    (tmp_path / "pyproject.toml").write_text("[tool.other]\n")
    assert gate_policy(None) == Policy()
    (tmp_path / "pyproject.toml").write_text(FULL)
    assert gate_policy(None, baseline=True).thresholds == Thresholds(2.0, 0.05)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[tool", "is not TOML"),
        ("tool = 5", "tool must be a table, not 5"),
        ("[tool.workbench]\ngate = 5", "gate must be a table"),
        (
            "[tool.workbench.gate]\nmin_speed = 2",
            "unknown setting 'min_speed' in tool.workbench.gate: did you mean 'min_speedup'",
        ),
        (
            "[tool.workbench.gate]\nxyz = 2",
            "unknown setting 'xyz' in tool.workbench.gate: use one of min_speedup",
        ),
        ("[tool.workbench.gate]\nmin_speedup = 'two'", "min_speedup must be a number, not 'two'"),
        ("[tool.workbench.gate]\nmin_speedup = true", "min_speedup must be a number, not True"),
        ("[tool.workbench.gate]\nmin_speedup = -1", "must be positive, not -1"),
        ("[tool.workbench.gate]\nmax_regression = 'much'", "'much' is not a fraction"),
        ("[tool.workbench.gate]\nmax_regression = '200%'", "below 100%, not 200%"),
        ("[tool.workbench.gate]\nmay_be_missing = 'x'", "must be a list of strings"),
        ("[tool.workbench.gate]\nmay_be_missing = [1]", "must be a list of strings"),
        (
            "[tool.workbench.gate]\nundecided = 'maybe'",
            "undecided must be one of pass, fail, report",
        ),
        ("[tool.workbench.gate]\nundecided = []", "undecided must be one of pass, fail, report"),
        ("[tool.workbench.gate]\nutilities = 1", "utilities must be a table"),
        ("[tool.workbench.gate.utilities]\nx = 1", "utilities.x must be a table"),
        ("[tool.workbench.gate.utilities.x]\nundecided = 'pass'", "unknown setting 'undecided'"),
    ],
)
def test_mistakes_are_one_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(content)
    with pytest.raises(WorkbenchError) as caught:
        gate_policy(path)
    assert message in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.toml", tmp_path):
        with pytest.raises(WorkbenchError, match="cannot read"):
            gate_policy(path)
    (tmp_path / "latin.toml").write_bytes(b"# \xff")
    with pytest.raises(WorkbenchError, match="is not TOML"):
        gate_policy(tmp_path / "latin.toml")


@pytest.mark.parametrize(
    ("text", "value"), [("10%", 0.1), (" 2.5% ", 0.025), ("0.1", 0.1), (0.3, 0.3), (0, 0.0)]
)
def test_fractions(text: object, value: float) -> None:
    assert fraction(text) == pytest.approx(value)


def test_demanded_thresholds_override_the_table_but_not_single_utilities(
    tmp_path: Path,
) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(
        "[tool.workbench.gate]\nmin_speedup = 1.5\nmax_regression = '30%'\n"
        "[tool.workbench.gate.utilities.hash_file]\nmax_regression = '50%'\n"
        "[tool.workbench.gate.utilities.format_float]\nmin_speedup = 4\n"
    )
    policy = gate_policy(path, demanded={"min_speedup": 2.0, "max_regression": "10%"})
    assert policy.thresholds == Thresholds(2.0, 0.1)
    assert policy.of("hash_file") == Thresholds(2.0, 0.5)
    assert policy.of("format_float") == Thresholds(4.0, 0.1)
    assert gate_policy(path, max_regression=0.02).thresholds == Thresholds(1.5, 0.3)
    path.write_text("")
    assert gate_policy(path, max_regression=0.02).thresholds == Thresholds(1.0, 0.02)
