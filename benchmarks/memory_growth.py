"""Resources held by a process: Python objects, C heap, references to arguments, descriptors."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import Any

WARM_UP = 100
ROUNDS = 3


@dataclass(frozen=True)
class Case:
    """A call to repeat."""

    utility: str
    situation: str
    args: tuple[Any, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Held:
    """Resources that the process holds at one time.

    Unlike the resident size, they exclude memory that the kernel or an allocator keeps in reserve.
    ``blocks`` is the number of Python's small objects. ``heap`` is the number of bytes in use in
    the heap of the C library, which holds Python's larger objects and all allocations of Rust.
    """

    blocks: int
    heap: int
    references: int
    descriptors: int

    @classmethod
    def now(cls, case: Case) -> Held:
        """Return the current resources, after a garbage collection."""
        gc.collect()
        return cls(
            sys.getallocatedblocks(),
            heap_in_use(),
            sum(map(sys.getrefcount, case.args)),
            len(os.listdir("/dev/fd")),
        )

    def since(self, before: Held) -> Held:
        """Return the difference."""
        return Held(
            self.blocks - before.blocks,
            self.heap - before.heap,
            self.references - before.references,
            self.descriptors - before.descriptors,
        )

    def grows_with(self, calls: int) -> bool:
        """Return whether at least every third call leaked.

        The smallest block of either allocator has 16 bytes. Caches that are filled once take far
        less than that per call.
        """
        third = max(calls // 3, 50)
        leaks = (self.blocks, self.heap // 16, self.references)
        return any(leak > third for leak in leaks) or self.descriptors > 0

    @property
    def size(self) -> int:
        """Bytes held; small Python objects count as 16 bytes, their minimum."""
        return self.heap + 16 * self.blocks


class _HeapInfo(ctypes.Structure):
    """``struct mallinfo2`` of ``malloc.h``."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    ]


def heap_in_use() -> int:
    """Return the bytes allocated with ``malloc``; 0 if the C library does not report them."""
    mallinfo2 = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if mallinfo2 is None:
        return 0
    mallinfo2.restype = _HeapInfo
    info = mallinfo2()
    return int(info.uordblks + info.hblkhd)


def growth(function: Callable[..., Any], case: Case, calls: int) -> Held:
    """Call repeatedly, ignoring exceptions, and return the growth of the held resources.

    A one-time allocation of a library does not occur again in a second round; a leak does.
    """
    with _variables(case.environment):
        repeat_call(function, case.args, WARM_UP)
        for _ in range(ROUNDS):
            before = Held.now(case)
            repeat_call(function, case.args, calls)
            held = Held.now(case).since(before)
            if not held.grows_with(calls):
                break
        return held


def seconds(function: Callable[..., Any], case: Case) -> float:
    """Return the time of one call, best of several rounds."""
    rounds = []
    with _variables(case.environment):
        for _ in range(ROUNDS):
            start = time.perf_counter()
            repeat_call(function, case.args, WARM_UP)
            rounds.append((time.perf_counter() - start) / WARM_UP)
    return min(rounds)


def repeat_call(function: Callable[..., Any], args: tuple[Any, ...], calls: int) -> None:
    """Call repeatedly; discard results and exceptions."""
    for _ in repeat(None, calls):
        try:
            function(*args)
        except (ArithmeticError, AssertionError, AttributeError, LookupError):
            pass
        except (OSError, RuntimeError, TypeError, ValueError):
            pass


def cases(directory: Path) -> Iterator[Case]:
    """Yield calls of all utilities: usual, with non-ASCII input, and raising."""
    yield from _reading(directory)
    yield from _listing(directory)
    yield from _text_and_numbers()
    yield from _machine()


def _reading(directory: Path) -> Iterator[Case]:
    log, odd, large = (directory / name for name in ("log", "Protokoll ä 日本", "large"))
    log.write_bytes(b"a line of the log\n" * 500)
    odd.write_bytes("äöü 日本\r\n\x00".encode() * 50 + b"\xff\xfe\n" * 9)
    large.write_bytes(b"x" * (3 * 2**18))
    tail = "read_last_n_lines"
    yield Case(tail, "10 lines", (str(log), 10))
    yield Case(tail, "non-ASCII, invalid bytes", (str(odd), 30))
    yield Case(tail, "a path object", (odd, 3))
    yield Case(tail, "undecodable", (str(odd), 5, 8192, "utf-8", "strict"))
    yield Case(tail, "unknown codec", (str(log), 5, 8192, "no-such-codec"))
    yield Case(tail, "missing file", (str(directory / "no"), 5))
    yield Case(tail, "a directory", (str(directory), 5))
    yield Case("hash_file", "9 KB", (str(log), "sha256"))
    yield Case("hash_file", "non-ASCII path", (str(odd), "md5"))
    yield Case("hash_file", "several buffers", (str(large), "sha1"))
    yield Case("hash_file", "unknown algorithm", (str(large), "no-such-algorithm"))
    yield Case("hash_file", "missing file", (str(directory / "ö"), "sha256"))
    yield Case("hash_file", "a directory", (str(directory), "sha256"))


def _listing(directory: Path) -> Iterator[Case]:
    folder = directory / "Ordner ü"
    folder.mkdir(exist_ok=True)
    for entry in range(20):
        (folder / f"Eintrag {entry}").touch()
    estimate, workers = "estimate_fd_for_directory", "get_max_workers_for_file_mounts"
    yield Case(estimate, "20 entries", (str(folder),))
    yield Case(estimate, "missing", (str(folder / "no"),))
    yield Case(estimate, "NUL in the path", ("a\0b",))
    yield Case(workers, "none", ({},))
    yield Case(workers, "one directory", ({"/ä": str(folder), "/b": "s3://bucket"}, "kubernetes"))
    yield Case(workers, "a path object", ({"/ä": folder},))
    yield Case(workers, "a wrong path", ({"/a": str(folder), "/b": None},))
    yield Case(workers, "no mapping", ([],))


def _text_and_numbers() -> Iterator[Case]:
    yield Case("base36_encode", "8 digits", ("deadbeef",))
    yield Case("base36_encode", "200 digits", ("f" * 200,))
    yield Case("base36_encode", "non-ASCII digits", ("\uff11٣f",))
    yield Case("base36_encode", "no number", ("straße",))
    yield Case("base36_encode", "lone surrogate", ("\ud800",))
    yield Case("format_float", "two decimals", (1234567.89, 2))
    yield Case("format_float", "huge", (1e300,))
    yield Case("format_float", "integer", (10**30,))
    yield Case("format_float", "negative precision", (1.5, -1))
    yield Case("format_float", "no number", ("ä",))
    truncate = "truncate_long_string"
    yield Case(truncate, "words", ("eight words of text, then " * 40, 80))
    yield Case(truncate, "non-ASCII words", ("日本語 の 文 字 列 😀 " * 20, 50))
    yield Case(truncate, "middle", ("äöü " * 40, 50, True))
    yield Case(truncate, "lone surrogates", ("\ud800 \udfff " * 40, 30))
    yield Case(truncate, "no limit", ("ä" * 40, None))


def _machine() -> Iterator[Case]:
    cpus, memory = "SKYPILOT_POD_CPU_CORE_LIMIT", "SKYPILOT_POD_MEMORY_GB_LIMIT"
    yield Case("get_cpu_count", "this machine")
    yield Case("get_cpu_count", "limited", environment={cpus: "2.5"})
    yield Case("get_cpu_count", "bad limit", environment={cpus: "zwölf"})
    yield Case("get_mem_size_gb", "this machine")
    yield Case("get_mem_size_gb", "limited", environment={memory: "2.5"})
    yield Case("get_mem_size_gb", "bad limit", environment={memory: "zwölf"})
    yield Case("get_parallel_threads", "this machine")
    yield Case("get_parallel_threads", "Kubernetes", ("Kubernetes",))
    yield Case("get_parallel_threads", "non-ASCII", ("\u212aubernetes",))
    yield Case("get_parallel_threads", "no text", (5.5,))
    yield Case("is_process_alive", "own pid", (os.getpid(),))
    yield Case("is_process_alive", "no such process", (2**22 + 1,))
    yield Case("is_process_alive", "negative", (-5,))
    yield Case("is_process_alive", "no number", ("ä",))
    yield Case("find_free_port", "first is free", (20_000,))
    yield Case("find_free_port", "negative", (-5,))
    yield Case("find_free_port", "beyond all", (70_000,))
    yield Case("find_free_port", "no number", ("ä",))


@contextmanager
def _variables(environment: Mapping[str, str]) -> Iterator[None]:
    os.environ.update(environment)
    try:
        yield
    finally:
        for name in environment:
            del os.environ[name]
