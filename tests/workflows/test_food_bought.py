"""A municipality's food, from its results, its ledger and certificates in the store."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from procmatch.insight.organic import FoodKind, organic_share
from procmatch.insight.shares import Measure
from procmatch.model.evidence import PrintedEvidence
from procmatch.model.notice import Lot
from procmatch.model.organisation import OrgId
from procmatch.store import Store, evidence, organisations
from procmatch.store.evidence import Tie
from procmatch.workflows.food_bought import food_bought
from procmatch.workflows.settle import settle
from procmatch.workflows.spend import import_spend
from tests.matching.market import text
from tests.procedures.make import notice
from tests.workflows.test_agreements import BAKER, TOWN, WON, _fill, _unit, clock
from tests.workflows.test_spend import BAKER as SPENT_AT
from tests.workflows.test_spend import ledger, register  # noqa: F401 - fixtures

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ASKED = notice(
    1,
    lots=(
        Lot(id="LOT-0001", cpv_main="15811000", title=text("Økologisk brød")),
        Lot(id="LOT-0002", cpv_main="15500000", title=text("Melk")),
        Lot(id="LOT-0003", cpv_main="39220000", title=text("Økologiske håndklær")),
    ),
)


def certify(store: Store, number: str, *, certain: bool) -> None:
    printed = PrintedEvidence(
        source="debio", kind="organic_certificate", key="1", name="Bakeri",
        valid_from=date(2025, 1, 1),
    )  # fmt: skip
    with store.begin() as connection:
        evidence.save(connection, [printed], register="NO-BRC", origin="crawl", run=1, now=NOW)
        (row,) = evidence.untied(connection)
        tie = Tie(org=OrgId("NO-BRC", number), method="name", score=0.95 if certain else 0.7,
                  certain=certain)  # fmt: skip
        evidence.save_tie(connection, row, tie)


def test_lots_that_name_organic_goods_are_counted_among_all_lots_for_food(store: Store) -> None:
    _fill(store, ASKED, WON)
    settle(store)
    found = food_bought(store, "9803", clock)
    asked = organic_share(found.rows, FoodKind.ASKED, Measure.NUMBER)
    # Towels are no food, whatever they are made of.
    assert list(map(int, (asked.yes, asked.no, asked.unknown))) == [1, 0, 1]


def test_an_award_to_a_certified_firm_counts_where_the_certificate_is_certainly_its(
    store: Store,
) -> None:
    _fill(store, ASKED, WON)
    settle(store)
    before = organic_share(food_bought(store, "9803", clock).rows, FoodKind.AWARDED, Measure.VALUE)
    certify(store, BAKER, certain=True)
    after = organic_share(food_bought(store, "9803", clock).rows, FoodKind.AWARDED, Measure.VALUE)
    assert [int(before.yes), int(before.unknown)] == [0, 900]
    assert [int(after.yes), int(after.unknown)] == [900, 0]


def test_a_certificate_that_is_only_possibly_its_leaves_it_unknown(store: Store) -> None:
    _fill(store, ASKED, WON)
    settle(store)
    certify(store, BAKER, certain=False)
    found = organic_share(food_bought(store, "9803", clock).rows, FoodKind.AWARDED, Measure.NUMBER)
    assert [int(found.yes), int(found.unknown)] == [0, 1]


def test_ledger_lines_of_nobody_certain_are_told_and_a_person_is_counted_without_a_number(
    register: Store,  # noqa: F811
    ledger: Path,  # noqa: F811
) -> None:
    with register.begin() as connection:
        organisations.save_organisations(connection, [_unit(TOWN, "HAVNESET KOMMUNE", "KOMM")])
    import_spend(register, ledger, place="9803", clock=clock)
    certify(register, SPENT_AT, certain=True)
    found = food_bought(register, "9803", clock)
    paid = organic_share(found.rows, FoodKind.PAID, Measure.VALUE)
    # The lines without a number may be anybody's; the baker and the person are certain.
    assert found.unplaced == 2
    assert [str(paid.yes), str(paid.unknown)] == ["1234.50", "100.00"]
    assert not any(row.supplier for row in found.rows)
