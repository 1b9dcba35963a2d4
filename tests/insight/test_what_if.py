"""Dividing a contract: who joins, what they lacked, and that nobody is ever lost by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procmatch.insight.bidders import Step
from procmatch.insight.lots import Division, Way, divide, in_one
from procmatch.insight.what_if import WhatIf, said
from procmatch.insight.work import estimates, ways_to_keep_work_low
from procmatch.matching import DEFAULT_POLICY, SupplierIndex, size_class
from procmatch.model.notice import Lot, Notice, Term
from procmatch.model.organisation import Organisation, Supplier
from procmatch.model.values import Money, Place
from procmatch.sources import eforms, enhetsregisteret_csv
from procmatch.text.messages import LANGUAGES, say
from procmatch.workflows.market import Market, supplier
from procmatch.workflows.what_if import compared, in_one_or_parts, split
from tests.matching.market import ASKER, BAERUM, CODES, NOW, TROMSO, firm, lot, notice, text

TURNOVER = "Leverandøren skal ha en årlig omsetning på minst 2 ganger kontraktens verdi."


def market(*firms: Supplier, radius_km: float = 80) -> Market:
    sized = [replace(one, size=size_class(one)[0]) for one in firms]
    index = SupplierIndex.build(sized, codes=CODES)
    return Market(index=index, codes=CODES, policy=DEFAULT_POLICY, radius_km=radius_km)


def ask(one: Lot, division: Division, *firms: Supplier) -> WhatIf:
    return split(market(*firms), notice(one), one, division, clock=lambda: NOW)


BAKER = firm("Bakeren AS", "10.710", "Baking av brød.", turnover=4e6, employees=5)
GROCER = firm("Grossisten AS", "46.390", "Engros med mat.", turnover=4e9, employees=900)
FISHMONGER = firm("Fisken AS", "10.200", "Foredling av fisk.", turnover=9e6, employees=8)
FOOD = lot("Mat", "15000000", also=("15811000", "15200000"), value=3e6)


def names(found: WhatIf) -> list[str]:
    return [one.standing.name for one in found.joined]


def test_by_product_the_baker_and_the_fishmonger_join() -> None:
    found = ask(FOOD, Division(way=Way.PRODUCT), BAKER, GROCER, FISHMONGER)
    assert (found.before.firms, found.after.firms) == (1, 3)
    assert (found.before.small, found.after.small) == (0, 2)
    assert names(found) == ["Bakeren AS", "Fisken AS"]
    assert found.why == (("goods", 2),)
    assert not found.at_least


def test_a_large_lot_in_parts_of_the_value_is_no_longer_too_large() -> None:
    bread = lot("Brød", "15811000", value=40e6)
    found = ask(bread, Division(way=Way.VALUE, parts=10), BAKER)
    assert (found.before.firms, found.after.firms) == (0, 1)
    assert found.why == (("capacity", 1),)
    assert len(found.joined[0].parts) == 10


def test_by_place_those_join_who_are_near_one() -> None:
    far = firm("Nordbakeren AS", "10.710", "Brød.", at=TROMSO)
    places = (Place(municipality=ASKER), Place(municipality=TROMSO))
    bread = replace(lot("Brød", "15811000"), places=places)
    found = ask(bread, Division(way=Way.PLACE), BAKER, far)
    assert (found.before.firms, found.after.firms) == (0, 2)
    assert found.why == (("reach", 2),)


def test_a_reserved_part_is_open_to_none_who_is_not_known_to_be_welcome() -> None:
    found = ask(lot("Brød", "15811000"), Division(way=Way.RESERVED), BAKER)
    (_, rest), (_, reserved) = found.by_part
    assert (rest.firms, reserved.firms) == (1, 0)


def test_who_lacks_one_thing_for_a_part_is_one_step_away_and_is_told_which() -> None:
    bread = lot("Brød", "15811000", value=1e9)
    found = ask(bread, Division(way=Way.VALUE), BAKER)
    assert found.after.firms == 0
    (near,) = found.one_step
    assert near.standing.step is Step.ONE_STEP
    assert [lack.kind for lack in near.standing.lacks] == ["capacity"]


def test_a_title_names_goods_that_the_code_does_not() -> None:
    cakes = lot("Kaker og bakverk", "55520000")
    meals = replace(lot("Varm og kald møtemat", "55520000"), id="LOT-0002")
    caterer = firm("Selskapsmat AS", "56.210", "Catering.")
    whole = replace(notice(cakes), lots=(cakes, meals))
    found = in_one_or_parts(market(BAKER, caterer), whole, clock=lambda: NOW)
    assert [side.firms for _, side in found.by_part] == [2, 1]
    assert names(found) == ["Bakeren AS"]


def test_an_old_code_that_became_thirty_trades_says_none_of_them() -> None:
    unit = firm("Netthandel AS").organisation
    other = replace(unit, industry_codes=(replace(CODE_1999, code="47.990"),))
    found = ask(lot("Brød", "15811000"), Division(way=Way.VALUE), Supplier(organisation=other))
    assert found.after.firms == 0


CODE_1999 = replace(BAKER.organisation.industry_codes[0], revision="SN2007")


def test_the_work_is_bounded_by_one_winner_and_by_one_for_each_part() -> None:
    found = ask(FOOD, Division(way=Way.VALUE, parts=5), BAKER).work
    assert (found.contracts_least, found.contracts_most) == (1, 5)
    assert (found.extra_contracts, found.extra_invoices) == (4, 48)


def test_a_place_in_a_framework_is_a_contract() -> None:
    one = replace(FOOD, framework_participants=3)
    found = ask(one, Division(way=Way.VALUE, parts=2), BAKER).work
    assert (found.contracts_before, found.contracts_most) == (3, 6)


def test_the_work_stands_with_where_each_figure_comes_from() -> None:
    one = replace(FOOD, places=(Place(municipality=ASKER), Place(municipality=TROMSO)))
    by_value = estimates(ask(one, Division(way=Way.VALUE, parts=3), BAKER).work)
    by_place = estimates(ask(one, Division(way=Way.PLACE), BAKER).work)
    assert [(e.key, e.before, e.least, e.most) for e in by_value] == [
        ("contracts", 1, 1, 3),
        ("invoices", 12, 12, 36),
        ("suppliers_at_a_place", 1, 1, 3),
    ]
    # Each place has a supplier of its own: nobody gets two at the door.
    assert [e.most for e in by_place] == [2, 24, 1]
    for language in LANGUAGES:
        told = [say(m, language) for e in by_value for m in (e.what, e.basis)]
        assert len(set(told)) == len(told)


def test_by_how_much_more_can_bid_is_said_and_so_is_that_nobody_comes_in() -> None:
    more = list(said(ask(FOOD, Division(way=Way.PRODUCT), BAKER, FISHMONGER)))
    assert "That is 2 more who could bid, 2 more of them small." in [say(m, "en") for m in more]
    bread = lot("Brød", "15811000")
    none = list(said(ask(bread, Division(way=Way.VALUE), BAKER)))
    assert "Dividing so brings in nobody who could not bid on the whole." in [
        say(m, "en") for m in none
    ]


def test_ways_to_keep_the_work_low_are_said_in_each_language() -> None:
    for language in LANGUAGES:
        told = [say(one, language) for one in ways_to_keep_work_low((FOOD, FOOD))]
        assert len(set(told)) == len(told) >= 4


def test_who_asked_not_to_be_shown_is_not_counted() -> None:
    hidden = frozenset({BAKER.organisation.id.number})
    found = split(
        market(BAKER, GROCER), notice(FOOD), FOOD, Division(way=Way.PRODUCT),
        clock=lambda: NOW, hidden=hidden,
    )  # fmt: skip
    assert names(found) == []


firms = st.builds(
    firm,
    st.sampled_from(("Bakeriet AS", "Fisken AS", "Renhold AS", "Attføring AS")),
    st.sampled_from(("10.710", "10.200", "46.390", "56.210", "81.210", "88.993", "47.990", "")),
    st.sampled_from(("Baking av brød og kaker.", "Fisk.", "Skolemat og møtemat.", "")),
    at=st.sampled_from((ASKER, BAERUM, TROMSO, None)),
    turnover=st.one_of(st.none(), st.floats(1e5, 1e9)),
    employees=st.one_of(st.none(), st.integers(0, 500)),
)
wholes = st.builds(
    lambda base, places, term: replace(base, places=places, term=term),
    st.builds(
        lot,
        st.sampled_from(("Mat", "Brød, fisk og grønnsaker", "Kaker og bakverk", "Renhold", "")),
        st.sampled_from(("15000000", "15811000", "55520000", "90910000", None)),
        st.sampled_from(("", "Brød til alle skoler.", "Forbeholdt sosiale entreprenører.")),
        also=st.sampled_from(((), ("15811000", "15200000"), ("15300000", "90911000"))),
        value=st.one_of(st.none(), st.floats(1e4, 1e9)),
        asks=st.sampled_from(((), (TURNOVER,), ("Tre referanser.", "ISO 9001-sertifikat."))),
        reserved=st.sampled_from(((), ("res-ws",))),
    ),
    st.sampled_from(
        ((), (Place(municipality=ASKER),), (Place(municipality=ASKER), Place(municipality=TROMSO)),
         (Place(nuts="NO08"),))
    ),
    st.sampled_from((None, Term(length=4, unit="YEAR"), Term(length=18, unit="MONTH"))),
)  # fmt: skip
UNITS: tuple[tuple[tuple[str, str | None], ...], ...] = (
    (("Skole", ASKER), ("Heim", TROMSO)),
    (("Skole", None), ("Heim", BAERUM)),
)


@pytest.mark.parametrize("way", Way)
@settings(max_examples=40)
@given(
    one=wholes,
    some=st.lists(firms, min_size=1, max_size=6),
    parts=st.integers(2, 6),
    share=st.floats(0.05, 0.95),
    units=st.sampled_from(UNITS),
)
def test_dividing_never_takes_a_firm_away(
    way: Way,
    one: Lot,
    some: list[Supplier],
    parts: int,
    share: float,
    units: tuple[tuple[str, str | None], ...],
) -> None:
    found = ask(one, Division(way=way, parts=parts, share=share, units=units), *some)
    assert found.after.firms == found.before.firms + len(found.joined)
    assert found.after.firms >= found.before.firms
    assert found.after.small >= found.before.small
    assert not {a.standing.org for a in found.joined} & {a.standing.org for a in found.one_step}


@pytest.mark.parametrize("way", Way)
def test_a_contract_can_be_divided_in_each_way(way: Way) -> None:
    one = replace(
        FOOD,
        places=(Place(municipality=ASKER), Place(municipality=TROMSO)),
        term=Term(length=4, unit="YEAR"),
    )
    assert len(divide(one, Division(way=way, units=UNITS[0]), CODES)) == 2


@settings(max_examples=60)
@given(
    one=wholes,
    some=st.lists(firms, min_size=1, max_size=6),
    first=st.sampled_from(Way),
    then=st.sampled_from(Way),
)
def test_dividing_each_part_again_never_takes_a_firm_away(
    one: Lot, some: list[Supplier], first: Way, then: Way
) -> None:
    parts = divide(one, Division(way=first, units=UNITS[0]), CODES)
    finer = [
        again for part in parts for again in divide(part, Division(way=then, units=UNITS[1]), CODES)
    ]
    open_, found = market(*some), notice(one)
    in_parts = compared(open_, found, one, parts, clock=lambda: NOW)
    in_finer = compared(open_, found, one, finer, clock=lambda: NOW)
    assert in_parts.before.firms <= in_parts.after.firms <= in_finer.after.firms
    assert in_parts.before.small <= in_parts.after.small <= in_finer.after.small


def test_who_can_bid_on_no_part_is_not_counted_for_all_of_them() -> None:
    food = replace(lot("Mat", "15000000"), reserved=("res-ws",))
    silent = replace(food, id="LOT-0002", cpv_main=None, reserved=())
    whole = replace(notice(food), lots=(food, silent))
    found = in_one_or_parts(market(BAKER), whole, clock=lambda: NOW)
    assert found.before.firms == found.after.firms == 0


@settings(max_examples=50)
@given(parts=st.lists(wholes, min_size=2, max_size=4), some=st.lists(firms, min_size=1, max_size=6))
def test_putting_lots_together_never_adds_a_firm(parts: list[Lot], some: list[Supplier]) -> None:
    lots = tuple(replace(one, id=f"LOT-{at}") for at, one in enumerate(parts))
    whole = replace(notice(lots[0]), lots=lots)
    found = in_one_or_parts(market(*some), whole, clock=lambda: NOW)
    assert found.before.firms <= found.after.firms
    assert found.before.small <= found.after.small


@pytest.mark.shared
def test_meeting_food_in_ten_parts_lets_small_bakeries_in(shared_data: Path) -> None:
    xml = shared_data / "tenders" / "doffin_xml" / "2023-307227.xml"
    register = shared_data / "suppliers" / "brreg" / "enheter_real_no_enk.csv"
    with register.open(encoding="utf-8-sig", newline="") as lines:
        units = [
            unit
            for unit in enhetsregisteret_csv.read_units(lines)
            if isinstance(unit, Organisation)
        ]
    found = in_one_or_parts(
        market(*map(supplier, units)),
        eforms.read(xml.read_bytes()),
        clock=lambda: datetime(2023, 10, 5, tzinfo=UTC),
        buyer_municipality="0301",
    )
    assert len(found.parts) == 10
    assert found.after.small > found.before.small > 0
    assert dict(found.why).keys() == {"goods"}
    cakes = {lot.id for lot in found.parts if str(lot.title).startswith("Kaker og bakverk")}
    assert all(set(one.parts) <= cakes for one in found.joined)


def test_ten_parts_are_worth_what_the_whole_is() -> None:
    parts = divide(replace(FOOD, value=Money(amount=Decimal(100), currency="NOK")),
                   Division(way=Way.VALUE, parts=10), CODES)  # fmt: skip
    whole = in_one(Notice(notice_id="n", version="01", kind=notice(FOOD).kind, title=text("Mat"),
                          lots=tuple(parts)))  # fmt: skip
    assert whole.value is not None
    assert whole.value.amount == 100
