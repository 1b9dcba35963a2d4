"""Letters leave once each, with limits, and what fails waits, or is given up and can be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Self

import pytest
from sqlalchemy import select

from procmatch.errors import AddressRefused, DeliveryError, DeliveryRefused, Unreachable
from procmatch.model.subscription import Letter, Subscription
from procmatch.settings import Mail
from procmatch.store import Store, brake, outbox, stopped, subscriptions
from procmatch.store.tables import outbox as outbox_table
from procmatch.workflows.deliver import UNNOTED, Delivery, send_letters

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def letter(number: int, domain: str = "firma.example") -> Letter:
    return Letter(id=f"l{number:03}", to=f"post{number}@{domain}", subject="1", message=b"x")


class Sink:
    """Keeps letters; ``errors`` are raised first, by receiver."""

    def __init__(self, **errors: Exception) -> None:
        self.letters: list[str] = []
        self.tried: list[str] = []
        self.errors = errors

    def send(self, letter: Letter) -> None:
        self.tried.append(letter.id)
        if letter.id in self.errors:
            raise self.errors[letter.id]
        self.letters.append(letter.id)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


class Post(Sink):
    """Keeps the letters whole."""

    def __init__(self, **errors: Exception) -> None:
        super().__init__(**errors)
        self.whole: list[Letter] = []

    def send(self, letter: Letter) -> None:
        super().send(letter)
        self.whole.append(letter)

    def to(self, address: str) -> list[EmailMessage]:
        return [
            message_from_bytes(one.message, policy=default)
            for one in self.whole
            if one.to == address
        ]


def send_held(store: Store, sink: Post, at: datetime) -> Delivery:
    """Send with a brake that holds after two letters."""
    mail = Mail(per_hour=2)
    operator = "drift@kommune.example"
    return send_letters(store, clock=lambda: at, post=sink, mail=mail, operator=operator)


def put(store: Store, *letters: Letter) -> None:
    with store.begin() as connection:
        for one in letters:
            outbox.queue(connection, "s1", one, (), NOW)


@pytest.fixture
def letters(store: Store) -> Store:
    with store.begin() as connection:
        wanted = Subscription(id="s1", email="a@b.example", cpv=("15",), created_at=NOW)
        subscriptions.save(connection, wanted)
    return store


def send(
    store: Store, sink: Sink, at: datetime = NOW, *, per_hour: int = 0, per_domain: int = 0
) -> Delivery:
    mail = Mail(per_hour=per_hour, per_domain=per_domain)
    return send_letters(store, clock=lambda: at, post=sink, mail=mail)


def test_all_that_is_due_leaves_once_and_in_order(letters: Store) -> None:
    put(letters, *(letter(n) for n in range(50)))
    sink = Sink()
    assert send(letters, sink) == Delivery(sent=50)
    assert sink.letters == [f"l{n:03}" for n in range(50)]
    assert send(letters, sink) == Delivery()


def test_what_one_worker_has_in_hand_no_other_gets_until_the_claim_ends(letters: Store) -> None:
    put(letters, letter(1), letter(2))
    with letters.begin() as connection:
        outbox.claim(connection, "other", now=NOW, until=NOW + HOUR, most=1)
    sink = Sink()
    send(letters, sink)
    assert sink.letters == ["l002"]
    send(letters, sink, NOW + HOUR)
    assert sink.letters == ["l002", "l001"]


def test_waits_grow_and_a_letter_is_given_up_after_five_days(letters: Store) -> None:
    put(letters, letter(1))
    now, waits = NOW, []
    while send(letters, sink := Sink(l001=DeliveryError("451 busy")), now).postponed:
        with letters.read() as connection:
            (row,) = connection.execute(select(outbox_table.c.next_try_at))
        waits.append((row[0] - now) / timedelta(minutes=1))
        now = row[0]
    assert sink.tried == []
    for wait, nominal in zip(waits[:5], (1, 4, 16, 64, 256), strict=True):
        assert 0.75 * nominal <= wait <= 1.25 * nominal
    assert max(waits) <= 8 * 60 * 1.25
    assert timedelta(days=5) <= now - NOW <= timedelta(days=5) + 2 * timedelta(hours=10)
    with letters.read() as connection:
        (dead,) = outbox.dead(connection)
        assert (dead.id, dead.error, dead.tries) == ("l001", "451 busy", len(waits))
        assert stopped.stopped(connection) == []


def test_an_address_that_refuses_gets_nothing_more_until_it_is_cleared(letters: Store) -> None:
    refuses = letter(1)
    put(letters, refuses)
    assert send(letters, Sink(l001=AddressRefused("550 no such mailbox"))).refused == 1
    again = Letter(id="l900", to=refuses.to, subject="1", message=b"x")
    put(letters, again, letter(2))
    sink = Sink()
    send(letters, sink, NOW + DAY)
    assert sink.letters == ["l002"]
    with letters.begin() as connection:
        (mark,) = stopped.stopped(connection)
        assert (mark.recipient, mark.error) == (refuses.to, "550 no such mailbox")
        assert stopped.clear(connection, {refuses.to}) == 1
        assert outbox.retry(connection, NOW + DAY, recipient=refuses.to) == 1
    send(letters, sink, NOW + DAY)
    assert sorted(sink.letters) == ["l001", "l002", "l900"]


def test_a_refusal_that_is_not_the_addresss_closes_none(letters: Store) -> None:
    put(letters, letter(1))
    assert send(letters, Sink(l001=DeliveryRefused("553 bad sender"))).refused == 1
    with letters.read() as connection:
        assert stopped.count(connection) == 0
        assert outbox.states(connection) == {"dead": 1}


def test_a_domain_gets_so_many_in_a_run(letters: Store) -> None:
    put(letters, *(letter(n) for n in range(30)), *(letter(n, "b.example") for n in range(30, 33)))
    sink = Sink()
    assert send(letters, sink, per_domain=25) == Delivery(sent=28)
    assert send(letters, sink, per_domain=25) == Delivery(sent=5)


def test_the_host_of_a_webhook_is_a_domain_too() -> None:
    assert outbox.domain_of("https://Hook.example:8443/in?x=a@b") == "hook.example"
    assert outbox.domain_of("post@FIRMA.example") == "firma.example"
    assert outbox.domain_of("https://[broken") == ""


def test_more_letters_than_an_hour_may_have_pull_the_brake(letters: Store) -> None:
    put(letters, *(letter(n) for n in range(60)))
    sink = Sink()
    done = send(letters, sink, per_hour=50)
    assert (done.sent, done.held) == (50, "more than 50 letters in an hour")
    assert send(letters, sink, NOW + DAY, per_hour=50).sent == 0
    with letters.begin() as connection:
        assert brake.state(connection).pulled_at == NOW
        assert brake.release(connection, NOW + timedelta(minutes=1))
    assert send(letters, sink, NOW + timedelta(minutes=2), per_hour=50) == Delivery(sent=10)


def test_the_operator_is_told_of_each_hold_once(letters: Store) -> None:
    put(letters, *(letter(n) for n in range(9)))
    sink = Post()
    send_held(letters, sink, NOW)
    send_held(letters, sink, NOW + HOUR)
    (told,) = sink.to("drift@kommune.example")
    assert told["Subject"] == "procmatch: no letter leaves"
    assert told["Message-ID"] == "<held-20260601T120000@procmatch.example>"
    assert told["Auto-Submitted"] == "auto-generated"
    assert "more than 2 letters in an hour" in told.get_content()
    assert "procmatch letters brake --release" in told.get_content()
    assert "firma.example" not in told.get_content()
    with letters.begin() as connection:
        brake.release(connection, NOW + DAY)
    send_held(letters, sink, NOW + DAY + HOUR)
    assert len(sink.to("drift@kommune.example")) == 2


def test_an_operator_who_could_not_be_told_is_told_by_the_next_run(letters: Store) -> None:
    put(letters, *(letter(n) for n in range(9)))
    away = {"held-20260601T120000": Unreachable("no answer")}
    assert send_held(letters, Post(**away), NOW).held
    sink = Post()
    send_held(letters, sink, NOW + HOUR)
    assert len(sink.to("drift@kommune.example")) == 1


def test_just_as_many_as_an_hour_may_have_pull_no_brake(letters: Store) -> None:
    put(letters, *(letter(n) for n in range(50)))
    assert send(letters, Sink(), per_hour=50) == Delivery(sent=50)
    put(letters, letter(99))
    later = NOW + HOUR + timedelta(seconds=1)
    assert send(letters, Sink(), later, per_hour=50) == Delivery(sent=1)


def test_a_server_out_of_reach_is_not_asked_for_every_letter(letters: Store) -> None:
    put(letters, *(letter(n) for n in range(50)))
    sink = Sink(**{f"l{n:03}": Unreachable("no answer") for n in range(50)})
    assert send(letters, sink) == Delivery(postponed=3)
    back = Sink()
    assert send(letters, back) == Delivery(sent=47)


def stopping_after(sink: Sink, number: int) -> Callable[[], bool]:
    return lambda: len(sink.letters) >= number


def test_asked_to_stop_a_worker_gives_back_what_it_did_not_send(letters: Store) -> None:
    put(letters, *(letter(n) for n in range(10)))
    sink = Sink()
    done = send_letters(letters, clock=lambda: NOW, post=sink, stop=stopping_after(sink, 3))
    assert done == Delivery(sent=3)
    assert send(letters, sink) == Delivery(sent=7)


def test_a_worker_that_fails_gives_back_what_it_has_in_hand(letters: Store) -> None:
    put(letters, letter(1), letter(2))
    with pytest.raises(ZeroDivisionError):
        send(letters, Sink(l001=ZeroDivisionError()))
    assert send(letters, Sink()) == Delivery(sent=2)


class Quick(Sink):
    """Takes letters one after another, so quickly that no time is left between."""

    def __init__(self, store: Store, **errors: Exception) -> None:
        super().__init__(**errors)
        self.store = store
        self.unnoted: list[int] = []

    def send_all(
        self, letters: Iterable[Letter], while_waiting: Callable[[], None]
    ) -> Iterator[tuple[Letter, DeliveryError | None]]:
        for one in letters:
            self.send(one)
            with self.store.read() as connection:
                noted = outbox.states(connection).get("sent", 0)
            self.unnoted.append(len(self.letters) - noted)
            yield one, None


def test_letters_taken_quickly_are_noted_together_but_not_too_many(letters: Store) -> None:
    number = 2 * UNNOTED + 3
    put(letters, *(letter(n) for n in range(number)))
    sink = Quick(letters)
    assert send(letters, sink) == Delivery(sent=number)
    assert max(sink.unnoted) == UNNOTED
    with letters.read() as connection:
        assert outbox.states(connection) == {"sent": number}


def test_a_worker_that_fails_notes_what_was_taken(letters: Store) -> None:
    put(letters, *(letter(n) for n in range(5)))
    with pytest.raises(ZeroDivisionError):
        send(letters, Quick(letters, l003=ZeroDivisionError()))
    with letters.read() as connection:
        assert outbox.states(connection) == {"sent": 3, "queued": 2}
    assert send(letters, Sink()) == Delivery(sent=2)


def test_a_claim_about_to_end_is_renewed_before_the_next_letter(letters: Store) -> None:
    put(letters, *(letter(n) for n in range(6)))
    now = NOW

    class Slow(Sink):
        def send(self, letter: Letter) -> None:
            nonlocal now
            now += timedelta(minutes=3)
            super().send(letter)
            with letters.begin() as connection:
                other = outbox.claim(connection, "other", now=now, until=now, most=9)
            assert other == []

    sink = Slow()
    assert send_letters(letters, clock=lambda: now, post=sink) == Delivery(sent=6)


def test_a_worker_that_lost_its_claim_says_nothing_of_failures(letters: Store) -> None:
    put(letters, letter(1))
    with letters.begin() as connection:
        outbox.claim(connection, "slow", now=NOW, until=NOW + HOUR, most=1)
        outbox.claim(connection, "next", now=NOW + HOUR, until=NOW + 2 * HOUR, most=1)
        outbox.mark_failed(connection, "l001", "451", NOW + HOUR, for_good=True, worker="slow")
        assert outbox.states(connection) == {"queued": 1}
        outbox.mark_sent(connection, ["l001"], NOW + HOUR)
        outbox.mark_failed(connection, "l001", "451", NOW + HOUR, for_good=True, worker="next")
        assert outbox.states(connection) == {"sent": 1}
