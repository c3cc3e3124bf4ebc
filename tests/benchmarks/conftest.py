from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The benchmarks are scripts, which import each other from their directory.
sys.path.insert(0, str(ROOT / "benchmarks"))
