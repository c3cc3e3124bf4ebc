"""Convert cProfile statistics on standard input to JSON; run in a separate process.

Unmarshalling untrusted data can crash the interpreter, which here affects only this process.
"""

import json
import marshal
import sys

MOST_BYTES = 2 << 30


def main() -> None:
    """Convert standard input to standard output, without validation."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        pass
    statistics = marshal.loads(sys.stdin.buffer.read())
    rows = [[key, list(value[:4]), list(value[4].items())] for key, value in statistics.items()]
    json.dump(rows, sys.stdout)


main()
