"""What food a municipality asked for, awarded and paid for, and what of it is known as organic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from procmatch.insight.food import group_of
from procmatch.insight.organic import (
    CERTIFICATE,
    FOOD_TRADES,
    FoodKind,
    FoodRow,
    asks_for_organic,
    is_certified,
    is_food,
)
from procmatch.matching.records import key_of
from procmatch.model.notice import Lot
from procmatch.model.organisation import OrgId
from procmatch.store import Store, awarded, evidence_known, ledgers, register_state
from procmatch.store.awarded import Awarded
from procmatch.store.ledgers import Paid
from procmatch.workflows.buyers import buyer_of
from procmatch.workflows.ingest import Clock

__all__ = ["FoodBought", "food_bought"]

_PERSON = "ENK"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoodBought:
    """What is known of a municipality's food.

    Attributes:
        rows: lots, awards and ledger lines for food.
        unplaced: ledger lines whose supplier nobody is certain of: food or not, it is not known.
    """

    rows: tuple[FoodRow, ...]
    unplaced: int


def food_bought(store: Store, municipality: str, clock: Clock) -> FoodBought:
    """Return what food a municipality or county bought, as far as results and ledgers tell.

    Args:
        store: with notices that are linked, and ledgers if there are any.
        municipality: four digits; two for a county.
        clock: certificates count that hold today.

    Raises:
        NotFound: the register in the store has no such municipality.
    """
    with store.read() as connection:
        buyer = buyer_of(connection, municipality)
        results = list(awarded.results(connection, buyer.orgs))
        paid_in = ledgers.paid_in(connection, municipality)
        wanted = {org for one in results for winners in one.winners for org in winners if org}
        wanted |= {org for org in paid_in if org}
        proven = evidence_known.valid(connection, clock().date(), orgs=wanted, kind=CERTIFICATE)
        certified = {org for org, facts in proven.items() if is_certified(facts)}
        units = list(register_state.units(connection, map(key_of, sorted(wanted))))
        in_food = {
            unit.id
            for unit in units
            if unit.industry_codes and unit.industry_codes[0].code.startswith(FOOD_TRADES)
        }
        paid = list(ledgers.lines_of(connection, municipality, in_food & paid_in.keys()))
    # A sole proprietor is a person: counted, and not named.
    firms = {unit.id for unit in units if unit.legal_form != _PERSON}
    rows = [row for one in results for row in (*_asked(one), *_awarded(one, certified, firms))]
    rows += [_paid(one, certified) for one in paid]
    return FoodBought(rows=tuple(rows), unplaced=paid_in[None])


def _group(lot: Lot) -> str:
    found = next((group for code in lot.cpv if (group := group_of(code))), None)
    return found.key if found else ""


def _year(one: Awarded) -> int | None:
    notice = one.notice
    day = notice.published_on or (notice.dispatched_at.date() if notice.dispatched_at else None)
    return day.year if day else None


def _asked(one: Awarded) -> Iterator[FoodRow]:
    """Yield a row for each lot for food; what the competition asked, else the result repeats."""
    notice = one.competition or one.notice
    for lot in notice.lots:
        if is_food(lot.cpv or filter(None, (notice.cpv_main,))):
            yield FoodRow(
                kind=FoodKind.ASKED,
                key=f"{notice.source_id or notice.notice_id} {lot.id}",
                year=_year(one),
                group=_group(lot),
                title=str(lot.title) or str(notice.title),
                value=lot.value.amount if lot.value and lot.value.currency == "NOK" else None,
                organic=asks_for_organic(lot) or None,
            )


def _awarded(one: Awarded, certified: set[OrgId], firms: set[OrgId]) -> Iterator[FoodRow]:
    """Yield a row for each winner of each award for food; a consortium's value is shared."""
    notice = one.notice
    own = notice.source_id or notice.notice_id
    lots = {
        lot.id: lot for lot in (*(one.competition.lots if one.competition else ()), *notice.lots)
    }
    for at, (award, orgs) in enumerate(zip(notice.awards, one.winners, strict=True)):
        lot = lots.get(award.lot or "")
        if not is_food((lot.cpv if lot else ()) or filter(None, (notice.cpv_main,))):
            continue
        money = award.value if award.value and award.value.currency == "NOK" else None
        for place, org in enumerate(orgs):
            yield FoodRow(
                kind=FoodKind.AWARDED,
                key=f"{own} {award.lot or ''} {at + 1}.{place + 1}",
                year=award.concluded_on.year if award.concluded_on else _year(one),
                group=_group(lot) if lot else "",
                title=str(lot.title) if lot else str(notice.title),
                supplier=org.number if org in firms and org else "",
                value=money.amount / len(orgs) if money else None,
                organic=org in certified or None,
            )


def _paid(line: Paid, certified: set[OrgId]) -> FoodRow:
    return FoodRow(
        kind=FoodKind.PAID,
        key=f"{line.ledger}:{line.row}",
        year=line.day.year if line.day else None,
        value=line.amount,
        organic=line.org in certified or None,
    )
