"""Describe what measurements depend on: machine, interpreter, packages, state of the code."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

_PACKAGES = ("accel-workbench", "accelerated", "hypothesis", "numpy", "psutil", "pyperf")

Environment = dict[str, str | int | float]


def collect() -> Environment:
    """Describe this machine and this Python, with the keys of pyperf where it defines one."""
    facts: dict[str, str | int | float | None] = {
        **_machine(),
        **_python(),
        **_backend(),
        **_git(),
    }
    for package in _PACKAGES:
        facts[f"{package.replace('-', '_')}_version"] = version(package)
    lines = {
        key: " ".join(value.split()) if isinstance(value, str) else value
        for key, value in facts.items()
    }
    return {key: value for key, value in lines.items() if value is not None and value != ""}


def version(package: str) -> str | None:
    """Return the installed version of a distribution, or None if it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _machine() -> dict[str, str | int | float | None]:
    import psutil

    memory = psutil.virtual_memory()
    affinity = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return {
        "platform": platform.platform(),
        "kernel": platform.release(),
        "machine": platform.machine(),
        "cpu_model_name": _cpu_model(),
        "cpu_count": os.cpu_count(),
        "cpu_affinity": ",".join(map(str, affinity)),
        "cpu_governor": _first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        "load_avg_1min": os.getloadavg()[0],
        "mem_total": memory.total,
        "mem_available": memory.available,
    }


def _python() -> dict[str, str | int | float | None]:
    import ssl

    return {
        "python_version": platform.python_version(),
        "python_implementation": platform.python_implementation(),
        "python_compiler": platform.python_compiler(),
        "python_build": " ".join(platform.python_build()),
        "openssl_version": ssl.OPENSSL_VERSION,
        "python_debug": int(hasattr(sys, "gettotalrefcount")),
    }


def _backend() -> dict[str, str | int | float | None]:
    try:
        import accelerated
    except (ImportError, ValueError):
        return {}
    info = accelerated.backend_info()
    return {
        key if key == "backend" else f"backend_{key}": str(value) for key, value in info.items()
    }


def _git() -> dict[str, str | int | float | None]:
    commit = _run("git", "rev-parse", "HEAD")
    if not commit:
        return {}
    dirty = _run("git", "status", "--porcelain", "--untracked-files=no")
    return {"git_commit": commit, "git_dirty": int(bool(dirty))}


def _run(*command: str) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _cpu_model() -> str | None:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor() or None
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or None)


def _first_line(path: str) -> str | None:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError:
        return None
