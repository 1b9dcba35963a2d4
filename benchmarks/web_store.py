"""A store as large as the country's register, with open tenders, for the pages to be asked of.

The register is the invented one; its firms say what they do. The tenders are those of the sample
world, again and again, each somewhere else.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

import linkage_register as register
import matching_market as market
from sqlalchemy import Connection

from procmatch.codes import builtin, orgnr
from procmatch.demo import world
from procmatch.model.ledger import LedgerLine
from procmatch.model.match import Linked
from procmatch.model.notice import Notice, NoticeKind
from procmatch.model.organisation import NORWAY, IndustryCode, Organisation, OrgId
from procmatch.model.values import Place
from procmatch.settings import Settings
from procmatch.sources import eforms
from procmatch.store import Store, ledgers, notices, open_store, organisations
from procmatch.workflows import match
from procmatch.workflows.settle import settle

__all__ = ["BUYER", "competitions", "firms", "make", "spenders"]

_BATCH = 20_000
_SEED = 11
#: How many of the tenders are the buyer's own.
_OWN = 40
#: Municipalities with a ledger, lines of each, and firms that are paid; out of so many.
_SPENDERS, _LINES, _PAID, _PAID_MOST = 20, 5_000, 800, 50_000
_UNITS = ("Skole", "Sjukeheim", "Barnehage", "Teknisk", "Kultur")
#: Numbers of the other buyers begin with these eight digits.
_FIRST_BUYER = 39_000_000
BUYER = Organisation(
    id=OrgId(NORWAY, "920125298"),
    name="ASKER KOMMUNE",
    legal_form="KOMM",
    business_place=Place(municipality="3203", city="ASKER", postcode="1383"),
)


def firms(file: Path) -> Iterator[Organisation]:
    """Yield a written register with what firms do."""
    units = list(register.read(file))
    for unit, firm in zip(register.organisations(iter(units)), market.firms(units), strict=True):
        yield replace(
            unit,
            activity=firm.text,
            industry_codes=tuple(IndustryCode("SN2025", code) for code in firm.industries),
        )


def competitions(many: int, now: datetime) -> Iterator[Notice]:
    """Yield open competitions and results, each of another place; the first of the buyer's own."""
    chance = random.Random(_SEED)
    towns = [one for one in builtin().places.municipalities.values() if one.lat is not None]
    models = [eforms.read(xml) for xml in world.notices().values()]
    kinds = {NoticeKind.COMPETITION, NoticeKind.RESULT}
    models = [one for one in models if one.kind in kinds and one.changes is None]
    for at in range(many):
        one = models[at % len(models)]
        town = BUYER.business_place.municipality if at < _OWN else chance.choice(towns).number
        deadline = now + timedelta(days=10 + at % 40)
        lots = tuple(
            replace(lot, places=(Place(municipality=town),), deadline=deadline) for lot in one.lots
        )
        key = f"{at:08d}-0000-4000-8000-000000000000"
        yield replace(
            one,
            source="doffin",
            source_id=f"2026-{500_000 + at}",
            notice_id=key,
            procedure_id=key.replace("-4000-", "-4001-"),
            previous_planning=(),
            dispatched_at=now - timedelta(days=at % 30),
            lots=lots,
        )


def spenders() -> list[str]:
    """Return the numbers of the municipalities that have a ledger."""
    towns = builtin().places.municipalities.values()
    known = sorted(town.number for town in towns if town.lat is not None)
    return known[:: len(known) // _SPENDERS][:_SPENDERS]


def make(folder: Path, rows: int, tenders: int) -> Store:
    """Make the store, unless it is there, and match its tenders."""
    database = folder / f"pages-{rows}-{tenders}.db"
    url = f"sqlite:///{database}"
    matched = database.with_suffix(".matched")
    if matched.exists():
        store = open_store(url)
        _spend(store)
        return store
    if database.exists():
        return _matched(url, matched)
    part = database.with_suffix(".part")
    part.unlink(missing_ok=True)
    store = open_store(f"sqlite:///{part}", create=True)
    file = folder / f"units-{rows}.csv"
    register.write(file, rows)
    units = firms(file)
    while batch := list(islice(units, _BATCH)):
        with store.begin() as connection:
            organisations.save_organisations(connection, batch)
    file.unlink()
    now = datetime.now(UTC)
    with store.begin() as connection:
        buyers = _buyers()
        organisations.save_organisations(connection, list(buyers.values()))
        for at, notice in enumerate(competitions(tenders, now)):
            notices.save(connection, notice, f"{at:064d}")
            _link_buyer(connection, notice, buyers[str(notice.lots[0].places[0].municipality)])
    settle(store)
    store.close()
    part.rename(database)
    return _matched(url, matched)


def _matched(url: str, matched: Path) -> Store:
    """Match the tenders of a store, and note that it is done."""
    store = open_store(url)
    match.match(store, settings=Settings(database_url=url), clock=lambda: datetime.now(UTC))
    matched.touch()
    _spend(store)
    return store


def _spend(store: Store) -> None:
    """Let some municipalities have a ledger of three years, unless they have one."""
    chance = random.Random(_SEED)
    with store.begin() as connection:
        numbers = [unit.number for unit in islice(_companies(connection), _PAID_MOST)]
        for place in spenders():
            own = chance.sample(numbers, min(_PAID, len(numbers)))
            if ledgers.known(connection, place, place) is not None:
                continue
            lines = [_line(row, chance.choice(own), chance) for row in range(1, _LINES + 1)]
            now = datetime.now(UTC)
            ledger = ledgers.add(
                connection, place=place, name="ledger.csv", sha256=place, now=now, lines=lines
            )
            found = {
                one.row: Linked(
                    org=OrgId(NORWAY, str(one.number)),
                    name=one.supplier,
                    score=1.0,
                    certain=True,
                    method="number",
                )
                for one in lines
            }
            ledgers.link(connection, ledger, found)


def _companies(connection: Connection) -> Iterator[OrgId]:
    return (unit.id for unit in organisations.iterate(connection) if not unit.is_person)


def _line(row: int, number: str, chance: random.Random) -> LedgerLine:
    """Return a payment: many small ones, a few large."""
    return LedgerLine(
        row=row,
        supplier=f"FIRMA {number} AS",
        number=number,
        amount=Decimal(round(chance.lognormvariate(8.5, 1.6))),
        unit=chance.choice(_UNITS),
        day=date(2024, 1, 1) + timedelta(days=chance.randrange(3 * 365)),
    )


def _buyers() -> dict[str, Organisation]:
    """Return each municipality as a buyer, with a number of its own."""
    numbers = (
        f"{first}{digit}"
        for first in range(_FIRST_BUYER, _FIRST_BUYER + 10_000)
        if (digit := orgnr.check_digit(str(first))) is not None
    )
    towns = builtin().places.municipalities.values()
    made = {
        town.number: replace(
            BUYER,
            id=OrgId(NORWAY, next(numbers)),
            name=f"{town.name} KOMMUNE".upper(),
            business_place=Place(municipality=town.number),
        )
        for town in towns
        if town.lat is not None
    }
    return {**made, str(BUYER.business_place.municipality): BUYER}


def _link_buyer(connection: Connection, notice: Notice, buyer: Organisation) -> None:
    """Let a tender be a buyer's own."""
    row = notices.find(connection, str(notice.source_id)).row
    linked = Linked(org=buyer.id, name=buyer.name, score=1.0, certain=True, method="number")
    notices.save_link(connection, notice=row, role="buyer", position=0, linked=linked)
