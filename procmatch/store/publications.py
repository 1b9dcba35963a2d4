"""Procedures by their publications, as exports walk through them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, select

from procmatch.model.notice import Notice
from procmatch.model.organisation import NORWAY
from procmatch.store.notices import StoredNotice, of_procedure
from procmatch.store.tables import establishments, notices, organisations, parties

__all__ = ["PartyUnit", "Wanted", "day_of", "known_plans", "party_units", "procedures"]

_PAGE = 200
#: ``2023/S 193-601506`` is the notice 601506-2023 of the Official Journal.
_JOURNAL = re.compile(r"(\d{4})/S \d+-0*(\d+)")
_UUID_LENGTH = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which procedures: with a publication of that source and those days, or the one named."""

    source: str | None = None
    since: date | None = None
    until: date | None = None
    procedure: str | None = None

    def holds(self, notice: Notice) -> bool:
        """Whether a notice is one of those asked for."""
        day = day_of(notice)
        if self.source is not None and notice.source != self.source:
            return False
        if day is None:
            return self.since is None and self.until is None
        after = self.since is None or day >= self.since
        return after and (self.until is None or day <= self.until)


def day_of(notice: Notice) -> date | None:
    """Return the day of publication, else of dispatch."""
    if notice.published_on:
        return notice.published_on
    return notice.dispatched_at.date() if notice.dispatched_at else None


def procedures(connection: Connection, wanted: Wanted) -> Iterator[Sequence[StoredNotice]]:
    """Yield the notices of each procedure that is wanted, oldest first; one at a time in memory.

    This is the one place that says what belongs together.
    """
    last = ""
    while True:
        page = connection.scalars(
            select(notices.c.procedure)
            .where(notices.c.procedure > last, *_conditions(wanted))
            .group_by(notices.c.procedure)
            .order_by(notices.c.procedure)
            .limit(_PAGE)
        ).all()
        for procedure in page:
            found = of_procedure(connection, procedure)
            if any(wanted.holds(one.notice) for one in found):
                yield found
        if len(page) < _PAGE:
            return
        last = page[-1]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what the database can sort out by itself; ``holds`` is exact."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.source is not None:
        conditions.append(notices.c.source == wanted.source)
    if wanted.procedure is not None:
        conditions.append(notices.c.procedure == wanted.procedure)
    if wanted.since is not None:
        conditions.append(
            (notices.c.published_on >= wanted.since)
            | (notices.c.dispatched_at >= _midnight(wanted.since))
        )
    if wanted.until is not None:
        conditions.append(
            (notices.c.published_on <= wanted.until)
            | (notices.c.dispatched_at < _midnight(wanted.until) + timedelta(days=1))
        )
    return conditions


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyUnit:
    """The register unit of a party, by its link or else by the number printed.

    ``certain`` is False where the link is only likely.
    """

    register: str
    number: str
    name: str
    legal_form: str | None
    certain: bool


def party_units(
    connection: Connection, rows: Sequence[int]
) -> Mapping[int, Sequence[PartyUnit | None]]:
    """Return notice row -> the unit of each of its parties, in their order."""
    printed = connection.execute(
        select(parties).where(parties.c.notice.in_(rows)).order_by(parties.c.position)
    ).all()
    numbers = {number for row in printed for number in (row.number, row.org) if number}
    # A printed number may be that of a place of work: then its owner is the party.
    owners = {
        row.number: row.parent
        for row in connection.execute(
            select(establishments.c.number, establishments.c.parent).where(
                establishments.c.register == NORWAY, establishments.c.number.in_(numbers)
            )
        )
    }
    units = {
        (row.register, row.number): row
        for row in connection.execute(
            select(
                organisations.c.register,
                organisations.c.number,
                organisations.c.name,
                organisations.c.legal_form,
            ).where(organisations.c.number.in_(numbers | set(owners.values())))
        )
    }
    found: dict[int, list[PartyUnit | None]] = {row: [] for row in rows}
    for party in printed:
        key = (party.register, party.org) if party.org else (NORWAY, party.number)
        unit = units.get(key) or units.get((NORWAY, owners.get(party.number, "")))
        found[party.notice].append(
            PartyUnit(
                register=unit.register,
                number=unit.number,
                name=unit.name,
                legal_form=unit.legal_form,
                certain=not party.org or bool(party.certain),
            )
            if unit
            else None
        )
    return found


def known_plans(connection: Connection, printed: Sequence[str]) -> Mapping[str, StoredNotice]:
    """Return way of naming an earlier notice (BT-125) -> that notice, as far as it is stored."""
    found: dict[str, StoredNotice] = {}
    for name in dict.fromkeys(printed):
        journal = _JOURNAL.fullmatch(name)
        key = f"{journal[2]}-{journal[1]}" if journal else name
        procedure = connection.scalar(
            select(notices.c.procedure)
            .where((notices.c.source_id == key) | (notices.c.notice_id == key[:_UUID_LENGTH]))
            .order_by(notices.c.id)
            .limit(1)
        )
        for one in of_procedure(connection, procedure) if procedure else ():
            if one.notice.source_id == key or one.notice.notice_id == key[:_UUID_LENGTH]:
                found.setdefault(name, one)
    return found
