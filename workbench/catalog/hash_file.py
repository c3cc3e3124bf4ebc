"""hash_file: the digest of a file's content."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.catalog._surroundings import provide, provide_bytes
from workbench.catalog.model import Call, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_ALGORITHMS = (
    *(
        "sha256",
        "SHA256",
        "Sha256",
        "sha-256",
        "sha1",
        "sha224",
        "sha384",
        "sha512",
        "md5",
        "md5-sha1",
        "MD5",
    ),
    *(
        "sha512_224",
        "sha512-256",
        "sha3_224",
        "sha3_256",
        "SHA3_512",
        "sha3-256",
        "blake2b",
        "blake2s",
    ),
    *("BLAKE2b512", "shake_128", "shake_256", "SHAKE128", "sm3", "ripemd160", "md4", "whirlpool"),
)


class _Text(str):
    __slots__ = ()


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
    sizes = (
        0,
        1,
        63,
        64,
        65,
        135,
        136,
        4095,
        4096,
        65537,
        2**18 - 1,
        2**18,
        2**18 + 1,
        3 * 2**18 + 5,
    )
    paths = [str(provide_bytes(directory, random.Random(size).randbytes(size))) for size in sizes]
    for algorithm in _ALGORITHMS:
        for path in (paths[0], paths[7], paths[-1]):
            yield Call((path, algorithm))
    for path in paths:
        yield Call((path, "sha256"))
    odd: tuple[Any, ...] = (
        "",
        "no-such-algorithm",
        "sha256\0",
        "\ud800",
        "sha256 ",
        None,
        256,
        b"sha256",
        [],
    )
    for algorithm in (*odd, _Text("sha256"), "sha" * 10_000):
        yield Call((paths[3], algorithm))
        yield Call(("no/such/file", algorithm))
    for path in _odd_paths(directory):
        yield Call((path, "sha256"))
        yield Call((path, "shake_256"))
    yield Call(kwargs={"path": paths[3], "hash_alg": "md5"})
    yield Call((paths[3],))
    yield Call()
    yield Call((paths[3], "sha256", True))
    yield Call((paths[3],), {"algorithm": "sha256"})


def _odd_paths(directory: Path) -> tuple[Any, ...]:
    plain = provide_bytes(directory, b"content")
    undecodable = os.fsencode(directory) + b"/\xff\xfe"
    with open(undecodable, "wb") as file:
        file.write(b"content")
    unicode_name = directory / "näme 日本\n"
    unicode_name.write_bytes(b"content")
    kinds = (
        plain,
        _Text(plain),
        os.fsencode(plain),
        unicode_name,
        undecodable,
        os.fsdecode(undecodable),
    )
    bad = (directory, str(directory), "", "no/such/file", f"{plain}/", f"{plain}/below", "x" * 5000)
    special: tuple[Any, ...] = (
        "/dev/null",
        "a\0b",
        b"a\0b",
        "\ud800",
        None,
        10**6,
        -1,
        2**70,
        1.5,
        [],
        bytearray(b"x"),
    )
    return (*kinds, *bad, *special)


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    return st.builds(
        lambda content, algorithm: Call((str(provide_bytes(directory, content)), algorithm)),
        st.binary(max_size=300),
        st.one_of(st.sampled_from(_ALGORITHMS), st.text("sha3_-512abk", max_size=10)),
    )


def _sha256(name: str, size: int) -> Workload:
    def prepare(directory: Path) -> Call:
        content = random.Random(size)
        path = provide(
            directory / f"random-{size}", lambda file: _write_random(file, content, size)
        )
        return Call((str(path), "sha256"))

    return Workload(name, prepare)


def _write_random(path: Path, source: random.Random, size: int) -> None:
    path.write_bytes(source.randbytes(size))


UTILITY = Utility(
    name="hash_file",
    summary="the digest of a file's content",
    replaces=("sky.utils.common_utils.hash_file",),
    announced_speedup=7.0,
    workloads=(_sha256("sha256 of 9 KB", 9 * 1024), _sha256("sha256 of 50 MB", 50 * 10**6)),
    corners=_corners,
    strategy=_strategy,
    observe=_observe,
)
