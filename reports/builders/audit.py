"""Build the audit section of a report from an audit or from its JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.reports.model.audit import AuditSection, FoundReference, Problem, Remark, Tally

if TYPE_CHECKING:
    from workbench.analyzers.model import Audit
    from workbench.reports.model.report import UtilityResult

REWRITE, REVIEW, KEEP = "rewrite", "review", "keep"


@dataclass(frozen=True)
class AuditSummary:
    """The parts of an audit that a report needs."""

    files_scanned: int
    places: tuple[FoundReference, ...]
    errors: tuple[Problem, ...] = ()
    notices: tuple[Remark, ...] = ()

    @classmethod
    def from_audit(cls, audit: Audit) -> AuditSummary:
        """Convert the result of the analyzers."""
        places = tuple(
            FoundReference(
                reference.path,
                reference.line,
                reference.column,
                reference.qualified_name,
                reference.label,
                reference.kind.value,
                reference.verdict.value,
                reference.reason,
            )
            for reference in audit.references
        )
        errors = tuple(Problem(error.path, error.message) for error in audit.errors)
        notices = tuple(Remark(n.path, n.line, n.column, n.message) for n in audit.notices)
        return cls(audit.files_scanned, places, errors, notices)

    @classmethod
    def from_json(cls, document: object) -> AuditSummary:
        """Convert the decoded JSON document of ``workbench audit --format json``.

        Raises ValueError, with a one-line message, if the document is not such an audit.
        """
        if not isinstance(document, Mapping) or document.get("schema_version") != 1:
            raise ValueError("not an audit: expected a JSON object with schema_version 1")
        try:
            return cls(
                int(document["summary"]["files_scanned"]),
                tuple(_place(reference) for reference in document["references"]),
                tuple(Problem(str(e["path"]), str(e["message"])) for e in document["errors"]),
                tuple(_remark(notice) for notice in document.get("notices", ())),
            )
        except KeyError as error:
            raise ValueError(f"not an audit: {error.args[0]!r} is missing") from error
        except (TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
            raise ValueError(f"not an audit: {error}") from error


def section(audit: AuditSummary, utilities: Iterable[UtilityResult]) -> AuditSection:
    """Count the references of an audit by utility, package and file; add measured speedups."""
    measured = {u.utility: u for u in utilities}
    speedups = {name: u.speedup for name, u in measured.items()}
    gaining = {name for name, u in measured.items() if u.gains}
    places = audit.places
    rewrite = [place for place in places if place.verdict == REWRITE]
    keep = _count(places, KEEP)
    known = any(speedup is not None for speedup in speedups.values())
    return AuditSection(
        files_scanned=audit.files_scanned,
        files_with_references=len({place.path for place in places}),
        references=len(places),
        rewrite=len(rewrite),
        review=len(places) - len(rewrite) - keep,
        keep=keep,
        would_gain=sum(place.utility in gaining for place in rewrite) if known else None,
        by_utility=_tallies(((place.utility, place) for place in places), speedups),
        by_package=_tallies(_packages(places), {}),
        by_file=_tallies(((place.path, place) for place in places), {}),
        places=places,
        notices=audit.notices,
        errors=audit.errors,
    )


def _tallies(
    grouped: Iterable[tuple[str, FoundReference]], speedups: Mapping[str, float | None]
) -> tuple[Tally, ...]:
    groups: dict[str, list[FoundReference]] = {}
    for name, place in grouped:
        groups.setdefault(name, []).append(place)
    tallies = []
    for name, places in groups.items():
        files = len({place.path for place in places})
        rewrite, keep = _count(places, REWRITE), _count(places, KEEP)
        review = len(places) - rewrite - keep
        speedup = speedups.get(name)
        tallies.append(Tally(name, len(places), files, rewrite, review, keep, speedup))
    return tuple(sorted(tallies, key=lambda tally: (-tally.references, tally.name)))


def _count(places: Iterable[FoundReference], verdict: str) -> int:
    return sum(place.verdict == verdict for place in places)


def _packages(places: Sequence[FoundReference]) -> list[tuple[str, FoundReference]]:
    """Pair each reference with its directory, relative to the parent of the common directory."""
    directories = [place.path.split("/")[:-1] for place in places]
    first, last = min(directories, default=[]), max(directories, default=[])
    common = 0
    while common < min(len(first), len(last)) and first[common] == last[common]:
        common += 1
    keep = max(common - 1, 0)
    named = ("/".join(parts[keep:]) or "." for parts in directories)
    return list(zip(named, places, strict=True))


def _place(reference: Mapping[str, Any]) -> FoundReference:
    return FoundReference(
        path=str(reference["path"]),
        line=int(reference["line"]),
        column=int(reference["column"]),
        qualified_name=str(reference["qualified_name"]),
        utility=str(reference["utility"]),
        kind=str(reference["kind"]),
        verdict=str(reference["verdict"]),
        reason=str(reference["reason"]),
    )


def _remark(notice: Mapping[str, Any]) -> Remark:
    return Remark(
        path=str(notice["path"]),
        line=int(notice["line"]),
        column=int(notice["column"]),
        message=str(notice["message"]),
    )
