"""Save and load results as pyperf files."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import WorkbenchError
from workbench.files import DAMAGE, read_bytes, write_atomically
from workbench.results.model import Results
from workbench.results.suites import from_benchmarks, to_benchmarks

if TYPE_CHECKING:
    import pyperf  # type: ignore[import-untyped]

_GZIP = b"\x1f\x8b"
"""How a gzip file begins."""


def save(results: Results, path: Path) -> None:
    """Write ``results`` atomically as a pyperf suite, compressed if ``path`` ends in ``.gz``.

    Sample ``i`` of run ``p`` of ``UTILITY/WORKLOAD [python]`` pairs with sample ``i`` of run ``p``
    of ``UTILITY/WORKLOAD [native]`` and of ``[floor]``, if there is one. Raises WorkbenchError when
    there is nothing to save or the file cannot be written.
    """
    import pyperf

    if not results.measurements:
        raise WorkbenchError(f"nothing was measured, so there is nothing to write to {path}")
    content = _dump(pyperf.BenchmarkSuite(to_benchmarks(results)))
    write_atomically(path, _packed(content) if path.name.endswith(".gz") else content)


def load_results(path: Path | str) -> Results:
    """Read a file written by ``save``, and estimate each speedup from its pairs.

    ``-`` is standard input. Raises WorkbenchError when the file cannot be read, is not a pyperf
    file, or was not written by the workbench.
    """
    import pyperf

    data = read_bytes(Path("/dev/stdin" if str(path) == "-" else path))
    try:
        benchmarks = pyperf.BenchmarkSuite.loads(_unpacked(data)).get_benchmarks()
    except RecursionError:
        raise WorkbenchError(f"{path} is not a pyperf file: it is nested too deeply") from None
    except DAMAGE as error:
        detail = " ".join(f"{type(error).__name__}: {error}".split())
        raise WorkbenchError(f"{path} is not a pyperf file: {detail}") from error
    try:
        return from_benchmarks(benchmarks)
    except DAMAGE as error:
        raise WorkbenchError(f"{path} was not written by 'workbench bench': {error}") from error


def _packed(content: str) -> bytes:
    return gzip.compress(content.encode(), mtime=0)


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(_GZIP):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"its compression is damaged: {error}") from error


def _dump(suite: pyperf.BenchmarkSuite) -> str:
    import io

    buffer = io.StringIO()
    suite.dump(buffer, compact=False)
    return buffer.getvalue()
