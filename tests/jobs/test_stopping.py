"""A letter in hand is finished and noted before a job stops; everything else is broken off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

import pytest

from procmatch.alerts.post import Post
from procmatch.errors import DeliveryError
from procmatch.model.subscription import Letter, Subscription
from procmatch.settings import Mail, Settings
from procmatch.store import Store, outbox
from procmatch.workflows import subscribe
from procmatch_jobs import work
from procmatch_jobs.work import Stop, Stopped, Work, work_of

NOW = datetime(2026, 6, 1, 6, tzinfo=UTC)


def now() -> datetime:
    return NOW


@dataclass
class Asked:
    """A post that does something with each letter."""

    during: Callable[[], None]
    sent: list[str] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        self.during()
        self.sent.append(letter.id)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        return None


@pytest.fixture
def three_letters(store: Store) -> Store:
    wanted = Subscription(
        id=subscribe.new_id(), email="a@firm.example", words=("x",), created_at=NOW, consent="test"
    )
    subscribe.subscribe(store, wanted, confirmed=True, clock=now)
    with store.begin() as connection:
        for key in ("one", "two", "three"):
            letter = Letter(id=key, to="a@firm.example", subject="s", message=b"m")
            outbox.queue(connection, wanted.id, letter, (), NOW)
    return store


def states(store: Store) -> dict[str, int]:
    with store.read() as connection:
        return outbox.states(connection)


def open_by(monkeypatch: pytest.MonkeyPatch, post: Post) -> None:
    monkeypatch.setattr(work, "open_channels", lambda _settings: post)


def job(store: Store, stop: Stop, mail: Mail | None = None) -> Work:
    return Work(store=store, settings=Settings(mail=mail or Mail()), clock=now, stop=stop)


def test_work_before_any_letter_is_broken_off_at_once() -> None:
    with pytest.raises(Stopped):
        Stop()()


def test_the_letter_in_hand_is_finished_and_noted_and_the_next_not_begun(
    three_letters: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Stop()
    post = Asked(during=stop)
    open_by(monkeypatch, post)
    with pytest.raises(Stopped, match="between two letters"):
        work_of("send")(job(three_letters, stop))
    assert len(post.sent) == 1
    assert states(three_letters) == {"queued": 2, "sent": 1}
    again = Asked(during=lambda: None)
    open_by(monkeypatch, again)
    assert work_of("send")(job(three_letters, Stop())) == {"sent": 2, "postponed": 0, "refused": 0}
    assert sorted(post.sent + again.sent) == ["one", "three", "two"]


def test_a_run_whose_letters_the_brake_holds_has_failed(
    three_letters: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_by(monkeypatch, Asked(during=lambda: None))
    with pytest.raises(DeliveryError, match="the brake holds letters"):
        work_of("send")(job(three_letters, Stop(), Mail(per_hour=1)))
