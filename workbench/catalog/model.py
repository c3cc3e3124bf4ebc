"""The shape of a catalog entry."""

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
"""Makes a context in which a call happens: environment variables, limits, affinity."""


@dataclass(frozen=True)
class Call:
    """The arguments of one call, and the surroundings it happens in."""

    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    surroundings: Surroundings = nullcontext
    note: str = ""
    """What the surroundings are, for messages; empty when they are the ordinary ones."""


@dataclass(frozen=True)
class Floor:
    """What any implementation of a workload has to call, whatever language it is written in.

    ``system`` names system calls that `workbench._native` times in a loop of Rust, on the file,
    directory or port in ``target``; ``library`` calls a library that any implementation needs.
    """

    calls: str
    """All those calls in a few words, for people."""
    system: str
    target: str = ""
    library: Callable[[], object] | None = None


@dataclass(frozen=True)
class Workload:
    """One timed situation. ``prepare`` gets a scratch directory and returns the call to time.

    ``prepare`` may find its files there already: worker processes share the directory. ``floor``
    says what that call comes down to; None where it is computing, which has no such limit.
    """

    name: str
    prepare: Callable[[Path], Call]
    floor: Callable[[Call], Floor] | None = None
    is_countable: bool = True
    """Whether instructions can be counted: under valgrind a call takes fifty times as long."""


@dataclass(frozen=True)
class Body:
    """A body that the replaced function was published with, so that copies of it are recognised.

    The code is not ours to keep. `scripts/fingerprint_copies.py` computes the fingerprint from the
    published wheels.
    """

    fingerprint: str
    needles: tuple[str, ...]
    """What every copy contains, the rarest first; no names of local variables, which may differ."""
    published: str
    """The versions that have it."""


@dataclass(frozen=True)
class Curve:
    """A workload whose input can have any size; ``prepare`` gets the size too."""

    name: str
    """What grows, in a few words."""
    unit: str
    """What sizes count, in the plural."""
    sizes: tuple[int, ...]
    """At least 1, the smallest first."""
    prepare: Callable[[Path, int], Call]

    def workloads(self) -> Iterator[tuple[int, Workload]]:
        """Describe each size as a workload of its own."""
        for size in self.sizes:
            prepare = partial(_prepare_size, self.prepare, size)
            yield size, Workload(f"{self.name}, {self.unit}: {size:,}", prepare)


def _prepare_size(prepare: Callable[[Path, int], Call], size: int, directory: Path) -> Call:
    return prepare(directory, size)


def same(result: object) -> object:
    """Compare a result as it is."""
    return result


def never(call: Call) -> bool:
    """Follow the original on every call."""
    del call
    return False


@dataclass(frozen=True)
class Utility:
    """Everything the workbench knows about one replaceable function."""

    name: str
    summary: str
    """What it is for, in a few words."""
    replaces: tuple[str, ...]
    """Qualified names of the functions it stands in for; empty for a new one."""
    announced_speedup: float
    workloads: tuple[Workload, ...]
    """The first one stands for the utility in means and charts."""
    corners: Callable[[Path], Iterator[Call]]
    """Inputs that must always be tried, the unusual ones first of all."""
    strategy: Callable[[Path], SearchStrategy[Call]]
    """Random inputs for the equivalence check."""
    curves: tuple[Curve, ...] = ()
    """What ``workbench bench --curves`` times beside the workloads."""
    departs: Callable[[Call], bool] = never
    """Whether the contract departs from the original on a call, on purpose."""
    observe: Callable[[Any], object] = same
    """Turns a result into something that can be compared, e.g. a hash object into its digest."""
    bodies: tuple[Body, ...] = ()
    """Empty where a body is so common that it would be found where nothing was copied."""
    combine: Callable[[Mapping[str, Callable[..., Any]]], Callable[..., Any]] | None = None
    """Makes its function of all functions of one side; None where a side has it by its name.

    What is combined stands in no mean beside its parts.
    """

    def workload(self, name: str) -> Workload:
        """Return a workload, or a size of a curve, by name. Raises KeyError if there is none."""
        sizes = (workload for curve in self.curves for _, workload in curve.workloads())
        return {workload.name: workload for workload in (*sizes, *self.workloads)}[name]
