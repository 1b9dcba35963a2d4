"""Notices are kept with their lots and parties; links survive a new reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from procmatch.errors import NotFound
from procmatch.model.match import Linked, Match, Message, Verdict
from procmatch.model.notice import Award, Lot, Notice, NoticeKind, OrganisationRef
from procmatch.model.organisation import OrgId
from procmatch.model.values import Money, Text
from procmatch.store import Store, matches, notices

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ASKER = OrganisationRef(ref="ORG-1", name="Storfjord kommune", number="310000009")
NOTICE = Notice(
    source="doffin",
    source_id="2026-1",
    notice_id="11111111-1111-4111-8111-111111111111",
    version="01",
    procedure_id="p-1",
    kind=NoticeKind.COMPETITION,
    title=Text(versions=(("NOR", "Brød"), ("ENG", "Bread"))),
    buyers=(ASKER,),
    dispatched_at=NOW,
    lots=(
        Lot(
            id="LOT-0001",
            cpv_main="15811000",
            value=Money(amount=Decimal("1200000.50"), currency="NOK"),
            deadline=NOW + timedelta(days=9),
        ),
    ),
)


def changed(**fields: object) -> Notice:
    return replace(NOTICE, **fields)  # type: ignore[arg-type]


def test_a_notice_comes_back_as_it_was(store: Store) -> None:
    with store.begin() as connection:
        assert notices.save(connection, NOTICE, "a" * 64) == "new"
        assert notices.find(connection, "2026-1").notice == NOTICE


@pytest.mark.parametrize("key", ["2026-1", NOTICE.notice_id, "p-1"])
def test_a_notice_is_found_by_any_of_its_ids(store: Store, key: str) -> None:
    with store.begin() as connection:
        notices.save(connection, NOTICE, "a" * 64)
        assert notices.find(connection, key).notice.source_id == "2026-1"


def test_an_unknown_notice_is_not_found(store: Store) -> None:
    with store.read() as connection, pytest.raises(NotFound, match="2026-404"):
        notices.find(connection, "2026-404")


def test_saving_again_says_what_happened(store: Store) -> None:
    with store.begin() as connection:
        notices.save(connection, NOTICE, "a" * 64)
        assert notices.save(connection, NOTICE, "a" * 64) == "same"
        assert notices.save(connection, changed(subtype="16"), "b" * 64) == "changed"


def test_a_link_survives_a_new_reading_of_the_same_party(store: Store) -> None:
    linked = Linked(
        org=OrgId("NO-BRC", "310000009"),
        name="STORFJORD KOMMUNE",
        score=1,
        certain=True,
        method="number+name",
    )
    with store.begin() as connection:
        notices.save(connection, NOTICE, "a" * 64)
        (party,) = notices.unlinked_parties(connection)
        notices.save_link(
            connection, notice=party.notice, role=party.role, position=party.position, linked=linked
        )
        notices.save(connection, changed(subtype="16"), "b" * 64)
        assert notices.unlinked_parties(connection) == []
        renamed = replace(ASKER, name="Another kommune")
        notices.save(connection, changed(buyers=(renamed,)), "c" * 64)
        assert len(notices.unlinked_parties(connection)) == 1


def test_two_lots_with_one_id_do_not_lose_the_notice(store: Store) -> None:
    lot = NOTICE.lots[0]
    twice = changed(lots=(lot, lot), awards=(Award(lot=lot.id, winners=(ASKER, ASKER)),))
    with store.begin() as connection:
        notices.save(connection, twice, "a" * 64)
        assert notices.find(connection, "2026-1").notice == twice


def test_a_ranking_is_replaced_whole_and_says_whether_it_differs(store: Store) -> None:
    match = Match(
        notice="2026-1",
        lot="LOT-0001",
        supplier=OrgId("NO-BRC", "310000017"),
        supplier_name="Bakeri AS",
        score=0.75,
        verdict=Verdict.ELIGIBLE,
        reasons=(Message("Bakes {what}", (("what", Message("bread")),)),),
    )
    with store.begin() as connection:
        notices.save(connection, NOTICE, "a" * 64)
        row = notices.find(connection, "2026-1").row
        assert matches.replace_lot(connection, notice=row, lot="LOT-0001", found=[match])
        assert not matches.replace_lot(connection, notice=row, lot="LOT-0001", found=[match])
        assert matches.of_lot(connection, notice=row, lot="LOT-0001") == [match]
        assert matches.replace_lot(connection, notice=row, lot="LOT-0001", found=[])
        assert matches.of_lot(connection, notice=row, lot="LOT-0001") == []
