"""Check that both sides of a utility behave alike on the inputs of the catalog."""

from __future__ import annotations

import math
import os
import re
import reprlib
import struct
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench import backends
from workbench.catalog import Call, Utility
from workbench.results.model import NATIVE, PYTHON, UPSTREAM

Progress = Callable[[int, int, str], None]
"""Called with the number of finished utilities, their total, and the name of the next one."""

DEFAULT_EXAMPLES = 100
_ATTEMPTS = 3
_MOST_EXAMPLES = 12


@dataclass(frozen=True)
class Mismatch:
    """A call on which the two sides differ, and the outcome on each side."""

    call: str
    expected: str
    actual: str


@dataclass(frozen=True)
class Equivalence:
    """The result of checking one utility. ``cases`` is the number of compared calls."""

    utility: str
    cases: int
    mismatches: tuple[Mismatch, ...]
    sides: tuple[str, str] = (PYTHON, NATIVE)
    """The reference side and the side checked against it."""
    examples: tuple[str, ...] = ()
    """Some of the calls as source code, evenly spread over all calls, in call order."""

    @property
    def equivalent(self) -> bool:
        """Whether both sides behaved alike on every call."""
        return not self.mismatches


@dataclass(frozen=True)
class CallOutcome:
    """The outcome of one call, in a form that compares equal only for the same behaviour."""

    kind: str
    """``returned`` or ``raised``."""
    type_: type
    value: object
    """The observed result including the types of all its parts; None for an exception."""
    argument: int | None
    """The position of the argument that was returned as the same object, if any."""
    text: str

    def matches(self, other: CallOutcome) -> bool:
        """Compare everything except the text, which is only for display."""
        mine = (self.kind, self.type_, self.argument, self.value)
        return mine == (other.kind, other.type_, other.argument, other.value)


def verify(  # noqa: PLR0913, PLR0917
    utilities: Iterable[Utility],
    examples: int = DEFAULT_EXAMPLES,
    seed: int = 0,
    progress: Progress | None = None,
    sides: tuple[str, str] = (PYTHON, NATIVE),
    beat: Callable[[], None] | None = None,
) -> tuple[Equivalence, ...]:
    """Check the second side of each utility against the first.

    Compares every corner case of the catalog and up to ``examples`` random inputs; the same
    ``seed`` gives the same inputs. ``beat`` is called after each compared call. Utilities that
    replace no upstream function are skipped when upstream is the reference. Raises
    NativeMissingError when there is no native side, and WorkbenchError when the upstream functions
    cannot be imported.
    """
    reference, candidate = sides
    selected = tuple(u for u in utilities if reference != UPSTREAM or u.replaces)
    found = []
    with tempfile.TemporaryDirectory(prefix="workbench-verify-") as scratch:
        for index, utility in enumerate(selected):
            if progress:
                progress(index, len(selected), utility.name)
            directory = Path(scratch, utility.name)
            directory.mkdir()
            comparison = CallComparison(
                utility,
                backends.function(utility, reference),
                backends.function(utility, candidate),
                sides,
                beat,
            )
            comparison.try_corners(directory)
            comparison.try_examples(directory, examples, seed)
            found.append(comparison.equivalence())
    return tuple(found)


class CallComparison:
    """Compares the two sides of one utility call by call and collects the mismatches."""

    def __init__(
        self,
        utility: Utility,
        reference: Callable[..., Any],
        candidate: Callable[..., Any],
        sides: tuple[str, str] = (PYTHON, NATIVE),
        beat: Callable[[], None] | None = None,
    ) -> None:
        self._utility = utility
        self._reference = reference
        self._candidate = candidate
        self._sides = sides
        self._beat = beat
        self._cases = 0
        self._mismatches: list[Mismatch] = []
        self._examples: list[str] = []
        self._stride = 1

    def equivalence(self) -> Equivalence:
        """Return the result so far."""
        mismatches, examples = tuple(self._mismatches), tuple(self._examples)
        return Equivalence(self._utility.name, self._cases, mismatches, self._sides, examples)

    def try_corners(self, directory: Path) -> None:
        """Compare every corner case of the catalog entry."""
        for call in self._utility.corners(directory):
            mismatch = self._try(call)
            if mismatch:
                self._mismatches.append(mismatch)

    def try_examples(self, directory: Path, count: int, seed: int) -> None:
        """Compare at most ``count`` random inputs; a mismatch is shrunk to its simplest form."""
        if count < 1:
            return
        import hypothesis
        from hypothesis.configuration import set_hypothesis_home_dir
        from hypothesis.errors import Flaky

        if "HYPOTHESIS_STORAGE_DIRECTORY" not in os.environ:
            # By default Hypothesis creates a directory in the current one.
            set_hypothesis_home_dir(Path(tempfile.gettempdir(), "workbench-hypothesis"))
        smallest: list[Mismatch] = []

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=count,
            database=None,
            deadline=None,
            print_blob=False,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(self._utility.strategy(directory))
        def compare(call: Call) -> None:
            mismatch = self._try(call)
            if mismatch:
                smallest[:] = [mismatch]
                raise _DifferentError

        try:
            compare()
        except (_DifferentError, Flaky):
            self._mismatches.extend(smallest)

    def _try(self, call: Call) -> Mismatch | None:
        """Compare one call; retry a mismatch, since some results vary over time (free ports)."""
        if UPSTREAM in self._sides and self._utility.departs(call):
            return None
        self._remember(call)
        self._cases += 1
        for _ in range(_ATTEMPTS):
            expected = outcome(self._reference, call, self._utility.observe)
            actual = outcome(self._candidate, call, self._utility.observe)
            if self._beat:
                self._beat()
            if expected.matches(actual):
                return None
        return Mismatch(describe(self._utility.name, call), expected.text, actual.text)

    def _remember(self, call: Call) -> None:
        """Keep every n-th call as an example, where n doubles when there are too many."""
        if self._cases % self._stride:
            return
        self._examples.append(_portable(self._utility.name, describe(self._utility.name, call)))
        if len(self._examples) > _MOST_EXAMPLES:
            self._examples = self._examples[::2]
            self._stride *= 2


class _DifferentError(Exception):
    """Raised in a Hypothesis test when the two sides differ."""


def outcome(
    function: Callable[..., Any], call: Call, observe: Callable[[Any], object]
) -> CallOutcome:
    """Call ``function`` in the surroundings of ``call`` and record the outcome."""
    with call.surroundings():
        try:
            result = function(*call.args, **call.kwargs)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            text = f"raised {_qualified(type(error))}: {_shortened.repr(str(error))}"
            return CallOutcome("raised", type(error), None, None, text)
        position = next((i for i, value in enumerate(call.args) if value is result), None)
        seen = observe(result)
    text = f"returned {_shortened.repr(seen)} ({_qualified(type(result))})"
    if position is not None:
        text += f", argument {position + 1} itself"
    return CallOutcome("returned", type(result), exact(seen), position, text)


def exact(value: object) -> object:
    """Return a value that compares equal only if types and bits agree, including nested parts."""
    if isinstance(value, float):
        bits = b"nan" if math.isnan(value) else struct.pack("<d", value)
        return (type(value), bits)
    if isinstance(value, (list, tuple)):
        return (type(value), tuple(exact(part) for part in value))
    if isinstance(value, dict):
        return (dict, tuple((exact(key), exact(part)) for key, part in value.items()))
    return (type(value), value)


def describe(name: str, call: Call) -> str:
    """Format a call as one line of shortened source code."""
    arguments = [_shortened.repr(value) for value in call.args]
    arguments += [f"{key}={_shortened.repr(value)}" for key, value in call.kwargs.items()]
    note = f" with {call.note}" if call.note else ""
    return f"{name}({', '.join(arguments)}){note}"


def _portable(name: str, text: str) -> str:
    """Remove what differs between runs from a call: scratch directories and addresses."""
    inside = re.sub(rf"/[^'\"]*/{name}/| at 0x[0-9a-f]+", "", text)
    return re.sub(rf"/[^'\"]*/{name}(?=['\"])", ".", inside)


def _qualified(type_: type) -> str:
    if type_.__module__ == "builtins":
        return type_.__name__
    return f"{type_.__module__}.{type_.__qualname__}"


class _Shortened(reprlib.Repr):
    def repr_int(self, x: int, level: int) -> str:
        # Python limits the conversion of very large integers to decimal.
        if x.bit_length() > 1000:
            digits = f"{x:#x}"
            return f"{digits[:40]}{self.fillvalue}{digits[-37:]}"
        return super().repr_int(x, level)


def _make_shortened() -> reprlib.Repr:
    shortened = _Shortened()
    shortened.maxstring = shortened.maxother = shortened.maxlong = 80
    return shortened


_shortened = _make_shortened()
