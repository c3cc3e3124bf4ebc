from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports.report_samples import HOSTILE
from workbench.formatting.terminal import visible
from workbench.reports.highlight import highlight

line = st.sampled_from(
    [
        *("x = 'a'", "def f(): # why", '"""', "", "\treturn 1", "é = '''", "\x07\u202e", HOSTILE),
        *("f'{x!r:>{y}}'", "\\", "'unclosed", "a\r", "\u2028b", "x" * 5000),
    ]
)
body = st.lists(st.tuples(st.sampled_from(" +-"), line).map("".join), max_size=12)
hunk = st.tuples(st.just("@@ -1 +1 @@ def f"), body).map(lambda pair: [pair[0], *pair[1]])


@given(st.lists(hunk, min_size=1, max_size=3), st.sampled_from(["a.py", "a.txt"]))
@settings(max_examples=150, derandomize=True, deadline=None)
def test_the_text_is_unchanged(hunks: list[list[str]], path: str) -> None:
    lines = [text for found in hunks for text in found]
    shown = list(highlight(path, lines))

    assert len(shown) == len(lines)
    for found, text in zip(shown, lines, strict=True):
        written = "".join(piece.text for piece in found.pieces)
        assert written == visible(text.removesuffix("\r").expandtabs(4))
        assert written.isprintable()
        kinds = {"+": "added", "-": "removed", "@": "hunk"}
        assert found.kind == kinds.get(text[:1], "context")


def test_python_is_highlighted_on_both_sides_of_a_hunk() -> None:
    lines = ["@@ -1,2 +1,2 @@", " def f():  # why", '-    return """a', "+    return 'b'", ' b"""']
    kinds = [{p.text.strip(): p.kind for p in found.pieces} for found in highlight("a.py", lines)]

    assert kinds[1]["def"] == "keyword"
    assert kinds[1]["# why"] == "comment"
    assert kinds[2]['"""'] == kinds[2]["a"] == "literal" or kinds[2]['"""a'] == "literal"
    assert kinds[3]["return"] == "keyword"
    assert "literal" in kinds[3].values()


def test_other_files_are_not_highlighted() -> None:
    (found,) = highlight("a.toml", ["+def = 'x'"])
    assert [piece.kind for piece in found.pieces] == [""]
