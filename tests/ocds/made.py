"""Invented notices, and the releases they become."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from procmatch.model.notice import Award, Change, Lot, Notice, NoticeKind, OrganisationRef
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.model.values import Money, Place, Text
from procmatch.ocds import Options, Publication, Unit, chain_of, releases

Json = dict[str, Any]

PAGES = {"doffin": "https://doffin.example/notices/{id}"}
BUYER = OrganisationRef(
    ref="ORG-0001",
    name="Fjordvik kommune",
    number="999601391",
    place=Place(nuts="NO0Z1", city="Fjordvik", postcode="9801", country="NOR"),
)
FIRM = OrganisationRef(ref="ORG-0002", name="Fjordvik Bakeri AS", number="911111110", size="small")


def said(norwegian: str, **others: str) -> Text:
    return Text(versions=(("NOR", norwegian), *others.items()))


def kroner(amount: float | str) -> Money:
    return Money(amount=Decimal(amount), currency="NOK")


def lot(identifier: str = "LOT-0001", **fields: object) -> Lot:
    known: Json = {"id": identifier, "title": said("Brød"), "cpv_main": "15811000"}
    return Lot(**{**known, **fields})


def notice(number: int = 1, kind: NoticeKind = NoticeKind.COMPETITION, **fields: object) -> Notice:
    """Return notice ``number`` of a procedure; the number is also its day of dispatch."""
    known: Json = {
        "source": "doffin",
        "source_id": f"2026-10000{number}",
        "notice_id": f"00000000-0000-4000-8000-00000000000{number}",
        "version": "01",
        "procedure_id": "11111111-1111-4111-8111-111111111111",
        "kind": kind,
        "language": "NOR",
        "languages": ("NOR",),
        "dispatched_at": datetime(2026, 5, number, 10, tzinfo=UTC),
        "published_on": date(2026, 5, number),
        "title": said("Bakervarer"),
        "buyers": (BUYER,),
        "lots": (lot(),),
    }
    return Notice(**{**known, **fields})


def correction(of: Notice, reason: str = "update-add", **fields: object) -> Change:
    known: Json = {"notice": f"{of.notice_id}-{of.version}", "reason": reason}
    return Change(**{**known, **fields})


def award(*winners: OrganisationRef, **fields: object) -> Award:
    known: Json = {
        "lot": "LOT-0001",
        "result": "selec-w",
        "tender_id": "TEN-0001",
        "winners": winners,
    }
    return Award(**{**known, **fields})


def unit(number: str, name: str, *, person: bool = False, certain: bool = True) -> Unit:
    return Unit(id=OrgId(NORWAY, number), name=name, person=person, certain=certain)


def exported(
    *notices: Notice,
    units: Mapping[str, Unit] | None = None,
    earlier: Mapping[str, str] | None = None,
    with_persons: bool = False,
) -> list[Json]:
    """Return all releases of a procedure; ``units`` by the printed name of a party."""
    options = Options(prefix="ocds-xxxxxx", pages=PAGES, with_persons=with_persons)
    publications = []
    for one in notices:
        bare = Publication(notice=one)
        found = tuple((units or {}).get(party.name) for party, _ in bare.parties())
        publications.append(Publication(notice=one, units=found, earlier=earlier or {}))
    key = notices[0].procedure_id or f"{notices[0].source}:{notices[0].source_id}"
    chain = chain_of(key, publications, options)
    return [release for each in publications for release in releases(each, chain)]
