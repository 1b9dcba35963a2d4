"""What a municipality has signed, from its results in the store."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from procmatch.errors import NotFound
from procmatch.insight.shares import Measure, Question, share
from procmatch.model.match import Linked
from procmatch.model.notice import Award, Lot, Notice, OrganisationRef, Term
from procmatch.model.organisation import Establishment, Organisation, OrgId
from procmatch.model.values import Money, Place
from procmatch.store import Store, notices, organisations
from procmatch.workflows.agreements import signed_by
from tests.procedures.make import notice, result, uuid

TOWN, SCHOOLS, BAKER = "310000009", "310000017", "310000025"
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def clock() -> datetime:
    return NOW


def _unit(number: str, name: str, form: str, parent: str | None = None) -> Organisation:
    return Organisation(
        id=OrgId("NO-BRC", number),
        name=name,
        legal_form=form,
        parent=parent,
        employees=4 + 2,
        business_place=Place(municipality="9803"),
    )


def _fill(store: Store, *some: Notice, winner: str | None = BAKER) -> None:
    units = [
        _unit(TOWN, "STORFJORD KOMMUNE", "KOMM"),
        _unit(SCHOOLS, "STORFJORD SKULEKONTOR", "ORGL", TOWN),
        _unit(BAKER, "BAKERI AS", "AS"),
    ]
    school = Establishment(number="310000033", name="STORFJORD SKULE", place=Place())
    with store.begin() as connection:
        organisations.save_organisations(connection, units)
        organisations.save_establishments(connection, "NO-BRC", [(SCHOOLS, school)])
        for one in some:
            notices.save(connection, one, "a" * 64)
        for row in notices.unlinked_parties(connection):
            org = TOWN if row.role == "buyer" else winner
            linked = org and Linked(
                org=OrgId("NO-BRC", org), name="x", score=1.0, certain=True, method="number"
            )
            notices.save_link(
                connection,
                notice=row.notice,
                role=row.role,
                position=row.position,
                linked=linked or None,
            )


TERM = Term(start=date(2025, 1, 1), end=date(2026, 12, 31))
ASKED = notice(1, lots=(Lot(id="LOT-0001", term=TERM, framework="fa-wo-rc"),))
WON = result(
    9,
    awards=(
        Award(
            lot="LOT-0001",
            result="selec-w",
            winners=(OrganisationRef(name="Bakeri AS"),),
            value=Money(amount=Decimal(900), currency="NOK"),
            concluded_on=date(2025, 1, 1),
        ),
        Award(lot="LOT-0002", result="clos-nw"),
    ),
    lots=(),
)


def test_agreements_end_as_their_competition_announced(store: Store) -> None:
    _fill(store, ASKED, WON)
    found = signed_by(store, "9803", clock)
    (agreement,) = found.agreements
    assert (agreement.end, agreement.framework) == (date(2026, 12, 31), "fa-wo-rc")
    assert found.without_winner == 1


def test_a_copy_on_another_site_counts_once(store: Store) -> None:
    copy = result(701, source="ted", notice_id=uuid(9), awards=WON.awards, lots=())
    _fill(store, ASKED, WON, copy)
    assert len(signed_by(store, "9803", clock).agreements) == 1


def test_every_award_is_a_purchase_and_the_certain_winner_is_known(store: Store) -> None:
    _fill(store, ASKED, WON)
    (row,) = signed_by(store, "9803", clock).purchases
    assert (row.supplier, row.year, row.category) == (BAKER, 2025, "15")
    assert (row.local, row.small) == (True, True)


def test_an_uncertain_winner_stays_in_the_whole_as_unknown(store: Store) -> None:
    _fill(store, ASKED, WON, winner=None)
    rows = signed_by(store, "9803", clock).purchases
    local = share(rows, Question.LOCAL, Measure.VALUE)
    assert [int(local.unknown), int(local.whole)] == [900, 900]


def test_a_municipality_is_bought_for_by_what_stands_below_it(store: Store) -> None:
    _fill(store, ASKED)
    buyer = signed_by(store, "9803", clock).buyer
    assert [org.number for org in buyer.orgs] == [TOWN, SCHOOLS]
    assert [place.name for place in buyer.places] == ["STORFJORD SKULE"]


def test_a_municipality_that_the_register_lacks_is_said_so(store: Store) -> None:
    with pytest.raises(NotFound, match="9999"):
        signed_by(store, "9999", clock)
