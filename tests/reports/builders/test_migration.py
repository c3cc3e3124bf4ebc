from __future__ import annotations

import difflib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports.report_reading import Page
from tests.reports.report_samples import HOSTILE, twelve
from workbench.reports.builders.migration import migration_section
from workbench.reports.builders.report import build_report
from workbench.reports.page import MOST_LINES
from workbench.reports.render import render

# Content lines that look like diff headers.
line = st.sampled_from(["x = 1", "", "-- a", "++ b", "- c", "+ d", "@@ -1 +1 @@", "--- a/b"])
content = st.lists(line, min_size=1, max_size=12)


def diff_of(files: dict[str, tuple[list[str], list[str]]]) -> bytes:
    """Return a diff made by the standard library."""
    parts = []
    for path, (old, new) in files.items():
        lines = difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm="")
        parts += [part + "\n" for part in lines]
    return "".join(parts).encode()


@given(st.dictionaries(st.sampled_from(["a.py", "b/c.py", "d e.py"]), st.tuples(content, content)))
@settings(derandomize=True, deadline=None)
def test_any_diff_is_split_into_files(files: dict[str, tuple[list[str], list[str]]]) -> None:
    changed = {path: pair for path, pair in files.items() if pair[0] != pair[1]}
    found = migration_section(diff_of(files))

    assert [file.path for file in found.changes] == list(changed)
    for file, (old, new) in zip(found.changes, changed.values(), strict=True):
        assert file.added - file.removed == len(new) - len(old)
        assert file.added == sum(mark.startswith("+") for mark in file.lines)
    assert found.files == len(changed)


def test_missing_newlines_and_quoted_names() -> None:
    diff = (
        b'--- "a/\\011.py"\n+++ "b/\\011.py"\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n'
        b"\\ No newline at end of file\n--- a/x y.py\t\n+++ b/x y.py\t\n@@ -0,0 +1,1 @@\n+\xe9\n"
    )
    found = migration_section(diff)

    assert [file.path for file in found.changes] == ["\\011.py", "x y.py"]
    assert found.changes[1].lines == ("@@ -0,0 +1,1 @@", "+\\xe9")
    assert (found.added, found.removed) == (2, 1)


@pytest.mark.parametrize(
    "diff", [b"hello\n", b"--- a\n", b"--- a\n+++ b\n@@ -1,2 +1,2 @@\n x\n", b"--- a\n+++ b\nx\n"]
)
def test_other_input_is_rejected(diff: bytes) -> None:
    with pytest.raises(ValueError, match="not a unified diff"):
        migration_section(diff)


def test_the_page_shows_the_diff_by_file() -> None:
    new = [f"{HOSTILE}".encode("utf-8", "replace").decode(), "\taccelerated.hash_file(x)"]
    diff = diff_of({"sky/a.py": (["common_utils.hash_file(x)"], new)})
    report = build_report(twelve(), migration=diff)
    page = Page(render(report, "html"))

    (pre,) = (node for node in page.root.all("pre") if node.attributes.get("class") == "diff")
    lines = [(span.attributes["class"], span.text()) for span in pre.all("span")]
    assert [kind for kind, _ in lines] == ["hunk", "removed", "added", "added"]
    assert lines[1][1] == "-common_utils.hash_file(x)"
    assert lines[3][1] == "+   accelerated.hash_file(x)"
    facts = json.loads(render(report, "json"))["migration"]
    assert (facts["files"], facts["added"], facts["removed"]) == (1, 2, 1)
    assert facts["changes"][0]["lines"][3] == "+\taccelerated.hash_file(x)"
    for form in ("text", "markdown"):
        assert "1 file" in render(report, form)
        assert "2 lines added" in render(report, form)


def test_long_diffs_are_cut_after_a_whole_file() -> None:
    half = MOST_LINES // 2
    files = {f"f{i}.py": ([""], [str(n) for n in range(half - 5)]) for i in range(4)}
    page = Page(render(build_report(twelve(), migration=diff_of(files)), "html"))

    shown = [node for node in page.root.all("pre") if node.attributes.get("class") == "diff"]
    assert len(shown) == 2
    assert "2 more files in the JSON report" in page.root.text()
