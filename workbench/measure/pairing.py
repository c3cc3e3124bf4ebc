"""The two sides of a comparison, and the call they are compared on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from workbench.catalog.model import Call, Utility, Workload
from workbench.errors import WorkbenchError
from workbench.results.model import NATIVE, PYTHON, UPSTREAM

_SIDES = (PYTHON, NATIVE, UPSTREAM)


@dataclass(frozen=True)
class Expression:
    """The arguments of a call as Python source, and the setup statements that they need.

    Both come from the user's command line and are executed.
    """

    arguments: str = ""
    setup: str = ""

    def call(self) -> Call:
        """Run the setup statements and evaluate the arguments.

        Raises WorkbenchError when that fails.
        """
        namespace: dict[str, Any] = {"_call": lambda *args, **kwargs: Call(args, kwargs)}
        try:
            exec(compile(self.setup, "--setup", "exec"), namespace)
            call = eval(compile(f"_call({self.arguments})", "--args", "eval"), namespace)
        except Exception as error:
            detail = " ".join(f"{type(error).__name__}: {error}".split())
            raise WorkbenchError(f"cannot evaluate --setup and --args: {detail}") from error
        assert isinstance(call, Call)
        return call


@dataclass(frozen=True)
class Pairing:
    """The two sides by name: ``python``, ``native``, ``upstream``, or any ``package.module:name``.

    ``expression`` is the workload when the sides do not come from the catalog. The sides in
    ``beside`` are timed in the same pairs but are not part of the comparison.
    """

    first: str = PYTHON
    second: str = NATIVE
    expression: Expression | None = None
    beside: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for side in (*self.sides, *self.beside):
            if ":" not in side and (self.expression or side not in _SIDES):
                known = "" if self.expression else f"{', '.join(_SIDES)} or "
                raise WorkbenchError(f"'{side}' is not a side: use {known}package.module:name")
        if twice := {*self.beside} & {*self.sides}:
            raise WorkbenchError(f"{min(twice)} is already one of the two sides")

    @property
    def sides(self) -> tuple[str, str]:
        """The names of both sides."""
        return (self.first, self.second)

    def utility(self) -> Utility:
        """Return a catalog entry for two callables given by name."""
        expression = self.expression or Expression()
        return Utility(
            name=self.second,
            summary=f"compared with {self.first}",
            replaces=(),
            # No speedup was announced.
            announced_speedup=0.0,
            workloads=(Workload(f"({expression.arguments})", lambda _: expression.call()),),
            corners=lambda _: iter((expression.call(),)),
            strategy=_no_random_inputs,
        )

    def to_json(self) -> dict[str, Any]:
        """Return a JSON object that describes the pairing for a worker."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Pairing:
        """Create a pairing from the result of ``to_json``."""
        expression = data["expression"]
        return cls(
            data["first"],
            data["second"],
            Expression(**expression) if expression else None,
            tuple(data["beside"]),
        )


def _no_random_inputs(directory: object) -> Any:
    del directory
    raise WorkbenchError("there are no random inputs for callables given by name")
