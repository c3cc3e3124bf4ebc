"""Check that memory does not grow over a million calls of each native utility.

    python benchmarks/memory.py [--calls N] [--side native|python] [UTILITY]...

Each utility is called with usual input, with non-ASCII input, and with input that raises. Calls
that take more than 100 us are repeated less often. Exits with 1 if memory grows with the calls.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import accelerated
from memory_growth import cases, growth, seconds

SLOW_SECONDS = 100e-6


def main() -> int:
    """Print a line per situation; return 1 if memory grows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "utilities", nargs="*", metavar="UTILITY", help="utilities to check (default: all)"
    )
    parser.add_argument("--calls", type=int, default=10**6)
    parser.add_argument("--side", choices=["native", "python"], default="native")
    options = parser.parse_args()
    functions = accelerated.functions(options.side)
    grown = 0
    print(f"{'utility':33}{'situation':26}{'calls':>10}{'bytes':>8}{'refs':>6}{'files':>6}")
    with tempfile.TemporaryDirectory() as directory:
        for case in cases(Path(directory)):
            if options.utilities and case.utility not in options.utilities:
                continue
            function = functions[case.utility]
            share = SLOW_SECONDS / max(seconds(function, case), SLOW_SECONDS)
            calls = max(int(options.calls * share), 1)
            held = growth(function, case, calls)
            grows = held.grows_with(calls)
            grown += grows
            print(
                f"{case.utility:33}{case.situation:26}{calls:10,}{held.size:8,}"
                f"{held.references:6}{held.descriptors:6}{'  GROWS' if grows else ''}",
                flush=True,
            )
    print("memory does not grow" if not grown else f"memory grows in {grown} situations")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
