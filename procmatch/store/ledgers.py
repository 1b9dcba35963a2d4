"""Ledgers of buyers: what was paid to whom, and the unit that each line was linked to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection, delete, func, insert, select, update

from procmatch.model.ledger import LedgerLine
from procmatch.model.match import Linked
from procmatch.model.organisation import OrgId
from procmatch.store.among import among, given
from procmatch.store.ledger_tables import ledger_lines, ledgers
from procmatch.store.tables import organisations

__all__ = [
    "LEDGER_PERSON",
    "Paid",
    "add",
    "forget",
    "known",
    "lines_of",
    "link",
    "of_place",
    "paid_in",
]

#: Legal form whose name is a person's.
LEDGER_PERSON = "ENK"
_TOLD = ("row", "supplier", "number", "amount", "unit", "day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """One line as stored.

    Attributes:
        ledger, row: its key. supplier, number: as written; None for a sole proprietor.
        amount: NOK excl. VAT. unit, day: as in the ledger.
        org: the unit it was certainly linked to, or None.
    """

    ledger: int
    row: int
    supplier: str | None
    number: str | None
    amount: Decimal
    unit: str
    day: date | None
    org: OrgId | None = None


def known(connection: Connection, place: str, sha256: str) -> int | None:
    """Return the ledger of a place with that content, or None."""
    found: int | None = connection.scalar(
        select(ledgers.c.id).where(ledgers.c.place == place, ledgers.c.sha256 == sha256)
    )
    return found


def add(
    connection: Connection,
    *,
    place: str,
    name: str,
    sha256: str,
    now: datetime,
    lines: Sequence[LedgerLine],
) -> int:
    """Write a ledger and return its key.

    Args:
        connection: of the store.
        place: municipality or county.
        name: of the file.
        sha256: of its content.
        now: aware UTC.
        lines: of it.
    """
    made = connection.execute(
        insert(ledgers).values(place=place, name=name, sha256=sha256, imported_at=now)
    ).inserted_primary_key
    assert made is not None
    ledger = int(made[0])
    if lines:
        rows = [{"ledger": ledger, **{name: getattr(one, name) for name in _TOLD}} for one in lines]
        connection.execute(insert(ledger_lines), rows)
    return ledger


def link(connection: Connection, ledger: int, found: Mapping[int, Linked]) -> None:
    """Write which unit lines mean, by row; a sole proprietor's name is not kept."""
    persons = _persons(connection, {one.org for one in found.values() if one.certain})
    for row, one in found.items():
        values: dict[str, object] = {
            "register": one.org.register,
            "org": one.org.number,
            "score": one.score,
            "certain": one.certain,
        }
        if one.certain and one.org in persons:
            values |= {"supplier": None, "number": None}
        which = (ledger_lines.c.ledger == ledger) & (ledger_lines.c.row == row)
        connection.execute(update(ledger_lines).where(which).values(values))


def _persons(connection: Connection, orgs: set[OrgId]) -> set[OrgId]:
    return {
        org
        for org in orgs
        if connection.scalar(
            select(organisations.c.legal_form).where(
                organisations.c.register == org.register, organisations.c.number == org.number
            )
        )
        == LEDGER_PERSON
    }


def of_place(connection: Connection, place: str) -> list[tuple[int, str, datetime]]:
    """Return (key, name, when imported) of a place's ledgers, newest first."""
    rows = connection.execute(
        select(ledgers).where(ledgers.c.place == place).order_by(ledgers.c.id.desc())
    )
    return [(row.id, row.name, row.imported_at) for row in rows]


def paid_in(connection: Connection, place: str) -> Counter[OrgId | None]:
    """Return who was paid in a place's ledgers, and in how many lines; None for nobody certain."""
    lines = ledger_lines.c
    query = (
        select(lines.register, lines.org, lines.certain, func.count())
        .join(ledgers, ledgers.c.id == lines.ledger)
        .where(ledgers.c.place == place)
        .group_by(lines.register, lines.org, lines.certain)
    )
    found: Counter[OrgId | None] = Counter()
    for register, org, certain, many in connection.execute(query):
        found[OrgId(register, org) if certain and org else None] += many
    return found


def lines_of(
    connection: Connection, place: str, orgs: Collection[OrgId] | None = None
) -> Iterator[Paid]:
    """Yield all lines of a place's ledgers, by ledger and row.

    Args:
        connection: of the store.
        place: municipality or county.
        orgs: lines of these only, where it is certain that they are meant; None means all.
    """
    lines = ledger_lines.c
    query = (
        select(
            lines.ledger, lines.row, lines.supplier, lines.number, lines.amount, lines.unit,
            lines.day, lines.register, lines.org, lines.certain,
        )
        .join(ledgers, ledgers.c.id == lines.ledger)
        .where(ledgers.c.place == place)
        .order_by(lines.ledger, lines.row)
    )  # fmt: skip
    if orgs is not None:
        query = query.where(among(connection.dialect.name, lines.org))
    asked = {} if orgs is None else given(connection, {one.number for one in orgs})
    # A ledger pays the same suppliers over and over.
    known: dict[tuple[str, str], OrgId] = {}
    for (
        ledger,
        row,
        supplier,
        number,
        amount,
        unit,
        day,
        register,
        org,
        certain,
    ) in connection.execute(query, asked):
        sure = None
        if certain and org:
            sure = known.get((register, org)) or known.setdefault(
                (register, org), OrgId(register, org)
            )
        if orgs is None or sure in orgs:
            yield Paid(
                ledger=ledger,
                row=row,
                supplier=supplier,
                number=number,
                amount=amount,
                unit=unit,
                day=day,
                org=sure,
            )


def forget(connection: Connection, ledger: int) -> bool:
    """Delete a ledger with its lines; return whether there was one."""
    connection.execute(delete(ledger_lines).where(ledger_lines.c.ledger == ledger))
    return connection.execute(delete(ledgers).where(ledgers.c.id == ledger)).rowcount > 0
