"""Register units are written when they changed, and vanish when the law says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from procmatch.codes.entry import CodeEntry
from procmatch.errors import NotFound
from procmatch.model.match import Linked
from procmatch.model.notice import Award, Notice, NoticeKind, OrganisationRef
from procmatch.model.organisation import (
    Establishment,
    IndustryCode,
    Organisation,
    OrgId,
)
from procmatch.model.values import Place
from procmatch.store import Store, notices, organisations

ORG = OrgId("NO-BRC", "310000017")
UNIT = Organisation(
    id=ORG,
    name="STORFJORD BAKERI AS",
    legal_form="AS",
    industry_codes=(IndustryCode("SN2025", "10.710"),),
    business_place=Place(municipality="9801"),
)
SHOP = Establishment(
    number="310000025", name="BAKERI AVD SENTRUM", place=Place(municipality="9802")
)


def test_only_changed_units_are_written(store: Store) -> None:
    with store.begin() as connection:
        assert organisations.save_organisations(connection, [UNIT]) == (1, 0)
        assert organisations.save_organisations(connection, [UNIT]) == (0, 0)
        renamed = replace(UNIT, name="NYTT BAKERI AS")
        assert organisations.save_organisations(connection, [renamed]) == (0, 1)
        assert organisations.count(connection) == 1


def test_a_unit_comes_back_with_its_establishments(store: Store) -> None:
    with store.begin() as connection:
        organisations.save_organisations(connection, [UNIT])
        assert organisations.save_establishments(connection, "NO-BRC", [(ORG.number, SHOP)]) == (
            1,
            0,
        )
        expected = replace(UNIT, establishments=(SHOP,))
        assert organisations.find(connection, ORG) == expected
        assert list(organisations.iterate(connection)) == [expected]


def test_a_unit_twice_in_one_batch_is_one_unit(store: Store) -> None:
    with store.begin() as connection:
        organisations.save_organisations(connection, [UNIT, UNIT])
        assert organisations.count(connection) == 1


def test_a_removed_unit_leaves_no_trace(store: Store) -> None:
    winner = OrganisationRef(name="Storfjord bakeri", number=ORG.number)
    notice = Notice(
        source="doffin",
        source_id="2026-5",
        notice_id="n",
        version="01",
        kind=NoticeKind.RESULT,
        dispatched_at=datetime(2026, 1, 1, tzinfo=UTC),
        awards=(Award(lot="LOT-0001", winners=(winner,)),),
    )
    with store.begin() as connection:
        organisations.save_organisations(connection, [UNIT])
        organisations.save_establishments(connection, "NO-BRC", [(ORG.number, SHOP)])
        notices.save(connection, notice, "a" * 64)
        (party,) = notices.unlinked_parties(connection)
        linked = Linked(org=ORG, name=UNIT.name, score=1, certain=True, method="number+name")
        notices.save_link(
            connection, notice=party.notice, role=party.role, position=party.position, linked=linked
        )
        assert organisations.past_awards(connection) == {ORG: ("2026-5",)}
        organisations.purge(connection, ORG)
        with pytest.raises(NotFound):
            organisations.find(connection, ORG)
        assert organisations.past_awards(connection) == {}
        assert list(organisations.iterate(connection)) == []


def test_code_lists_are_kept_by_list_and_code(store: Store) -> None:
    bread = CodeEntry(list="cpv", code="15811000", parent="15810000", labels={"nb": "Brød"})
    with store.begin() as connection:
        assert organisations.save_codes(connection, [bread, bread]) == (1, 0)
        assert organisations.save_codes(connection, [bread]) == (0, 0)
        better = replace(bread, labels={"nb": "Brød", "en": "Bread"})
        assert organisations.save_codes(connection, [better]) == (0, 1)
        assert list(organisations.code_entries(connection)) == [better]
