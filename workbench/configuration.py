"""Read the settings in ``pyproject.toml``."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError
from workbench.gate.policy import (
    DEFAULT_MAX_REGRESSION,
    DEFAULT_MIN_SPEEDUP,
    Answer,
    Policy,
    Thresholds,
)

_AUDIT = ("exclude", "select", "ignore")
_THRESHOLDS = ("min_speedup", "max_regression")
_GATE = (*_THRESHOLDS, "may_be_missing", "undecided", "utilities")
_UNDECIDED = {"pass": Answer.PASS, "fail": Answer.FAIL, "report": Answer.UNDECIDED}


@dataclass(frozen=True)
class AuditSettings:
    """The audit settings of ``[tool.workbench]``."""

    exclude: tuple[str, ...] = ()
    """Patterns in the format of ``.gitignore``."""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def audit_settings(path: Path | None) -> AuditSettings:
    """Read ``exclude``, ``select`` and ``ignore`` of ``[tool.workbench]``.

    Finds the file and raises errors as ``gate_policy`` does.
    """
    table = _table(path, ("tool", "workbench"))
    _refuse_unknown(table, (*_AUDIT, "gate"), "tool.workbench")
    return AuditSettings(**{name: tuple(_strings(table.get(name, []), name)) for name in _AUDIT})


def gate_policy(
    path: Path | None,
    baseline: bool = False,
    max_regression: float = DEFAULT_MAX_REGRESSION,
    demanded: Mapping[str, Any] | None = None,
) -> Policy:
    """Read the gate policy from ``[tool.workbench.gate]`` of a TOML file.

    Without a ``path``, reads ``pyproject.toml`` in the current directory if it exists. Without the
    table, returns the default policy. With a ``baseline``, no minimum speedup is required unless it
    is set. ``max_regression`` is the default for that setting. ``demanded`` overrides settings of
    the table, but not those of single utilities. Raises WorkbenchError for a file that cannot be
    read or an invalid setting.
    """
    table = _table(path, ("tool", "workbench", "gate"))
    _refuse_unknown(table, _GATE, "tool.workbench.gate")
    least = None if baseline else DEFAULT_MIN_SPEEDUP
    default = Thresholds(min_speedup=least, max_regression=max_regression)
    thresholds = _thresholds({**table, **(demanded or {})}, default, "tool.workbench.gate")
    utilities = _mapping(table.get("utilities", {}), "tool.workbench.gate.utilities")
    return Policy(
        thresholds=thresholds,
        utilities={
            name: _utility_thresholds(name, own, thresholds) for name, own in utilities.items()
        },
        may_be_missing=frozenset(_strings(table.get("may_be_missing", []), "may_be_missing")),
        undecided=undecided(table.get("undecided", "report")),
    )


def fraction(value: object) -> float:
    """Parse a fraction such as ``10%`` or ``0.1``. Raises WorkbenchError for anything else."""
    text = str(value).strip()
    number = text.removesuffix("%")
    try:
        return float(number) / (100 if number != text else 1)
    except ValueError:
        raise WorkbenchError(f"'{text}' is not a fraction such as 10% or 0.1") from None


def undecided(value: object) -> Answer:
    """Parse how to treat undecided workloads: ``pass``, ``fail`` or ``report``."""
    if not isinstance(value, str) or value not in _UNDECIDED:
        raise WorkbenchError(f"undecided must be one of {', '.join(_UNDECIDED)}, not {value!r}")
    return _UNDECIDED[value]


def _table(given: Path | None, names: Sequence[str]) -> Mapping[str, Any]:
    """Return the named table, empty if it is missing; a ``given`` file must exist."""
    path = given or Path("pyproject.toml")
    import tomllib

    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        if given is None:
            return {}
        raise WorkbenchError(f"cannot read {path}: {error.strerror}") from error
    except OSError as error:
        raise WorkbenchError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise WorkbenchError(f"{path} is not TOML: {error}") from error
    except RecursionError:
        raise WorkbenchError(f"{path} is not TOML: it is nested too deeply") from None
    table: Any = document
    for name in names:
        table = _mapping(table.get(name, {}), name)
    return _mapping(table, ".".join(names))


def _utility_thresholds(name: str, table: object, default: Thresholds) -> Thresholds:
    place = f"tool.workbench.gate.utilities.{name}"
    own = _mapping(table, place)
    _refuse_unknown(own, _THRESHOLDS, place)
    return _thresholds(own, default, place)


def _thresholds(table: Mapping[str, Any], default: Thresholds, place: str) -> Thresholds:
    changed = default
    if "min_speedup" in table:
        value = table["min_speedup"]
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise WorkbenchError(f"{place}.min_speedup must be a number, not {value!r}")
        changed = replace(changed, min_speedup=float(value))
    if "max_regression" in table:
        changed = replace(changed, max_regression=fraction(table["max_regression"]))
    return changed


def _refuse_unknown(table: Mapping[str, Any], known: Iterable[str], place: str) -> None:
    names = list(known)
    for key in table:
        if key not in names:
            close = difflib.get_close_matches(key, names, n=1)
            advice = f"did you mean '{close[0]}'?" if close else f"use one of {', '.join(names)}"
            raise WorkbenchError(f"unknown setting '{key}' in {place}: {advice}")


def _mapping(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise WorkbenchError(f"{place} must be a table, not {value!r}")
    return value


def _strings(value: object, name: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise WorkbenchError(f"{name} must be a list of strings, not {value!r}")
    return value
