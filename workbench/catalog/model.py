"""The data model of catalog entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


Surroundings = Callable[[], AbstractContextManager[object]]
"""Returns a context manager for a call: environment variables, limits, affinity."""


@dataclass(frozen=True)
class Call:
    """The arguments of one call and its surroundings."""

    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    surroundings: Surroundings = nullcontext
    note: str = ""
    """Description of the surroundings for messages; empty for ordinary surroundings."""


@dataclass(frozen=True)
class Floor:
    """The calls that any implementation of a workload needs, in any language.

    ``system`` names system calls that `workbench._native` times in a Rust loop, for the file,
    directory or port in ``target``; ``library`` calls a library that any implementation needs.
    """

    calls: str
    """Short description of all calls, for display."""
    system: str
    target: str = ""
    library: Callable[[], object] | None = None


@dataclass(frozen=True)
class Workload:
    """One timed call. ``prepare`` takes a scratch directory and returns the call to time.

    Worker processes share the directory, so the files of ``prepare`` may already exist. ``floor``
    returns the floor of that call; None for pure computation, which has no such limit.
    """

    name: str
    prepare: Callable[[Path], Call]
    floor: Callable[[Call], Floor] | None = None
    is_countable: bool = True
    """Whether to count instructions; calls take about fifty times as long under valgrind."""


@dataclass(frozen=True)
class Body:
    """A published body of the replaced function, used to recognise copies.

    Only its fingerprint is stored, for copyright reasons. `scripts/fingerprint_copies.py` computes
    it from the published wheels.
    """

    fingerprint: str
    needles: tuple[str, ...]
    """Strings that every copy contains, the rarest first; not local variables, which may differ."""
    published: str
    """The versions with this body."""


@dataclass(frozen=True)
class Curve:
    """A workload with inputs of several sizes; ``prepare`` also takes the size."""

    name: str
    """What is measured, in a few words."""
    unit: str
    """The unit of the sizes, in the plural."""
    sizes: tuple[int, ...]
    """At least 1, in ascending order."""
    prepare: Callable[[Path, int], Call]

    def workloads(self) -> Iterator[tuple[int, Workload]]:
        """Yield each size with its workload."""
        for size in self.sizes:
            prepare = partial(_prepare_size, self.prepare, size)
            yield size, Workload(f"{self.name}, {self.unit}: {size:,}", prepare)


def _prepare_size(prepare: Callable[[Path, int], Call], size: int, directory: Path) -> Call:
    return prepare(directory, size)


def same(result: object) -> object:
    """Return the result unchanged, for results that can be compared directly."""
    return result


def never(call: Call) -> bool:
    """Return False, for contracts that follow the original on every call."""
    del call
    return False


@dataclass(frozen=True)
class Utility:
    """Everything the workbench knows about one replaceable function."""

    name: str
    summary: str
    """The purpose of the function, in a few words."""
    replaces: tuple[str, ...]
    """Qualified names of the functions that it replaces; empty for a new function."""
    announced_speedup: float
    workloads: tuple[Workload, ...]
    """The first workload represents the utility in means and charts."""
    corners: Callable[[Path], Iterator[Call]]
    """Corner cases, which the equivalence check always includes."""
    strategy: Callable[[Path], SearchStrategy[Call]]
    """Random inputs for the equivalence check."""
    curves: tuple[Curve, ...] = ()
    """Size curves that ``workbench bench --curves`` times in addition to the workloads."""
    departs: Callable[[Call], bool] = never
    """Returns whether the contract deliberately differs from the original on a call."""
    observe: Callable[[Any], object] = same
    """Converts a result to a comparable value, e.g. a hash object to its digest."""
    bodies: tuple[Body, ...] = ()
    """Published bodies; empty if they are so common that unrelated code would match."""
    combine: Callable[[Mapping[str, Callable[..., Any]]], Callable[..., Any]] | None = None
    """Builds a composite function from the functions of one side; None for ordinary utilities.

    Composites are not part of means, which include their parts already.
    """

    def workload(self, name: str) -> Workload:
        """Return a workload, or one size of a curve, by name. Raises KeyError if there is none."""
        sizes = (workload for curve in self.curves for _, workload in curve.workloads())
        return {workload.name: workload for workload in (*sizes, *self.workloads)}[name]
