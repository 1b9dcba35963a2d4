"""Which lots answer a search, and which wishes cannot be meant."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from procmatch.alerts.wishes import Offer, checked, wants
from procmatch.errors import CodeError
from procmatch.model.notice import OrganisationRef
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.model.subscription import Reserved, Subscription, Topic
from tests.alerts.news import kroner, lot, notice, subscription, text

LOT = lot(
    cpv_main="15811000",
    description=text("Ferske rundstykker hver morgen"),
    tender_languages=("NOB",),
)
OFFER = Offer(
    notice=notice(LOT, buyers=(OrganisationRef(name="Fjordby kommune", number="999 999 999"),)),
    lot=LOT,
    places=frozenset({"3203"}),
    buyers=("888888888",),
)


def search(**changes: object) -> Subscription:
    return replace(subscription(org=None), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wish",
    [
        {"cpv": ("15811000",)},
        {"cpv": ("158",)},
        {"cpv": ("15800000",)},
        {"cpv": ("15",)},
        {"cpv": ("90000000", "15000000")},
        {"words": ("RUNDSTYKKER",)},
        {"words": ("øvre å",)},
        {"words": ("x", "brød")},
        {"municipalities": ("3203",), "cpv": ("15",)},
        {"municipalities": ("32",), "cpv": ("15",)},
        {"value_max": Decimal(850_000), "cpv": ("15",)},
        {"value_min": Decimal(850_000), "cpv": ("15",)},
        {"buyers": ("888888888",)},
        {"buyers": ("999999999",)},
        {"buyers": ("fjordby",)},
        {"reserved": Reserved.NONE, "cpv": ("15",)},
        {"languages": ("NOB", "ENG"), "cpv": ("15",)},
    ],
    ids=str,
)
def test_a_lot_answers(wish: dict[str, object]) -> None:
    assert wants(search(**wish), OFFER)


@pytest.mark.parametrize(
    "wish",
    [
        {"cpv": ("158120",)},
        {"cpv": ("151",)},
        {"words": ("asfalt",)},
        {"words": ("brød",), "cpv": ("90",)},
        {"municipalities": ("3301",), "cpv": ("15",)},
        {"municipalities": ("33",), "cpv": ("15",)},
        {"value_max": Decimal(849_999), "cpv": ("15",)},
        {"value_min": Decimal(850_001), "cpv": ("15",)},
        {"buyers": ("777777777",)},
        {"buyers": ("Bergby",)},
        {"reserved": Reserved.ONLY, "cpv": ("15",)},
        {"sme_suitable": True, "cpv": ("15",)},
        {"languages": ("ENG",), "cpv": ("15",)},
    ],
    ids=str,
)
def test_a_lot_does_not_answer(wish: dict[str, object]) -> None:
    assert not wants(search(**wish), OFFER)


def test_what_a_notice_does_not_tell_is_not_held_against_it_but_for_the_place_of_a_search() -> None:
    bare = replace(LOT, value=None, tender_languages=())
    unknown = Offer(notice=notice(bare), lot=bare)
    asked = {"value_max": Decimal(1), "languages": ("ENG",)}
    assert wants(search(cpv=("15",), **asked), unknown)
    assert not wants(search(cpv=("15",), municipalities=("32",)), unknown)
    assert wants(subscription(municipalities=("32",)), unknown)


def test_a_value_of_one_krone_says_nothing() -> None:
    shy = replace(LOT, value=kroner(1))
    assert wants(search(cpv=("15",), value_min=Decimal(100)), replace(OFFER, lot=shy))


def test_reserved_lots_are_those_for_sheltered_work() -> None:
    kept = replace(OFFER, lot=replace(LOT, reserved=("res-ws",)))
    assert wants(search(cpv=("15",), reserved=Reserved.ONLY), kept)
    assert not wants(search(cpv=("15",), reserved=Reserved.NONE), kept)


def test_what_an_organisation_says_it_delivers_leaves_nothing_out() -> None:
    assert wants(subscription(cpv=("90",), words=("asfalt",)), OFFER)


def test_wishes_are_brought_to_one_form() -> None:
    done = checked(
        search(
            email=" a@b.example ",
            cpv=("15811000-6", "15811000", " 158 "),
            words=(" brød ", "", "brød"),
            municipalities=(" 3203",),
        )
    )
    assert done.email == "a@b.example"
    assert done.cpv == ("15811000", "158")
    assert done.words == ("brød",)
    assert done.municipalities == ("3203",)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"email": "nobody"}, "e-mail"),
        ({"email": "a@b"}, "e-mail"),
        ({"email": "a@b.example\nBcc: c@d.example"}, "e-mail"),
        ({"email": "a" * 260 + "@b.example"}, "e-mail"),
        ({"language": "klingon"}, "language"),
        ({}, "needs"),
        ({"cpv": ("1",)}, "cpv"),
        ({"cpv": ("bread",)}, "cpv"),
        ({"cpv": ("15",), "municipalities": ("Asker",)}, "place"),
        ({"cpv": ("15",), "value_max": Decimal(-1)}, "value"),
        ({"cpv": ("15",), "value_min": Decimal(2), "value_max": Decimal(1)}, "value"),
        ({"cpv": ("15",), "threshold": 2.0}, "threshold"),
        ({"cpv": ("15",), "remind_days": 99}, "remind_days"),
        ({"cpv": ("15",), "channels": ("webhook",)}, "webhook"),
        ({"cpv": ("15",), "webhook_url": "ftp://x.example"}, "webhook"),
        ({"topic": Topic.FEW_LOCAL}, "place"),
    ],
    ids=str,
)
def test_a_wish_that_cannot_be_meant_names_its_field(wish: dict[str, object], field: str) -> None:
    with pytest.raises(CodeError, match=field):
        checked(search(**wish))


def test_an_organisation_alone_is_wish_enough() -> None:
    assert checked(subscription()).org == OrgId(NORWAY, "999999999")
