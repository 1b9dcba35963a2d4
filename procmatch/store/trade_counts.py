"""Which trades the firms of a place are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from sqlalchemy import Connection, func, select

from procmatch.model.organisation import NORWAY, OrgStatus
from procmatch.store.tables import organisations

__all__ = ["firms_by_division"]

_DIVISION = 2
_NO_FIRMS = ("ENK", "KOMM", "FYLK", "ORGL", "KF", "FKF", "STAT")


def firms_by_division(
    connection: Connection, places: Collection[str], digits: int
) -> dict[str, Counter[str]]:
    """Return, for each place, how many active firms of each industry division are registered there.

    Sole proprietors and public bodies are left out, and firms whose trade is not known.

    Args:
        connection: of the store.
        places: municipalities or counties.
        digits: of their numbers: four, or two for counties.
    """
    here = func.substr(organisations.c.municipality, 1, digits)
    division = func.substr(organisations.c.industry, 1, _DIVISION)
    query = (
        select(here, division, func.count())
        .where(
            organisations.c.register == NORWAY,
            organisations.c.status == OrgStatus.ACTIVE.value,
            func.coalesce(organisations.c.legal_form, "").not_in(_NO_FIRMS),
            organisations.c.industry.is_not(None),
            # The column itself where it can be, for its index.
            (organisations.c.municipality if digits == len("0301") else here).in_(sorted(places)),
        )
        .group_by(here, division)
    )
    found: dict[str, Counter[str]] = {place: Counter() for place in places}
    for place, trade, count in connection.execute(query):
        found[place][trade] = count
    return found
