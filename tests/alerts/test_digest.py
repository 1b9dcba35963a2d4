from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from decimal import Decimal

import pytest

from procmatch.alerts.digest import CALLED_OFF, changes_between, fingerprint, make_digest, worth
from procmatch.model.notice import Change, Lot, Notice
from procmatch.model.values import Money, Text
from tests.alerts.news import (
    DEADLINE,
    NOW,
    called_off,
    item,
    kroner,
    lot,
    notice,
    subscription,
    text,
)


def test_nothing_to_tell_makes_no_letter() -> None:
    assert make_digest(subscription(), [], now=NOW, max_items=8) is None


def test_the_best_fit_comes_first_and_an_earlier_deadline_among_equals() -> None:
    soon = lot(deadline=DEADLINE - timedelta(days=1))
    items = [
        item(notice(key="2026-4"), score=0.9),
        item(notice(lot(deadline=None), key="2026-3"), score=0.9),
        item(notice(key="2026-2"), score=0.95),
        item(notice(soon, key="2026-1"), score=0.9),
    ]
    made = make_digest(subscription(), items, now=NOW, max_items=8)
    assert made
    assert [one.notice.source_id for one in made.items] == ["2026-2", "2026-1", "2026-4", "2026-3"]
    assert made == make_digest(subscription(), items[::-1], now=NOW, max_items=8)


def test_news_of_what_was_told_before_comes_first() -> None:
    old = notice(key="2026-2")
    items = [
        item(notice(key="2026-1"), score=1.0),
        item(old, "changed", score=0.6),
        item(called_off(notice(key="2026-3")), "cancelled", score=0.0),
    ]
    made = make_digest(subscription(), items, now=NOW, max_items=8)
    assert made
    assert [one.news for one in made.items] == ["cancelled", "changed", "new"]


@pytest.mark.parametrize(
    ("count", "limit", "told", "more"), [(3, 8, 3, 0), (3, 3, 3, 0), (3, 2, 2, 1), (3, 0, 1, 2)]
)
def test_what_does_not_fit_is_counted(count: int, limit: int, told: int, more: int) -> None:
    items = [item(notice(key=f"2026-{number}")) for number in range(count)]
    made = make_digest(subscription(), items, now=NOW, max_items=limit)
    assert made
    assert (len(made.items), made.more) == (told, more)


ONE = lot()
TENDER = notice(ONE)


@pytest.mark.parametrize(
    "same",
    [
        (TENDER, replace(ONE, title=text("Bakervarer"))),
        (replace(TENDER, source_id="2026-2", version="02", title=text("Ny tittel")), ONE),
        (TENDER, replace(ONE, deadline=DEADLINE.astimezone(timezone(timedelta(hours=2))))),
        (TENDER, replace(ONE, value=Money(amount=Decimal("850000.00"), currency="NOK"))),
        (TENDER, replace(ONE, documents_url=None)),
        (replace(TENDER, changes=Change(notice="x", reason="update-add")), ONE),
    ],
)
def test_a_change_that_does_not_matter_keeps_the_fingerprint(same: tuple[Notice, Lot]) -> None:
    assert fingerprint(*same) == fingerprint(TENDER, ONE)


@pytest.mark.parametrize(
    "other",
    [
        (TENDER, replace(ONE, deadline=DEADLINE + timedelta(hours=1))),
        (TENDER, replace(ONE, deadline=None)),
        (TENDER, replace(ONE, value=kroner(900_000))),
        (TENDER, replace(ONE, value=Money(amount=Decimal(850_000), currency="EUR"))),
        (replace(TENDER, lots=(ONE, lot("LOT-0002"))), ONE),
        (called_off(TENDER), ONE),
    ],
)
def test_a_change_that_matters_changes_the_fingerprint(other: tuple[Notice, Lot]) -> None:
    assert fingerprint(*other) != fingerprint(TENDER, ONE)


def test_a_tender_that_was_called_off_has_one_fingerprint_whatever_else_changed() -> None:
    assert fingerprint(called_off(TENDER), replace(ONE, deadline=None)) == CALLED_OFF


def test_a_lot_without_an_amount_of_its_own_is_worth_the_whole_only_if_it_is_the_only_lot() -> None:
    bare = lot(value=None)
    assert worth(notice(bare, value=kroner(5_000)), bare) == kroner(5_000)
    assert worth(notice(bare, lot("LOT-0002"), value=kroner(5_000)), bare) is None
    assert worth(notice(bare), replace(bare, framework_maximum=kroner(7_000))) == kroner(7_000)


@pytest.mark.parametrize("amount", ["0", "1"])
def test_a_symbolic_amount_is_no_value(amount: str) -> None:
    assert worth(TENDER, lot(value=kroner(amount))) is None


def test_a_moved_deadline_is_said_in_each_language() -> None:
    later = notice(lot(deadline=DEADLINE + timedelta(days=7)))
    said = [changes_between(TENDER, later, language) for language in ("nb", "nn", "en")]
    old, new = "tirsdag 31. mars 2026 kl. 12:00", "tirsdag 7. april 2026 kl. 12:00"
    assert said[0] == (f"Fristen er flyttet fra {old} til {new}.",)
    old, new = "tysdag 31. mars 2026 kl. 12:00", "tysdag 7. april 2026 kl. 12:00"
    assert said[1] == (f"Fristen er flytta frå {old} til {new}.",)
    old, new = "Tuesday 31 March 2026 at 12:00", "Tuesday 7 April 2026 at 12:00"
    assert said[2] == (f"Deadline moved from {old} to {new}.",)


def test_equal_states_have_no_changes() -> None:
    assert changes_between(TENDER, replace(TENDER, version="02"), "nb") == ()


def test_what_holds_for_every_lot_is_said_once_and_the_rest_with_the_lots_title() -> None:
    later = DEADLINE + timedelta(days=7)
    old = notice(lot("LOT-0001", "Brød"), lot("LOT-0002", "Melk", value=None))
    new = notice(
        lot("LOT-0001", "Brød", deadline=later),
        lot("LOT-0002", "Melk", deadline=later, value=kroner(90_000)),
    )
    first, second = changes_between(old, new, "en")
    assert first.startswith("Deadline moved from ")
    assert second == "Melk: Value changed from not stated to NOK\u00a090,000."


def test_lots_that_came_and_went_are_named_in_the_order_of_the_notice() -> None:
    old = notice(lot("LOT-0001", "Brød"), lot("LOT-0002", "Melk"), lot("LOT-0003", "Kjøtt"))
    new = notice(lot("LOT-0001", "Brød"), lot("LOT-0009", "Egg"), lot("LOT-0004", "Fisk"))
    assert changes_between(old, new, "nb") == (
        "Ny delkontrakt: Egg.",
        "Ny delkontrakt: Fisk.",
        "Delkontrakt fjernet: Melk.",
        "Delkontrakt fjernet: Kjøtt.",
    )


def test_a_correction_without_lots_says_nothing_about_lots_and_quotes_the_buyer() -> None:
    words = text("Feil i vedlegg 2. " + "Se dokumentene. " * 50)
    change = replace(TENDER, lots=(), changes=Change(notice="x", text=words))
    (said,) = changes_between(TENDER, change, "nb")
    assert said.startswith("Oppdragsgiveren skriver: Feil i vedlegg 2.")
    assert len(said) < 340


def test_braces_in_the_buyers_words_are_only_words() -> None:
    change = replace(TENDER, changes=Change(notice="x", text=text("Se {0} og {navn}")))
    assert changes_between(TENDER, change, "en") == ("The buyer writes: Se {0} og {navn}",)


def test_calling_off_is_the_first_thing_said() -> None:
    said = changes_between(TENDER, called_off(TENDER), "nb")
    assert said[0] == "Oppdragsgiveren har avlyst konkurransen."
    assert said[1] == "Oppdragsgiveren skriver: Ny utlysning kommer."


def test_a_lot_without_a_title_goes_by_its_id() -> None:
    new = notice(ONE, lot("LOT-0002", title="x"))
    new = replace(new, lots=(ONE, replace(new.lots[1], title=Text())))
    assert changes_between(TENDER, new, "en") == ("New lot: LOT-0002.",)
