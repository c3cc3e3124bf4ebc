"""Files and directories."""

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
    r"""Return the last ``n`` lines of a file, reading backwards from its end.

    Only ``\n`` ends a line. Every returned line except the last ends with ``\n``; the last
    never does. Carriage returns at the end of a line are removed. Each line is decoded
    separately with ``encoding`` and ``errors``, as by ``bytes.decode``. ``chunk_size`` is the
    number of bytes per read and does not change the result. Memory use is proportional to the
    returned text, not to the size of the file.

    Raises:
        AssertionError: ``n`` is negative, ``chunk_size`` is not positive, or the file does not
            exist. Also raised under ``python -O``, because callers rely on it.
        RuntimeError: the path is a directory or a FIFO, or the file cannot be read.
        LookupError: the encoding is unknown, or the error handler is needed and unknown.
        UnicodeDecodeError: ``errors`` is ``"strict"`` and a line cannot be decoded.
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
    # SkyPilot slices with -n, which is a large positive number for numpy's unsigned integers.
    last = lines[-n:] if lines[-1] else lines[-n - 1 : -1]
    decoded = [line.decode(encoding, errors).rstrip("\r") + "\n" for line in last[:-1]]
    decoded.append(last[-1].decode(encoding, errors).rstrip("\r"))
    return decoded


def _read_tail(path: StrPath, n: int, chunk_size: int) -> bytes:
    """Return whole chunks from the end of a file, with more than ``n`` line ends if it has them."""
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
    """Hash the content of a file and return the ``hashlib`` object.

    ``hash_alg`` is any algorithm of ``hashlib.new``. The returned object can be updated
    further. The file may be larger than memory; a FIFO is read until its writers close it.

    Raises:
        OSError: the file does not exist, is a directory or cannot be read.
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
    """Estimate how many file descriptors copying a directory needs: five for each entry.

    Hidden entries count. Subdirectories count as one entry; their content is ignored.

    Raises:
        OSError: the directory cannot be listed (as raised by ``os.listdir``).
    """
    return 5 * len(os.listdir(path))
