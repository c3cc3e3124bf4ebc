"""Tests that the fingerprints in the catalog are those of the published functions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from accelerated import functions

from workbench.catalog import utilities

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "build" / "skypilot"
WITH_BODIES = [utility for utility in utilities() if utility.bodies]


def fingerprints(tree: Path) -> dict[str, str]:
    """Return the output of the script for one source tree, by utility."""
    command = [sys.executable, str(ROOT / "scripts" / "fingerprint_copies.py"), str(tree)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return {line.split()[0]: line.split()[1] for line in run.stdout.splitlines()}


def test_utilities_without_a_body_replace_nothing() -> None:
    assert [u.name for u in utilities() if not u.bodies] == [
        u.name for u in utilities() if not u.replaces
    ]


def test_each_body_belongs_to_one_utility() -> None:
    known = [body.fingerprint for utility in utilities() for body in utility.bodies]
    assert len(known) == len(set(known))
    assert all(body.needles for utility in utilities() for body in utility.bodies)


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="SkyPilot 0.14.1 is not in build/skypilot")
def test_the_newest_bodies_are_the_published_ones() -> None:
    published = fingerprints(PUBLISHED)
    expected = {
        utility.name: body.fingerprint
        for utility in utilities()
        for body in utility.bodies
        if body.published.endswith("0.14.1")
    }
    assert published == expected


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="SkyPilot 0.14.1 is not in build/skypilot")
def test_the_published_functions_contain_the_needles() -> None:
    text = "".join(
        (PUBLISHED / "sky" / "utils" / name).read_text(encoding="utf-8")
        for name in ("common_utils.py", "subprocess_utils.py")
    )
    newest = [b for u in utilities() for b in u.bodies if b.published.endswith("0.14.1")]
    assert [body for body in newest if not all(needle in text for needle in body.needles)] == []


def test_the_script_reads_wheels_and_trees(tmp_path: Path) -> None:
    import zipfile

    path = Path("sky", "utils", "common_utils.py")
    code = "def format_float(number):\n    return number.is_integer()\n"
    (tmp_path / "tree" / path).parent.mkdir(parents=True)
    (tmp_path / "tree" / path).write_text(code)
    with zipfile.ZipFile(tmp_path / "tree.whl", "w") as wheel:
        wheel.writestr(path.as_posix(), code)
    found = fingerprints(tmp_path / "tree")
    assert list(found) == ["format_float"]
    assert fingerprints(tmp_path / "tree.whl") == found


def test_our_own_implementation_is_not_a_copy() -> None:
    # The bodies differ, and `accelerated` is the target of the rules.
    from workbench.audits.run import audit

    directory = Path(functions("python")["format_float"].__code__.co_filename).parent
    assert audit([directory]).references == ()
