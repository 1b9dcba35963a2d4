"""Municipalities and counties as units of the register, and what stands below them."""

from __future__ import annotations

from sqlalchemy import Connection, select

from procmatch.model.notice import NoticeKind
from procmatch.model.organisation import NORWAY, Organisation, OrgId, OrgStatus
from procmatch.store.documents import decode
from procmatch.store.organisations import find
from procmatch.store.register_state import units
from procmatch.store.tables import notices, organisations, parties

__all__ = ["below", "head_of", "heads_with_results"]

_COUNTY_DIGITS = 2
#: Legal forms: municipality, county; units of the public sector that may stand below them.
_MUNICIPALITY, _COUNTY = "KOMM", "FYLK"
_PARTS = ("ORGL", "KF", "FKF")


def head_of(connection: Connection, place: str) -> Organisation | None:
    """Return the active unit that is a municipality (four digits) or county (two), or None."""
    form = _COUNTY if len(place) == _COUNTY_DIGITS else _MUNICIPALITY
    number = connection.scalar(
        select(organisations.c.number)
        .where(
            organisations.c.register == NORWAY,
            organisations.c.legal_form == form,
            organisations.c.municipality.startswith(place),
            organisations.c.status == OrgStatus.ACTIVE.value,
        )
        .order_by(organisations.c.number)
    )
    return None if number is None else find(connection, OrgId(NORWAY, number))


def below(connection: Connection, head: OrgId) -> list[Organisation]:
    """Return the units of the public sector that stand below one, at any depth, by number."""
    children: dict[str, list[str]] = {}
    rows = connection.execute(
        select(organisations.c.number, organisations.c.document).where(
            organisations.c.register == head.register, organisations.c.legal_form.in_(_PARTS)
        )
    )
    for row in rows:
        parent = decode(row.document, Organisation).parent
        if parent:
            children.setdefault(parent, []).append(row.number)
    found: set[str] = set()
    fresh = {head.number}
    while fresh:
        fresh = {child for one in fresh for child in children.get(one, ())} - found - {head.number}
        found |= fresh
    return [find(connection, OrgId(head.register, number)) for number in sorted(found)]


def heads_with_results(connection: Connection, digits: int) -> list[Organisation]:
    """Return the municipalities (four digits) or counties (two) that have results, by number.

    Those whose own unit stands as a buyer on at least one result, by a certain link.
    """
    form = _COUNTY if digits == _COUNTY_DIGITS else _MUNICIPALITY
    query = (
        select(organisations.c.number)
        .join(
            parties,
            (parties.c.register == organisations.c.register)
            & (parties.c.org == organisations.c.number),
        )
        .join(notices, notices.c.id == parties.c.notice)
        .where(
            organisations.c.register == NORWAY,
            organisations.c.legal_form == form,
            organisations.c.status == OrgStatus.ACTIVE.value,
            parties.c.role == "buyer",
            parties.c.certain.is_(True),
            notices.c.kind == NoticeKind.RESULT.value,
        )
        .distinct()
        .order_by(organisations.c.number)
    )
    numbers = connection.scalars(query).all()
    found = {one.id.number: one for one in units(connection, (f"{NORWAY} {n}" for n in numbers))}
    return [found[number] for number in numbers]
