"""Where a lot is performed: the most telling field first, and "anywhere" ties to nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from procmatch import codes
from procmatch.codes.entry import CodeEntry
from procmatch.matching.place import lot_municipalities, nearness, supplier_municipalities
from procmatch.model.notice import OrganisationRef
from procmatch.model.values import Place
from tests.matching.market import ASKER, BAERUM, TROMSO, firm, lot, notice

PLACES = codes.from_entries(
    [CodeEntry(list="postcode", code="1383", parent=ASKER, labels={"nb": "ASKER"})]
).places


@pytest.mark.parametrize(
    ("place", "buyer", "expected", "field"),
    [
        (Place(municipality=ASKER), None, {ASKER}, "BT-5131"),
        (Place(postcode="1383"), None, {ASKER}, "BT-5131"),
        (Place(city="Bærum"), None, {BAERUM}, "BT-5131"),
        (Place(region="anyw-cou"), ASKER, set(), "BT-727"),
        (Place(nuts="NO084"), ASKER, {ASKER}, "OPT-300"),
        (None, TROMSO, {TROMSO}, "OPT-300"),
        (None, None, set(), "BT-5071"),
    ],
)
def test_the_most_telling_place_counts(
    place: Place | None, buyer: str | None, expected: set[str], field: str
) -> None:
    one = replace(lot("Brød", at=None), places=(place,) if place else ())
    found = lot_municipalities(notice(one), one, PLACES, buyer)
    assert found == (frozenset(expected), field)


def test_a_region_far_from_the_buyer_stays_a_region() -> None:
    one = replace(lot("Brød", at=None), places=(Place(nuts="NO084"),))
    found, field = lot_municipalities(notice(one), one, PLACES, TROMSO)
    assert (ASKER in found, TROMSO in found, field) == (True, False, "BT-5071")


def test_the_buyers_printed_town_is_the_last_resort() -> None:
    one = lot("Brød", at=None)
    printed = OrganisationRef(name="Asker kommune", place=Place(city="ASKER"))
    told = replace(notice(one), buyers=(printed,))
    assert lot_municipalities(told, one, PLACES, None)[0] == {ASKER}


def test_the_nearest_place_of_work_counts() -> None:
    unit = firm("Kjeden AS", at=TROMSO, works_at=BAERUM).organisation
    assert supplier_municipalities(unit) == (BAERUM,)
    near = nearness(frozenset({ASKER}), (TROMSO, BAERUM), PLACES)
    assert near is not None
    assert (near.relation, near.supplier) == ("neighbour", BAERUM)
    assert nearness(frozenset(), (ASKER,), PLACES) is None
