"""Demo on real code: audit SkyPilot, migrate a copy, verify, measure, report.

Shows and runs the commands that a user would type. All output is in build/demo.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import accelerated

ROOT = Path(__file__).resolve().parents[1]
BUILD = Path("build")
DEMO = BUILD / "demo"
SKYPILOT = "skypilot==0.14.1"
WORKBENCH = str(Path(sys.executable).with_name("workbench"))

DONE, FINDINGS, INCOMPLETE = 0, 1, 3


def main() -> int:
    """Run the demo; return 0 or the exit code of the command that failed."""
    native = accelerated.backend() == "native"
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir(parents=True)
    original = unpack_skypilot() or ROOT / "fixtures" / "codebase"
    copy = DEMO / "migrated"
    shutil.copytree(original, copy)

    # Without a native side, verify and bench cannot compare anything and exit with 3.
    measured = (DONE,) if native else (DONE, INCOMPLETE)
    audit, diff = DEMO / "audit.json", DEMO / "migration.diff"
    results = DEMO / "results.json"
    run("audit", str(copy), "--format", "json", "-o", str(audit), accept=(DONE, FINDINGS))
    run("migrate", str(copy), "--diff", to=diff)
    run("migrate", str(copy), "--write")
    run("verify", accept=measured)
    run("bench", "--fast", "-o", str(results), accept=measured)
    sources = [str(results), "--audit", str(audit), "--migration", str(diff)]
    formats = [word for name in ("text", "json", "html") for word in ("--format", name)]
    run("report", *sources, *formats, "-o", str(DEMO))

    print("\n" + (DEMO / "report.txt").read_text(encoding="utf-8"))
    if not native:
        print(f"No speedups are shown: {accelerated.backend_info()['reason']}.\n")
    print("Written:")
    for path in sorted(DEMO.iterdir()):
        print(f"  {path}")
    return DONE


def unpack_skypilot() -> Path | None:
    """Return the directory of the unpacked package; None if it cannot be downloaded."""
    unpacked = BUILD / "skypilot"
    if unpacked.is_dir():
        return unpacked
    print(f"downloading {SKYPILOT}", flush=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(BUILD)]
    done = subprocess.run([*command, SKYPILOT], capture_output=True, text=True, check=False)
    wheels = sorted(BUILD.glob("skypilot-0.14.1-*.whl"))
    if done.returncode != 0 or not wheels:
        reason = (done.stderr.strip().splitlines() or ["no wheel found"])[-1]
        print(f"{SKYPILOT} cannot be downloaded ({reason}); using fixtures/codebase instead")
        return None
    partial = unpacked.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    with zipfile.ZipFile(wheels[0]) as wheel:
        wheel.extractall(partial)
    partial.rename(unpacked)
    return unpacked


def run(*arguments: str, accept: tuple[int, ...] = (DONE,), to: Path | None = None) -> None:
    """Show and run a command; exit if its exit code is not accepted."""
    print(f"$ workbench {' '.join(arguments)}{f' > {to}' if to else ''}", flush=True)
    if to is None:
        code = subprocess.run([WORKBENCH, *arguments], check=False).returncode
    else:
        with to.open("wb") as file:
            code = subprocess.run([WORKBENCH, *arguments], stdout=file, check=False).returncode
    if code not in accept:
        print(f"the command failed with exit code {code}", file=sys.stderr)
        sys.exit(code)


if __name__ == "__main__":
    sys.exit(main())
