"""Which suppliers could bid on which lot, as the last run of matching found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import overload

from sqlalchemy import Connection, delete, func, select

from procmatch.model.match import Match
from procmatch.model.organisation import OrgId
from procmatch.store.documents import decode, encode
from procmatch.store.tables import matches
from procmatch.store.upsert import put

__all__ = ["KeptMatches", "counts", "kept_of_lot", "of_lot", "of_supplier", "replace_lot"]


@dataclass(frozen=True, slots=True, eq=False)
class KeptMatches(Sequence[Match]):
    """Matches as they are stored, best first; each is read when it is looked at.

    ``rows`` holds the supplier of each, and its document.
    """

    rows: Sequence[tuple[OrgId, str]]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def suppliers(self) -> list[OrgId]:
        """Who stands in it, best first."""
        return [org for org, _ in self.rows]

    @overload
    def __getitem__(self, at: int) -> Match: ...

    @overload
    def __getitem__(self, at: slice) -> list[Match]: ...

    def __getitem__(self, at: int | slice) -> Match | list[Match]:
        if isinstance(at, slice):
            return [decode(document, Match) for _, document in self.rows[at]]
        return decode(self.rows[at][1], Match)

    def where(self, keep: Callable[[OrgId], bool]) -> KeptMatches:
        """Return the matches of those suppliers alone that are to be kept."""
        return KeptMatches([row for row in self.rows if keep(row[0])])


def replace_lot(connection: Connection, *, notice: int, lot: str, found: Sequence[Match]) -> bool:
    """Write the ranked matches of one lot in place of the old ones; return whether they differ."""
    which = (matches.c.notice == notice) & (matches.c.lot == lot)
    rows = [
        {
            "notice": notice,
            "lot": lot,
            "register": match.supplier.register,
            "number": match.supplier.number,
            "rank": rank,
            "score": match.score,
            "verdict": match.verdict.value,
            "document": encode(match),
        }
        for rank, match in enumerate(found, start=1)
    ]
    old = connection.scalars(select(matches.c.document).where(which).order_by(matches.c.rank)).all()
    if list(old) == [row["document"] for row in rows]:
        return False
    connection.execute(delete(matches).where(which))
    put(connection, matches, rows)
    return True


def of_lot(
    connection: Connection, *, notice: int, lot: str, limit: int | None = None
) -> list[Match]:
    """Return the ranked matches of one lot, best first; the first of them only with a limit."""
    documents = connection.scalars(
        select(matches.c.document)
        .where(matches.c.notice == notice, matches.c.lot == lot)
        .order_by(matches.c.rank)
        .limit(limit)
    )
    return [decode(document, Match) for document in documents]


def kept_of_lot(connection: Connection, *, notice: int, lot: str) -> KeptMatches:
    """Return what :func:`of_lot` does, for who looks at some of it."""
    rows = connection.execute(
        select(matches.c.register, matches.c.number, matches.c.document)
        .where(matches.c.notice == notice, matches.c.lot == lot)
        .order_by(matches.c.rank)
    )
    return KeptMatches([(OrgId(row.register, row.number), row.document) for row in rows])


def counts(connection: Connection, notice: int) -> dict[str, int]:
    """Return how many matches each lot of a notice has; lots without any are left out."""
    which = select(matches.c.lot, func.count()).where(matches.c.notice == notice)
    rows = connection.execute(which.group_by(matches.c.lot))
    return {str(row[0]): int(row[1]) for row in rows}


def of_supplier(connection: Connection, org: OrgId) -> dict[tuple[int, str], Match]:
    """Return (row of the notice, lot) -> the match of one firm, for every ranking it stands in."""
    rows = connection.execute(
        select(matches.c.notice, matches.c.lot, matches.c.document).where(
            matches.c.register == org.register, matches.c.number == org.number
        )
    )
    return {(row.notice, row.lot): decode(row.document, Match) for row in rows}
