"""Does the native side behave as the Python side does, on every input of the catalog?"""

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
"""Called with utilities done, utilities in all, and the name of the next one."""

DEFAULT_EXAMPLES = 100
_ATTEMPTS = 3
_MOST_EXAMPLES = 12


@dataclass(frozen=True)
class Mismatch:
    """One call on which two sides differ, and what each of them did."""

    call: str
    expected: str
    actual: str


@dataclass(frozen=True)
class Equivalence:
    """What the check of one utility found. ``cases`` counts the calls that were compared."""

    utility: str
    cases: int
    mismatches: tuple[Mismatch, ...]
    sides: tuple[str, str] = (PYTHON, NATIVE)
    """The side that says what is right, and the one that was held to it."""
    examples: tuple[str, ...] = ()
    """Some of the calls as source code, evenly spread over all, in the order of trying."""

    @property
    def equivalent(self) -> bool:
        """Whether no call told the two sides apart."""
        return not self.mismatches


@dataclass(frozen=True)
class CallOutcome:
    """What one call did, in a form that compares equal only for the same behaviour."""

    kind: str
    """``returned`` or ``raised``."""
    type_: type
    value: object
    """The observed result with the types of all its parts; None for an exception."""
    argument: int | None
    """The position of the argument that came back as the very same object."""
    text: str

    def matches(self, other: CallOutcome) -> bool:
        """Compare everything but the text, which is for people."""
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
    """Hold the second side of each utility to the first.

    Every corner of the catalog is tried, and ``examples`` random inputs more; the same ``seed``
    gives the same inputs. ``beat`` is called after each call that was compared. Raises
    NativeMissingError when there is no native side, and WorkbenchError when the originals cannot
    be imported. A utility without an original has none to be held to, and is left out of that
    comparison.
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
    """Compares the two sides of one utility call by call, and keeps what it found."""

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
        """Return what was found so far."""
        mismatches, examples = tuple(self._mismatches), tuple(self._examples)
        return Equivalence(self._utility.name, self._cases, mismatches, self._sides, examples)

    def try_corners(self, directory: Path) -> None:
        """Try every corner of the catalog entry."""
        for call in self._utility.corners(directory):
            mismatch = self._try(call)
            if mismatch:
                self._mismatches.append(mismatch)

    def try_examples(self, directory: Path, count: int, seed: int) -> None:
        """Try random inputs, at most ``count``; a mismatch is shrunk to its simplest form."""
        if count < 1:
            return
        import hypothesis
        from hypothesis.configuration import set_hypothesis_home_dir
        from hypothesis.errors import Flaky

        if "HYPOTHESIS_STORAGE_DIRECTORY" not in os.environ:
            # Its default is a directory in the user's current one.
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
        """Compare one call. What depends on the moment, like a free port, gets three chances."""
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
        """Keep every call of which the number is a multiple of a stride that grows with them."""
        if self._cases % self._stride:
            return
        self._examples.append(_anywhere(self._utility.name, describe(self._utility.name, call)))
        if len(self._examples) > _MOST_EXAMPLES:
            self._examples = self._examples[::2]
            self._stride *= 2


class _DifferentError(Exception):
    """Tells the search for inputs that it has found one."""


def outcome(
    function: Callable[..., Any], call: Call, observe: Callable[[Any], object]
) -> CallOutcome:
    """Call ``function`` in the call's surroundings and record what happened."""
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
    """Return a value that equals another one only if type and every bit agree, parts included."""
    if isinstance(value, float):
        bits = b"nan" if math.isnan(value) else struct.pack("<d", value)
        return (type(value), bits)
    if isinstance(value, (list, tuple)):
        return (type(value), tuple(exact(part) for part in value))
    if isinstance(value, dict):
        return (dict, tuple((exact(key), exact(part)) for key, part in value.items()))
    return (type(value), value)


def describe(name: str, call: Call) -> str:
    """Write a call as source code, shortened, on one line."""
    arguments = [_shortened.repr(value) for value in call.args]
    arguments += [f"{key}={_shortened.repr(value)}" for key, value in call.kwargs.items()]
    note = f" with {call.note}" if call.note else ""
    return f"{name}({', '.join(arguments)}){note}"


def _anywhere(name: str, text: str) -> str:
    """Leave out of a call what differs from run to run: scratch directories and addresses."""
    inside = re.sub(rf"/[^'\"]*/{name}/| at 0x[0-9a-f]+", "", text)
    return re.sub(rf"/[^'\"]*/{name}(?=['\"])", ".", inside)


def _qualified(type_: type) -> str:
    if type_.__module__ == "builtins":
        return type_.__name__
    return f"{type_.__module__}.{type_.__qualname__}"


class _Shortened(reprlib.Repr):
    def repr_int(self, x: int, level: int) -> str:
        # Python refuses to write the decimal digits of very large numbers.
        if x.bit_length() > 1000:
            digits = f"{x:#x}"
            return f"{digits[:40]}{self.fillvalue}{digits[-37:]}"
        return super().repr_int(x, level)


def _make_shortened() -> reprlib.Repr:
    shortened = _Shortened()
    shortened.maxstring = shortened.maxother = shortened.maxlong = 80
    return shortened


_shortened = _make_shortened()
