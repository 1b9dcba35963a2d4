"""Which trades the firms of a place are in."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, func, select

from procmatch.model.organisation import NORWAY, OrgStatus
from procmatch.store.tables import organisations

__all__ = ["firms_by_division"]

_DIVISION = 2
_NO_FIRMS = ("ENK", "KOMM", "FYLK", "ORGL", "KF", "FKF", "STAT")


def firms_by_division(connection: Connection, digits: int) -> dict[str, Counter[str]]:
    """Return, for each place, how many active firms of each industry division are registered there.

    Sole proprietors and public bodies are left out, and firms whose trade is not known.

    Args:
        connection: of the store.
        digits: of the places' numbers: four for municipalities, two for counties.
    """
    place = func.substr(organisations.c.municipality, 1, digits)
    division = func.substr(organisations.c.industry, 1, _DIVISION)
    query = (
        select(place, division, func.count())
        .where(
            organisations.c.register == NORWAY,
            organisations.c.status == OrgStatus.ACTIVE.value,
            func.coalesce(organisations.c.legal_form, "").not_in(_NO_FIRMS),
            organisations.c.industry.is_not(None),
            # Of a place; also what lets a database answer from the index.
            organisations.c.municipality > "",
        )
        .group_by(place, division)
    )
    found: dict[str, Counter[str]] = {}
    for number, trade, count in connection.execute(query):
        found.setdefault(number, Counter())[trade] = count
    return found
