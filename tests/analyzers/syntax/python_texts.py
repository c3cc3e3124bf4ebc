"""Python code to compare with Python's own tools: library modules, cases and random texts."""

from __future__ import annotations

import random
import sysconfig
from pathlib import Path

from hypothesis import strategies as st

from tests.analyzers.case_files import CASES

# The tokenize module does not count lines that end with only a carriage return.
TOKENIZED = [c for c in CASES if c.runs and "\r" not in c.before.replace("\r\n", "")]
LIBRARY = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
SAMPLE = random.Random(7).sample(LIBRARY, 25)
"""Some library modules."""

RANDOM_TEXTS = st.lists(
    st.sampled_from(
        [
            *(
                "x = 1",
                "# it's",
                "'a'",
                '"b\\""',
                "'''c\n'd'''",
                '"""e\n# "f" """',
                "rb'\\''",
                "b''",
            ),
            *("(", ")", "[", "]", "{", "}", "\\\n", "\n", "\r\n", "\n    ", "\t", " ", "\x0c", ";"),
            *("def f():", "class C:", "@d", "else:", "if x:", "try:", "finally:", "pass", "f'{x}'"),
            *(
                'f"{x!r:>{w}}"',
                "f'{x[\"a\"]}'",
                "fr'{{}}'",
                "F'''{\nx}'''",
                "ü",
                "x.y",
                "lambda: 0",
                ",",
            ),
        ]
    ),
    max_size=14,
).map("".join)
"""Texts of which many are valid Python."""
