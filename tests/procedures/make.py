"""Invented publications, as short as they can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from procmatch.model.notice import Award, Change, Lot, Notice, NoticeKind, OrganisationRef
from procmatch.model.procedure import Publication, Ref
from procmatch.model.references import keys_of
from procmatch.model.values import Text

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
BUYER = OrganisationRef(name="Storfjord kommune", number="310000009")


def uuid(number: int) -> str:
    return f"{number:08d}-0000-4000-8000-000000000000"


PROCEDURE = uuid(900)
LOT = Lot(id="LOT-0001", title=Text(versions=(("NOR", "Brød"),)), deadline=START + timedelta(30))


def notice(number: int, *, source: str = "doffin", **fields: object) -> Notice:
    """Return competition ``2026-<number>`` with the UUID of that number, sent on that day."""
    plain = Notice(
        source=source,
        source_id=f"2026-{number}" if source == "doffin" else f"{number}-2026",
        notice_id=uuid(number),
        version="01",
        procedure_id=PROCEDURE,
        kind=NoticeKind.COMPETITION,
        title=Text(versions=(("NOR", "Brød til skolene"),)),
        cpv_main="15811000",
        buyers=(BUYER,),
        dispatched_at=START + timedelta(days=number),
        lots=(LOT,),
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def change(number: int, of: str, reason: str = "update-add", **fields: object) -> Notice:
    """Return a competition notice that changes ``of``, under a procedure id of its own."""
    values: dict[str, Any] = {"procedure_id": uuid(1000 + number), **fields}
    return notice(number, changes=Change(notice=of, reason=reason), **values)


def result(number: int, *, won: bool = True, **fields: object) -> Notice:
    award = (
        Award(lot="LOT-0001", result="selec-w", winners=(OrganisationRef(name="Bakeri AS"),))
        if won
        else Award(lot="LOT-0001", result="clos-nw", reason="no-rece")
    )
    values: dict[str, Any] = {"kind": NoticeKind.RESULT, "awards": (award,), **fields}
    return notice(number, **values)


def publication(of: Notice, *, status: str | None = None) -> Publication:
    """See a notice as its place alone, as the store does."""
    return Publication(
        ref=Ref(of.source, str(of.source_id)),
        notice_id=of.notice_id,
        version=of.version,
        kind=of.kind,
        title=str(of.title),
        cpv_main=of.cpv_main,
        at=of.dispatched_at,
        deadline=of.deadline,
        keys=keys_of(of),
        changes=of.changes.notice if of.changes else None,
        cancels=bool(of.changes and of.changes.cancels),
        buyers=tuple(buyer.number for buyer in of.buyers if buyer.number),
        status=status,
    )
