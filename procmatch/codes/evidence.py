"""Kinds of evidence: what a fact about an organisation is, who says so, and how long it holds.

The table is ``data/evidence_kinds.tsv``; ``docs/evidence.md`` shows it to people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cache

from procmatch.codes.tables import rows
from procmatch.errors import CodeError

__all__ = ["DIMENSIONS", "EvidenceKind", "ends_on", "find", "kinds"]

_LONGEST = 60
DIMENSIONS = ("small", "social", "green", "innovative", "approval")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceKind:
    """One kind of fact.

    Attributes:
        kind: its name everywhere in procmatch, e.g. ``"eco_lighthouse"``.
        dimension: one of :data:`DIMENSIONS`.
        labels: language (nb, nn, en) -> name.
        source: where it usually comes from; ``"file"``: from files only.
        licence, attribution: of that source.
        days: how long it holds when the source gives no end; None: as long as it is listed.
        from_start: the days count from the start that the source gives; else (and where it gives
            none) from the day on which it was last seen.
        exact: only an organisation number ties it to anybody; a name alone never does.
        note: what else a reader of the table should know.
    """

    kind: str
    dimension: str
    labels: Mapping[str, str]
    source: str
    licence: str
    attribution: str
    days: int | None
    from_start: bool
    exact: bool
    note: str


@cache
def kinds() -> Mapping[str, EvidenceKind]:
    """Return all kinds by name, in the order of the table."""
    return {
        row["kind"]: EvidenceKind(
            kind=row["kind"],
            dimension=row["dimension"],
            labels={language: row[language] for language in ("nb", "nn", "en")},
            source=row["source"],
            licence=row["licence"],
            attribution=row["attribution"],
            days=int(row["days"]) if row["days"] else None,
            from_start=row["counts_from"] == "start",
            exact=row["exact"] == "yes",
            note=row["note"],
        )
        for row in rows("evidence_kinds")
    }


def find(kind: str) -> EvidenceKind:
    """Return one kind.

    Raises:
        CodeError: there is no such kind; the text names one that is like it, if any.
    """
    found = kinds().get(kind)
    if found is None:
        near = _like(kind)
        hint = f"did you mean {near}?" if near else "docs/evidence.md lists them"
        raise CodeError(f"no kind of evidence {kind[:40]!r}; {hint}")
    return found


def _like(text: str) -> str:
    """Return the kind whose name or label is most like ``text``, or ``""``."""
    names = {one.kind: one.kind for one in kinds().values()}
    for one in kinds().values():
        names |= {label.casefold(): one.kind for label in one.labels.values()}
    found = get_close_matches(text[:_LONGEST].casefold(), names, n=1, cutoff=0.55)
    return names[found[0]] if found else ""


def ends_on(
    kind: str, *, valid_from: date | None, valid_to: date | None, seen_on: date
) -> date | None:
    """Return the last day on which a fact holds, or None for as long as it is listed.

    Args:
        kind: a kind of the table.
        valid_from: what the source says.
        valid_to: likewise.
        seen_on: when the source last listed it.

    Raises:
        CodeError: no such kind.
    """
    if valid_to is not None:
        return valid_to
    known = find(kind)
    if known.days is None:
        return None
    start = valid_from if known.from_start and valid_from else seen_on
    return start + timedelta(days=known.days)
