from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The benchmarks are scripts, which find their neighbours by their own directory.
sys.path.insert(0, str(ROOT / "benchmarks"))
