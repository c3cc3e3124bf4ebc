"""Code bases for the benchmarks: SkyPilot, and a corpus of published wheels."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

BUILD = Path(__file__).resolve().parents[1] / "build"
SKYPILOT = BUILD / "skypilot"
CORPUS = BUILD / "corpus"

SKYPILOT_WHEEL = "skypilot==0.14.1"
CORPUS_WHEELS = (
    "homeassistant==2024.3.3",
    "ansible==12.3.0",
    "transformers==5.23.0",
    "django==5.2.19",
    "sympy==1.14.0",
    "pandas==3.1.1",
    "networkx==3.6.1",
    "sqlalchemy==2.1.9",
    "apache-airflow-core==3.3.2",
    SKYPILOT_WHEEL,
)


class UnavailableError(RuntimeError):
    """A download failed; the message is one line."""


def skypilot() -> Path:
    """Return the directory of the unpacked SkyPilot wheel; download it if necessary."""
    if not SKYPILOT.is_dir():
        _unpack(_download(SKYPILOT_WHEEL, BUILD / "wheels"), SKYPILOT, suffixes=None)
    return SKYPILOT


def corpus() -> Path:
    """Return the directory of the corpus, with the Python files of each wheel in a subdirectory."""
    for requirement in CORPUS_WHEELS:
        directory = CORPUS / requirement.replace("==", "-")
        if not directory.is_dir():
            print(f"downloading {requirement}", file=sys.stderr, flush=True)
            wheel = _download(requirement, BUILD / "wheels" / "corpus")
            _unpack(wheel, directory, suffixes=(".py",))
            wheel.unlink()
    return CORPUS


def python_files(code_base: Path) -> list[Path]:
    """Return the Python files of a code base, sorted."""
    return sorted(path for path in code_base.rglob("*.py") if path.is_file())


def _download(requirement: str, directory: Path) -> Path:
    """Download a wheel, whichever Python it requires: it is only read."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest"]
    command += [str(directory), "--only-binary=:all:", "--python-version=3.12", requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    name = requirement.partition("==")[0].replace("-", "_").lower()
    wheels = [path for path in directory.glob("*.whl") if path.name.lower().startswith(f"{name}-")]
    if done.returncode != 0 or not wheels:
        reason = (done.stderr.strip().splitlines() or ["no wheel found"])[-1]
        raise UnavailableError(f"{requirement} cannot be downloaded: {reason}")
    return wheels[0]


def _unpack(wheel: Path, directory: Path, suffixes: Iterable[str] | None) -> None:
    """Unpack files with these suffixes (None for all); ``directory`` appears only when complete."""
    wanted = None if suffixes is None else tuple(suffixes)
    partial = directory.with_name(f"{directory.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(partial, [n for n in names if wanted is None or n.endswith(wanted)])
    partial.rename(directory)
