"""How a tender came to be what it is: its publications, and what each changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from procmatch.alerts.phrases import phrase, text_in
from procmatch.alerts.revisions import sentences
from procmatch.model.notice import NoticeKind
from procmatch.workflows.tender_view import TenderView

__all__ = ["KINDS", "Step", "steps"]

#: What a publication is called.
KINDS = {
    NoticeKind.PLANNING: "Plan announced",
    NoticeKind.COMPETITION: "Tender announced",
    NoticeKind.RESULT: "Result announced",
    NoticeKind.DIRECT_AWARD: "Direct award announced",
    NoticeKind.MODIFICATION: "Contract modified",
    NoticeKind.COMPLETION: "Contract completed",
    NoticeKind.CHANGE: "Correction",
}
_CHANGED = "Changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One publication: when, what it is, its id, and what it changed as sentences."""

    at: datetime | None
    what: str
    key: str
    changes: Sequence[str]


def steps(view: TenderView, language: str) -> list[Step]:
    """Return the publications of a tender, newest first; copies from other sources left out."""
    derived = view.derived
    copies = {(copy.source, copy.id) for copy, _ in derived.twins} if derived else set()
    lots = {lot.id: text_in(lot.title, language) for lot in view.notice.lots}
    changed: dict[tuple[str, str], list[str]] = {}
    for revision in derived.revisions if derived else ():
        own = changed.setdefault((revision.by.source, revision.by.id), [])
        own += sentences(revision, language, lots=lots)
    found = []
    for notice in view.publications:
        name = (notice.source, notice.source_id or notice.notice_id)
        if name not in copies:
            what = _CHANGED if changed.get(name) else KINDS[notice.kind]
            found.append(
                Step(
                    at=notice.dispatched_at,
                    what=phrase(what, language),
                    key=name[1],
                    changes=changed.get(name, ()),
                )
            )
    return found[::-1]
