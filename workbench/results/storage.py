"""Save and load results as pyperf files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import WorkbenchError
from workbench.files import write_atomically
from workbench.results.model import Results
from workbench.results.suites import from_benchmarks, to_benchmarks

if TYPE_CHECKING:
    import pyperf  # type: ignore[import-untyped]


def save(results: Results, path: Path) -> None:
    """Write ``results`` atomically as a pyperf suite.

    Sample ``i`` of run ``p`` of ``UTILITY/WORKLOAD [python]`` pairs with sample ``i`` of run ``p``
    of ``UTILITY/WORKLOAD [native]`` and of ``[floor]``, if there is one. Raises WorkbenchError when
    there is nothing to save or the file cannot be written.
    """
    import pyperf

    if not results.measurements:
        raise WorkbenchError(f"nothing was measured, so there is nothing to write to {path}")
    suite = pyperf.BenchmarkSuite(to_benchmarks(results))
    write_atomically(path, _dump(suite))


def load_results(path: Path | str) -> Results:
    """Read a file written by ``save``, and estimate each speedup from its pairs.

    Raises WorkbenchError when the file cannot be read, is not a pyperf file, or was not written by
    the workbench.
    """
    import pyperf

    try:
        suite = pyperf.BenchmarkSuite.load(str(path))
        benchmarks = suite.get_benchmarks()
    except OSError as error:
        raise WorkbenchError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, TypeError, KeyError, AttributeError, EOFError) as error:
        detail = " ".join(f"{type(error).__name__}: {error}".split())
        raise WorkbenchError(f"{path} is not a pyperf file: {detail}") from error
    try:
        return from_benchmarks(benchmarks)
    except (ValueError, TypeError, KeyError) as error:
        raise WorkbenchError(f"{path} was not written by 'workbench bench': {error}") from error


def _dump(suite: pyperf.BenchmarkSuite) -> str:
    import io

    buffer = io.StringIO()
    suite.dump(buffer, compact=False)
    return buffer.getvalue()
