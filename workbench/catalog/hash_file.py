"""hash_file: the digest of a file."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.catalog._files import path_calls, provide, provide_bytes
from workbench.catalog._values import LONGEST, Text, rarely, texts, words, wrong_types
from workbench.catalog.model import Body, Call, Curve, Floor, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_AVAILABLE = sorted(hashlib.algorithms_available)
_OTHER_SPELLINGS = words(
    "SHA256 Sha256 sha-256 MD5 sha512-256 sha512_256 SHA3_512 sha3-256 SHAKE128"
)
_OTHERS = words("BLAKE2b512 blake2b512 BLAKE2s256 sm3 ripemd160 rmd160 md4 whirlpool SHA2-256")
_UNKNOWN = ("", "no-such-algorithm", "sha256\0", "\ud800", "sha256 ", "\u017fha256", "sha" * 10_000)
_SMALL = (0, 1, 63, 64, 65, 135, 136, 4095, 4096, 65537)
_FLOOR_BLOCK = 2**18
_AROUND_BUFFERS = (2**18 - 1, 2**18, 2**18 + 1, 3 * 2**18 + 5)


def _observe(result: Any) -> object:
    facts = (result.name, result.digest_size, result.block_size)
    before = _digest(result)
    copy = result.copy()
    copy.update(b"and more")
    return (*facts, before, _digest(copy), _digest(result))


def _digest(result: Any) -> bytes:
    size = () if result.digest_size else (64,)
    digest: bytes = result.digest(*size)
    return digest


def _corners(directory: Path) -> Iterator[Call]:
    paths = [_random_file(directory, size) for size in (*_SMALL, *_AROUND_BUFFERS)]
    for algorithm in (*_AVAILABLE, *_OTHER_SPELLINGS, *_OTHERS):
        for path in (paths[0], paths[7], paths[-1]):
            yield Call((path, algorithm))
    for path in paths:
        yield Call((path, "sha256"))
        yield Call((Path(path), "shake_256"))
    for odd in (*_UNKNOWN, *wrong_types(), 256, b"sha256", Text("sha256"), hashlib.sha256):
        yield Call((paths[3], odd))
        yield Call(("no/such/file", odd))
    yield from path_calls(directory, b"content", "sha256")
    yield from path_calls(directory, b"content", "no-such-algorithm")
    yield Call(("/proc/self/cmdline", "md5"))
    yield Call(kwargs={"path": paths[3], "hash_alg": "md5"})
    yield Call((paths[3],))
    yield Call()
    yield Call((paths[3], "sha256", True))
    yield Call((paths[3],), {"algorithm": "sha256"})


def _random_file(directory: Path, size: int) -> str:
    return str(
        provide(
            directory / f"random-{size}",
            lambda file: _write_bytes(file, random.Random(size).randbytes(size)),
        )
    )


def _write_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    small = st.binary(max_size=300).map(lambda content: str(provide_bytes(directory, content)))
    sizes = st.one_of(st.integers(0, LONGEST), st.sampled_from(_AROUND_BUFFERS))
    large = sizes.map(lambda size: _random_file(directory, size))
    cased = st.builds(
        lambda change, name: change(name),
        st.sampled_from((str.upper, str.title, str.swapcase, Text)),
        st.sampled_from(_AVAILABLE),
    )
    known = st.sampled_from(_AVAILABLE)
    algorithms = st.one_of(known, known, cased, st.text("sha3_-512abk", max_size=10), texts(5))
    paths = rarely(large, small)
    return st.builds(lambda path, algorithm: Call((path, algorithm)), paths, algorithms)


def _sha256(name: str, size: int) -> Workload:
    return Workload(
        name,
        lambda directory: Call((_random_file(directory, size), "sha256")),
        _floor,
        is_countable=size < 10**6,
    )


def _floor(call: Call) -> Floor:
    path, algorithm = call.args
    library = _digest_of_zeros(getattr(hashlib, algorithm), Path(path).stat().st_size)
    return Floor(f"open, fstat, pread, close and {algorithm}", "file", path, library)


def _digest_of_zeros(new: Callable[[bytes], Any], size: int) -> Callable[[], object]:
    """Return a function that hashes ``size`` zero bytes in the blocks that a file is read in."""
    blocks, rest = divmod(size, _FLOOR_BLOCK)
    block = bytes(_FLOOR_BLOCK)
    if not blocks:
        return partial(new, block[:rest])

    def digest() -> None:
        update = new(block[:rest]).update
        for _ in range(blocks):
            update(block)

    return digest


_BODIES = (
    Body(
        "f4a22a6b9a9d26c60a20805fbed41ef3",
        ("readinto", "memoryview", "hashlib"),
        "skypilot 0.8.0 to 0.14.1",
    ),
)

UTILITY = Utility(
    name="hash_file",
    summary="the digest of a file",
    replaces=("sky.utils.common_utils.hash_file",),
    announced_speedup=7.0,
    workloads=(_sha256("sha256 of 9 KB", 9 * 1024), _sha256("sha256 of 50 MB", 50 * 10**6)),
    curves=(
        Curve(
            "sha256 of a file",
            "bytes",
            (1, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000),
            lambda directory, size: Call((_random_file(directory, size), "sha256")),
        ),
    ),
    corners=_corners,
    strategy=_strategy,
    observe=_observe,
    bodies=_BODIES,
)
