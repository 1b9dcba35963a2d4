"""What waits for a person: printed parties that are not certainly anybody, each once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, case, func, or_, select

from procmatch.model.organisation import Organisation, OrgId
from procmatch.store.documents import decode
from procmatch.store.tables import evidence, lots, organisations, parties

__all__ = ["places", "unsure_evidence", "unsure_parties"]

_BATCH = 500


def unsure_parties(connection: Connection) -> Sequence[Row[Any]]:
    """Return name, number, place and postcode of parties without a certain link.

    With ``times``, how often each stands in notices, and ``value``, NOK of the lots that it won.
    """
    printed = (parties.c.name, parties.c.number, parties.c.city, parties.c.postcode)
    won = (parties.c.role == "winner") & (lots.c.currency == "NOK")
    return connection.execute(
        select(
            parties.c.name,
            parties.c.number,
            parties.c.city.label("place"),
            parties.c.postcode,
            func.count().label("times"),
            func.coalesce(func.sum(case((won, lots.c.value), else_=0)), 0).label("value"),
        )
        .outerjoin(lots, (lots.c.notice == parties.c.notice) & (lots.c.lot == parties.c.lot))
        .where(or_(parties.c.certain.is_(None), parties.c.certain.is_(False)))
        .group_by(*printed)
        .order_by(*printed)
    ).all()


def unsure_evidence(connection: Connection) -> Sequence[Row[Any]]:
    """Return the same of open rows of evidence that print a name; ``value`` is 0.

    What suppliers say of themselves is left out: whoever it is, it proves nothing.
    """
    printed = (evidence.c.name, evidence.c.printed_number, evidence.c.place, evidence.c.postcode)
    return connection.execute(
        select(
            evidence.c.name,
            evidence.c.printed_number.label("number"),
            evidence.c.place,
            evidence.c.postcode,
            func.count().label("times"),
        )
        .where(
            evidence.c.withdrawn_at.is_(None),
            or_(evidence.c.certain.is_(None), evidence.c.certain.is_(False)),
            evidence.c.origin != "declared",
            evidence.c.name != "",
        )
        .group_by(*printed)
        .order_by(*printed)
    ).all()


def places(connection: Connection, orgs: Collection[OrgId]) -> dict[OrgId, str]:
    """Return where units are: postcode and town, of a sole proprietor the municipality."""
    found: dict[OrgId, str] = {}
    for register in {org.register for org in orgs}:
        numbers = sorted(org.number for org in orgs if org.register == register)
        for start in range(0, len(numbers), _BATCH):
            query = select(organisations.c.document).where(
                organisations.c.register == register,
                organisations.c.number.in_(numbers[start : start + _BATCH]),
            )
            for text in connection.scalars(query):
                unit = decode(text, Organisation)
                found[unit.id] = place_of(unit)
    return found


def place_of(unit: Organisation) -> str:
    """Return where a unit is, in a few words."""
    place = unit.business_place
    town = " ".join(part for part in (place.postcode, place.city) if part)
    return town or place.municipality or ""
