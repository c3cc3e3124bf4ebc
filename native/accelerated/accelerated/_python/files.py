"""Reading files and directories."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash

    StrPath = str | os.PathLike[str]

__all__ = ["estimate_fd_for_directory", "hash_file", "read_last_n_lines"]

_HASH_BUFFER_BYTES = 2**18


def read_last_n_lines(
    file_path: StrPath,
    n: int,
    chunk_size: int = 8192,
    encoding: str = "utf-8",
    errors: str = "replace",
) -> list[str]:
    r"""Read the last ``n`` lines of a file, from its end backwards.

    Lines end at ``\n`` alone. Carriage returns at the end of a line are dropped; every line but
    the last ends in ``\n``, the last never does. Memory is proportional to what is returned.

    Raises:
        AssertionError: ``n`` is negative, ``chunk_size`` is not positive, or the file does not
            exist. Raised under ``python -O`` too: callers rely on the refusal.
        RuntimeError: the file could not be read.
        LookupError: the encoding or the error handler is unknown.
    """
    if not n >= 0:
        raise AssertionError(f"n must be 0 or more, not {n}")
    if not chunk_size > 0:
        raise AssertionError(f"chunk_size must be 1 or more, not {chunk_size}")
    if not os.path.exists(file_path):
        raise AssertionError(f"no such file: {file_path}")
    if n == 0:
        return []
    try:
        tail = _read_tail(file_path, n, chunk_size)
    except OSError as error:
        raise RuntimeError(f"could not read the last {n} lines of {file_path}: {error}") from error
    if not tail:
        return []
    lines = tail.split(b"\n")
    # Every number that can be negated is taken at its word, an unsigned one of numpy too.
    last = lines[-n:] if lines[-1] else lines[-n - 1 : -1]
    decoded = [line.decode(encoding, errors).rstrip("\r") + "\n" for line in last[:-1]]
    decoded.append(last[-1].decode(encoding, errors).rstrip("\r"))
    return decoded


def _read_tail(path: StrPath, n: int, chunk_size: int) -> bytes:
    """Bytes from the end of a file, whole chunks with more than ``n`` line ends if it has them."""
    with open(path, "rb") as file:
        position = file.seek(0, os.SEEK_END)
        chunks = []
        line_ends = 0
        while position > 0 and line_ends <= n:
            size = min(chunk_size, position)
            position -= size
            file.seek(position)
            chunk = file.read(size)
            chunks.append(chunk)
            line_ends += chunk.count(b"\n")
    chunks.reverse()
    return b"".join(chunks)


def hash_file(path: StrPath, hash_alg: str) -> _Hash:
    """Hash a file's content, of any size.

    Returns:
        A ``hashlib`` object of that algorithm, which can be updated further.

    Raises:
        OSError: the file cannot be read.
        ValueError: the algorithm is unknown.
    """
    with open(path, "rb") as file:
        digest = hashlib.new(hash_alg)
        buffer = bytearray(_HASH_BUFFER_BYTES)
        view = memoryview(buffer)
        while size := file.readinto(buffer):
            digest.update(view[:size])
        return digest


def estimate_fd_for_directory(path: StrPath) -> int:
    """Estimate how many file descriptors copying a directory takes: five for each entry.

    Raises:
        OSError: the directory cannot be listed.
    """
    return 5 * len(os.listdir(path))
