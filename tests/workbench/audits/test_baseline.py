from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbench.audits.uses import Use, audit, of
from workbench.analyzers.model import (
    Audit,
    FileError,
    Notice,
    Verdict,
)
from workbench.audits.baseline import findings, load_baseline
from workbench.audits.run import exit_code
from workbench.errors import WorkbenchError
from workbench.reports.audit_formats import render

USES = ("hash_file(a)", "hash_file(b)", "format_float(a)")
VERDICTS = (Verdict.REWRITE, Verdict.REVIEW, Verdict.KEEP)


def new(earlier: Audit, later: Audit, where: Path) -> Audit:
    where.write_text(render(findings(earlier), "json"))
    return findings(later, load_baseline(where)).audit


use = st.tuples(st.sampled_from(USES), st.sampled_from(VERDICTS))
lists = st.lists(use, max_size=8)


@given(uses=lists, gaps=st.integers(0, 3), extra=lists, data=st.data())
def test_only_what_was_added_is_new(
    tmp_path_factory: pytest.TempPathFactory,
    uses: list[Use],
    gaps: int,
    extra: list[Use],
    data: st.DataObject,
) -> None:
    """Wherever lines move, exactly the added uses are shown."""
    later = data.draw(st.permutations([*uses, *extra]))
    shown = new(audit(uses), audit(later, gaps=gaps), tmp_path_factory.mktemp("b") / "audit.json")

    def seen(pairs: list[Use]) -> Counter[tuple[str, bool]]:
        return Counter((use[:-3], verdict is Verdict.KEEP) for use, verdict in pairs)

    found = [(f"{r.label}(x)", r.verdict) for r in shown.references]
    assert seen(found) == seen(extra)


def test_the_added_line_is_the_one_shown(tmp_path: Path) -> None:
    old = [("hash_file(a)", Verdict.REWRITE), ("hash_file(a)", Verdict.REWRITE)]
    shown = new(audit(old), audit([("hash_file(b)", Verdict.REVIEW), *old]), tmp_path / "a.json")

    assert [(r.line, r.verdict) for r in shown.references] == [(1, Verdict.REVIEW)]


def test_an_edited_line_and_another_verdict_are_not_new(tmp_path: Path) -> None:
    old = audit([("hash_file(a)", Verdict.REWRITE)])
    assert new(old, audit([("hash_file(b)", Verdict.REVIEW)]), tmp_path / "a.json").files == ()
    kept = audit([("hash_file(a)", Verdict.KEEP)])
    (back,) = new(kept, old, tmp_path / "a.json").references
    assert back.verdict is Verdict.REWRITE


def test_another_file_is_new(tmp_path: Path) -> None:
    uses = [("hash_file(a)", Verdict.REWRITE)]
    assert new(audit(uses), audit(uses, "b.py"), tmp_path / "a.json").references


def test_notices_are_matched_and_errors_stay(tmp_path: Path) -> None:
    notices = tuple(Notice("a.py", line, 1, "unused suppression") for line in (3, 9))
    (file,) = audit([("hash_file(a)", Verdict.REWRITE)]).files
    earlier = of(replace(file, notices=notices[:1]))
    later = of(replace(file, notices=notices), errors=(FileError("x.py", "broken"),))
    (tmp_path / "a.json").write_text(render(findings(earlier), "json"))

    shown = findings(later, load_baseline(tmp_path / "a.json"))
    assert shown.hidden == 2
    assert len(shown.audit.notices) == 1
    assert shown.audit.references == ()
    assert shown.audit.errors == later.errors
    assert exit_code(shown.audit) == 3


def test_a_baseline_without_fingerprints_matches_by_count(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    earlier = audit([("hash_file(a)", Verdict.REWRITE)])
    document = json.loads(render(findings(earlier), "json"))
    for recorded in document["references"]:
        del recorded["fingerprint"]
    del document["notices"]
    path.write_text(json.dumps(document))

    assert findings(earlier, load_baseline(path)).hidden == 1


def test_an_audit_with_only_new_findings_is_not_a_baseline(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    earlier = audit([("hash_file(a)", Verdict.REWRITE)])
    path.write_text(render(findings(earlier), "json"))
    path.write_text(render(findings(earlier, load_baseline(path)), "json"))

    with pytest.raises(WorkbenchError, match=r"only new findings; use an audit without"):
        load_baseline(path)
