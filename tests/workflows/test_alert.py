"""Alert: each subscriber hears of each lot once, unless something that matters changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Self

import pytest

from procmatch.alerts.post import OutboxPost
from procmatch.demo import world
from procmatch.demo.world.register import rows
from procmatch.errors import CodeError, DeliveryError, DeliveryRefused, NotFound
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.model.subscription import Frequency, Letter, Subscription
from procmatch.settings import Settings
from procmatch.store import Store, notices, outbox
from procmatch.store.notices import Listing
from procmatch.workflows import alert, subscribe
from procmatch.workflows.deliver import Delivery
from tests.workflows.conftest import NOW, clock, take

BAKERY = next(row["number"] for row in rows("suppliers") if row["name"] == "HAVNESET BAKERI AS")
WANTED = Subscription(
    id="s1", email="post@bakeri.example", frequency=Frequency.INSTANT,
    org=OrgId(NORWAY, BAKERY), created_at=NOW,
)  # fmt: skip


class Sink:
    """A post that keeps letters, or raises what it was told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.letters: list[Letter] = []
        self.error = error

    def send(self, letter: Letter) -> None:
        if self.error:
            raise self.error
        self.letters.append(letter)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


@pytest.fixture
def subscribed(world_store: Store) -> Store:
    subscribe.subscribe(world_store, WANTED, confirmed=True, clock=clock)
    return world_store


def run(store: Store, settings: Settings, post: Sink | None) -> alert.AlertReport:
    return alert.alert(store, settings=settings, clock=clock, post=post)


def test_a_bakery_hears_of_bread_once(subscribed: Store, settings: Settings) -> None:
    sink = Sink()
    assert run(subscribed, settings, sink).sent == 1
    assert b"Subject" in sink.letters[0].message
    again = run(subscribed, settings, sink)
    assert (again.written, again.sent) == ((), 0)


def test_a_dry_run_writes_and_sends_nothing(subscribed: Store, settings: Settings) -> None:
    assert len(run(subscribed, settings, None).written) == 1
    with subscribed.read() as connection:
        assert outbox.due(connection, NOW) == []
    assert run(subscribed, settings, Sink()).sent == 1


def test_nobody_unconfirmed_hears_anything(world_store: Store, settings: Settings) -> None:
    subscribe.subscribe(world_store, WANTED, confirmed=False, clock=clock)
    assert run(world_store, settings, Sink()).subscriptions == 0


def test_a_moved_deadline_is_told(subscribed: Store, settings: Settings) -> None:
    sink = Sink()
    run(subscribed, settings, sink)
    xml = world.notices()["2026-200102"].replace(b"2026-07-09", b"2026-07-16")
    take(subscribed, "doffin", "notice", "2026-200102", xml)
    assert run(subscribed, settings, sink).sent == 1
    assert run(subscribed, settings, sink).sent == 0
    assert sink.letters[0].id != sink.letters[1].id


def test_a_change_that_does_not_matter_is_not_told(subscribed: Store, settings: Settings) -> None:
    sink = Sink()
    run(subscribed, settings, sink)
    xml = world.notices()["2026-200102"].replace(
        "ferskt brød".encode(), "helt ferskt brød".encode()
    )
    take(subscribed, "doffin", "notice", "2026-200102", xml)
    assert run(subscribed, settings, sink).sent == 0


def test_a_cancellation_is_told_once(subscribed: Store, settings: Settings) -> None:
    sink = Sink()
    run(subscribed, settings, sink)
    old, new = world.notices()["2026-200102"], world.notices()["2026-200122"]
    uuid = old.split(b'"notice-id">')[1][:36]
    folder = old.split(b"ContractFolderID>")[1][:36]
    target = new.split(b"ChangedNoticeIdentifier>")[1][:36]
    own = new.split(b"ContractFolderID>")[1][:36]
    xml = new.replace(target, uuid).replace(own, folder)
    take(subscribed, "doffin", "notice", "2026-200199", xml)
    assert run(subscribed, settings, sink).sent == 1
    assert run(subscribed, settings, sink).sent == 0


def test_a_cancellation_that_only_the_sources_list_knows_is_told_once(
    subscribed: Store, settings: Settings
) -> None:
    sink = Sink()
    run(subscribed, settings, sink)
    listed = Listing(
        source="doffin",
        source_id="2026-200102",
        digest="d",
        kind="ANNOUNCEMENT_OF_COMPETITION",
        status="CANCELLED",
        published_on=None,
        document="{}",
    )
    with subscribed.begin() as connection:
        notices.save_listings(connection, [listed])
    assert run(subscribed, settings, sink).sent == 1
    assert "avlyst" in str(message_from_bytes(sink.letters[1].message, policy=default)["Subject"])
    assert run(subscribed, settings, sink).sent == 0


def test_daily_means_once_a_day_in_oslo(world_store: Store, settings: Settings) -> None:
    daily = replace(WANTED, frequency=Frequency.DAILY)
    subscribe.subscribe(world_store, daily, confirmed=True, clock=clock)
    sink = Sink()
    run(world_store, settings, sink)
    xml = world.notices()["2026-200102"].replace(b"2026-07-09", b"2026-07-16")
    take(world_store, "doffin", "notice", "2026-200102", xml)
    late = datetime(2026, 6, 1, 21, 59, tzinfo=UTC)
    report = alert.alert(world_store, settings=settings, clock=lambda: late, post=sink)
    assert report.written == ()
    midnight = late + timedelta(minutes=1)
    report = alert.alert(world_store, settings=settings, clock=lambda: midnight, post=sink)
    assert len(report.written) == 1


def test_a_letter_that_cannot_be_sent_now_waits(subscribed: Store, settings: Settings) -> None:
    assert run(subscribed, settings, Sink(DeliveryError("451 busy"))).postponed == 1
    later = alert.send_letters(subscribed, clock=lambda: NOW + timedelta(hours=1), post=Sink())
    assert later == Delivery(sent=1)


def test_a_refused_letter_is_given_up(subscribed: Store, settings: Settings) -> None:
    assert run(subscribed, settings, Sink(DeliveryRefused("550 unknown"))).refused == 1
    later = alert.send_letters(subscribed, clock=lambda: NOW + timedelta(days=1), post=Sink())
    assert later == Delivery()


def test_a_letter_sent_but_not_noted_is_the_same_letter_again(
    subscribed: Store, settings: Settings, tmp_path: Path
) -> None:
    post = OutboxPost(tmp_path / "out")
    run(subscribed, settings, Sink(DeliveryError("the process was killed here")))
    with subscribed.read() as connection:
        (letter,) = outbox.due(connection, NOW + timedelta(hours=1))
    post.send(letter)
    alert.send_letters(subscribed, clock=lambda: NOW + timedelta(hours=1), post=post)
    assert len(list((tmp_path / "out").glob("*.eml"))) == 1


def test_a_search_subscription_hears_of_its_branch_only(
    world_store: Store, settings: Settings
) -> None:
    search = Subscription(
        id="s2", email="a@b.example", frequency=Frequency.INSTANT, cpv=("90910000",),
        municipalities=("98",), created_at=NOW,
    )  # fmt: skip
    subscribe.subscribe(world_store, search, confirmed=True, clock=clock)
    sink = Sink()
    run(world_store, settings, sink)
    assert len(sink.letters) == 1
    assert "enhold" in sink.letters[0].subject


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a b@c.example"])
def test_a_bad_address_is_refused(world_store: Store, email: str) -> None:
    with pytest.raises(CodeError):
        subscribe.subscribe(world_store, replace(WANTED, email=email), confirmed=True, clock=clock)


def test_an_unknown_firm_cannot_subscribe(world_store: Store) -> None:
    unknown = replace(WANTED, org=OrgId(NORWAY, "999601391"))
    with pytest.raises(NotFound):
        subscribe.subscribe(world_store, unknown, confirmed=True, clock=clock)
