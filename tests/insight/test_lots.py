"""Dividing a purchase: values shared, requirements kept, nothing made easier than it is."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.codes import builtin
from procmatch.insight.lots import Division, Way, divide, in_one, ways_for
from procmatch.model.notice import Lot, Notice, NoticeKind, SelectionCriterion, Term
from procmatch.model.values import Money, Place, Text

CODES = builtin()


def _text(words: str) -> Text:
    return Text(versions=(("NOR", words),))


REFERENCES = SelectionCriterion(description=_text("Tre referanser fra siste tre år."))
FOOD = Lot(
    id="LOT-0001",
    title=_text("Mat"),
    description=_text("Brød, fisk og grønnsaker til alle enheter."),
    cpv_main="15000000",
    cpv_additional=("15811000", "15811100", "15200000", "15300000"),
    places=(Place(municipality="3203"), Place(municipality="3201")),
    value=Money(amount=Decimal(9_000_000), currency="NOK"),
    selection_criteria=(REFERENCES,),
    term=Term(length=4, unit="YEAR"),
)


@given(
    way=st.sampled_from(Way),
    parts=st.integers(2, 30),
    share=st.floats(0.01, 0.99),
    value=st.one_of(st.none(), st.integers(1, 10**10)),
)
def test_parts_add_up_to_the_whole_and_keep_its_requirements(
    way: Way, parts: int, share: float, value: int | None
) -> None:
    money = None if value is None else Money(amount=Decimal(value), currency="NOK")
    lot = Lot(
        id="L", cpv_main="15000000", cpv_additional=FOOD.cpv_additional, places=FOOD.places,
        value=money, selection_criteria=(REFERENCES,), term=FOOD.term,
    )  # fmt: skip
    units = tuple((f"Skole {at}", "3203") for at in range(3))
    found = divide(lot, Division(way=way, parts=parts, share=share, units=units), CODES)
    assert len({one.id for one in found}) == len(found) >= 2
    assert all(one.selection_criteria == lot.selection_criteria for one in found)
    assert all(one.deadline == lot.deadline for one in found)
    if value is None:
        assert all(one.value is None for one in found)
    else:
        total = sum((one.value.amount for one in found if one.value), Decimal(0))
        assert abs(total - value) <= len(found)


def test_goods_are_divided_by_group_and_a_code_that_sums_up_is_none_of_them() -> None:
    found = divide(FOOD, Division(way=Way.PRODUCT), CODES)
    assert [one.cpv for one in found] == [
        ("15811000", "15811100"), ("15200000",), ("15300000",),
    ]  # fmt: skip
    assert next(str(one.title) for one in found).startswith("Mat: Brød")


def test_places_are_named() -> None:
    found = divide(FOOD, Division(way=Way.PLACE), CODES)
    assert [str(one.title) for one in found] == ["Mat: Asker", "Mat: Bærum"]


def test_one_part_is_set_aside_and_the_other_stays_open_to_all() -> None:
    rest, reserved = divide(FOOD, Division(way=Way.RESERVED, share=0.2), CODES)
    assert (rest.reserved, reserved.reserved) == ((), ("res-ws",))
    assert rest.value
    assert reserved.value
    assert [int(one.value.amount) for one in (rest, reserved) if one.value] == [
        7_200_000,
        1_800_000,
    ]


def test_what_cannot_be_divided_that_way_stays_whole() -> None:
    bread = Lot(id="L", cpv_main="15811000")
    assert divide(bread, Division(way=Way.PRODUCT), CODES) == [bread]
    assert divide(bread, Division(way=Way.TIME), CODES) == [bread]
    assert ways_for(bread, CODES) == [Way.VALUE, Way.RESERVED]
    assert ways_for(FOOD, CODES) == [Way.PRODUCT, Way.PLACE, Way.VALUE, Way.TIME, Way.RESERVED]


@pytest.mark.parametrize("division", [
    Division(way=Way.VALUE, parts=1),
    Division(way=Way.VALUE, parts=31),
    Division(way=Way.RESERVED, share=1.0),
    Division(way=Way.UNIT, units=(("x", None),) * 31),
])  # fmt: skip
def test_senseless_divisions_are_refused(division: Division) -> None:
    with pytest.raises(ValueError, match=r"from|above|parts"):
        divide(FOOD, division, CODES)


def test_ten_parts_in_one_ask_for_everything_at_once() -> None:
    parts = tuple(
        Lot(
            id=f"LOT-{at:04d}",
            title=_text(f"Del {at}"),
            cpv_main=code,
            value=Money(amount=Decimal(100), currency="NOK"),
            deadline=datetime(2026, 6, at, tzinfo=UTC),
            reserved=("res-ws",) if at > 1 else (),
            selection_criteria=(REFERENCES,) if at == 1 else (),
        )
        for at, code in enumerate(("15811000", "15200000", "55520000"), start=1)
    )
    notice = Notice(
        notice_id="n", version="01", kind=NoticeKind.COMPETITION, title=_text("Møtemat"), lots=parts
    )
    one = in_one(notice)
    assert one.cpv == ("15811000", "15200000", "55520000")
    assert one.value == Money(amount=Decimal(300), currency="NOK")
    assert (one.reserved, one.selection_criteria) == ((), (REFERENCES,))
    assert one.deadline == datetime(2026, 6, 1, tzinfo=UTC)
    assert "Del 3" in str(one.description)


def test_a_value_that_one_part_does_not_tell_leaves_the_whole_unknown() -> None:
    parts = (Lot(id="A", value=Money(amount=Decimal(1), currency="NOK")), Lot(id="B"))
    notice = Notice(notice_id="n", version="01", kind=NoticeKind.COMPETITION, lots=parts)
    assert in_one(notice).value is None
