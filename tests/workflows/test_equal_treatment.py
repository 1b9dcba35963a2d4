"""What was shown is noted without who asked, kept for a while, and gone with a firm that is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from procmatch.matching import DEFAULT_POLICY
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.store import Store, removal
from procmatch.workflows.equal_treatment import (
    ShownLog,
    forget_shown,
    list_shown,
    order_of,
    was_shown,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BAKER, FISH = OrgId(NORWAY, "310000025"), OrgId(NORWAY, "310000033")


def _note(store: Store, *orgs: OrgId, asked: str = "brød, 3203", at: datetime = NOW) -> None:
    log = ShownLog(store, lambda: at)
    log.note(
        list_shown(
            kind="need", asked=asked, ordered_by=order_of(DEFAULT_POLICY), firms=orgs, whole=9
        )
    )


def test_a_list_is_kept_with_its_order_and_the_whole_it_is_of(store: Store) -> None:
    _note(store, FISH, BAKER)
    (one,) = was_shown(store)
    assert one.list.firms == (FISH, BAKER)
    assert one.list.whole == 9
    assert one.list.ordered_by == order_of(DEFAULT_POLICY)
    assert "trade" in one.list.ordered_by


def test_the_same_list_of_a_day_is_counted_and_another_order_is_another_list(store: Store) -> None:
    _note(store, FISH, BAKER)
    _note(store, FISH, BAKER, at=NOW + timedelta(hours=1))
    _note(store, BAKER, FISH, at=NOW + timedelta(hours=2))
    _note(store, FISH, BAKER, at=NOW + timedelta(days=1))
    found = was_shown(store)
    assert [one.times for one in found] == [1, 1, 2]
    assert found[-1].last_at - found[-1].first_at == timedelta(hours=1)


def test_a_firm_sees_which_lists_it_stood_on(store: Store) -> None:
    _note(store, FISH)
    _note(store, BAKER, asked="kaker")
    assert [one.list.asked for one in was_shown(store, org=BAKER)] == ["kaker"]


def test_it_is_kept_for_a_while(store: Store) -> None:
    _note(store, BAKER)
    _note(store, FISH, at=NOW + timedelta(days=20))
    gone = forget_shown(store, days=30, clock=lambda: NOW + timedelta(days=31))
    assert gone == 1
    assert [one.list.firms for one in was_shown(store)] == [(FISH,)]


def test_a_firm_that_the_law_removes_is_gone_from_the_log(store: Store) -> None:
    _note(store, BAKER, FISH)
    with store.begin() as connection:
        removal.purge(connection, BAKER)
    (one,) = was_shown(store)
    assert one.list.firms == (FISH,)


def test_lists_of_some_seconds_are_written_in_one_go(store: Store) -> None:
    log = ShownLog(store, lambda: NOW, every_s=3600)
    for asked in ("a", "b", "c"):
        log.note(list_shown(kind="need", asked=asked, ordered_by="", firms=(), whole=0))
    assert [one.list.asked for one in was_shown(store)] == ["a"]
    log.flush()
    assert {one.list.asked for one in was_shown(store)} == {"a", "b", "c"}


def test_what_waits_is_bounded(store: Store) -> None:
    log = ShownLog(store, lambda: NOW, every_s=3600, most=2)
    for asked in "abcdef":
        log.note(list_shown(kind="need", asked=asked, ordered_by="", firms=(), whole=0))
    log.flush()
    assert len(was_shown(store)) == 3
