"""Deliver: send what is due in the outbox, with any number of workers at once.

Each letter is accepted at least once. It is accepted twice, as the same letter with the same
Message-ID, only when a worker died (or lost its claim or the store) after the receiver accepted it
and before that was noted: the letter in hand, and at most ``UNNOTED`` before it that the receiver
took so quickly that they are noted together.
"""

from __future__ import annotations

import logging
import socket
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from procmatch.alerts.operator import write_to_operator
from procmatch.alerts.post import Post, hand_over
from procmatch.errors import AddressRefused, DeliveryError, DeliveryRefused, Unreachable
from procmatch.model.subscription import Letter
from procmatch.settings import Mail
from procmatch.store import Store, brake, outbox, stopped
from procmatch.workflows.ingest import Clock

__all__ = ["UNNOTED", "Delivery", "send_letters"]

_log = logging.getLogger(__name__)

#: Letters taken in hand at once: few, so that little waits when a worker dies.
_BATCH = 200
#: Accepted letters that are noted together at most; a slow server's are noted one by one.
UNNOTED = 16
#: A claim outlives the slowest way to hand a letter over (_NEEDED), so that nobody else takes it.
_CLAIM, _NEEDED = timedelta(minutes=10), timedelta(minutes=5)
#: So often in a row a server may be out of reach before the rest waits for the next run.
_AWAY = 3


def _never() -> bool:
    return False


@dataclass(slots=True, kw_only=True)
class Delivery:
    """What became of the letters that were due.

    Attributes:
        sent: accepted. postponed: to be tried again. refused: dead.
        held: why the brake holds what is left; ``""`` when it does not.
    """

    sent: int = 0
    postponed: int = 0
    refused: int = 0
    held: str = ""


@dataclass(slots=True, kw_only=True)
class _Worker:
    """One run of one worker."""

    store: Store
    clock: Clock
    post: Post
    mail: Mail
    stop: Callable[[], bool]
    operator: str
    name: str = field(
        default_factory=lambda: f"{socket.gethostname()[:20]}-{uuid.uuid4().hex[:16]}"
    )
    done: Delivery = field(default_factory=Delivery)
    by_domain: Counter[str] = field(default_factory=Counter)
    accepted: list[str] = field(default_factory=list)
    away: int = 0

    def run(self) -> Delivery:
        try:
            while not self._is_over() and (claimed := self._claim()):
                self._send_all(*claimed)
        finally:
            self._give_back()
        if self.done.held and self.operator and not self.stop():
            self._tell_operator()
        return self.done

    def _send_all(self, letters: list[Letter], until: datetime) -> None:
        handled = 0
        with closing(hand_over(self.post, self._in_turn(letters, until), self._note)) as outcomes:
            for letter, error in outcomes:
                handled += 1
                self._settle(letter, error)
                if self._is_over():
                    break
        if handled < len(letters):
            self._give_back()

    def _in_turn(self, letters: list[Letter], until: datetime) -> Iterator[Letter]:
        for letter in letters:
            if self._is_over() or self.clock() > until - _NEEDED:
                break
            if not self._is_full(letter):
                self.by_domain[outbox.domain_of(letter.to)] += 1
                yield letter

    def _is_over(self) -> bool:
        return self.stop() or self.away >= _AWAY

    def _is_full(self, letter: Letter) -> bool:
        most = self.mail.per_domain
        return most > 0 and self.by_domain[outbox.domain_of(letter.to)] >= most

    def _claim(self) -> tuple[list[Letter], datetime] | None:
        now = self.clock()
        until = now + _CLAIM
        full = [
            domain for domain, sent in self.by_domain.items() if 0 < self.mail.per_domain <= sent
        ]
        with self._begin() as connection:
            most = _BATCH
            held = brake.state(connection, hold=self.mail.per_hour > 0)
            if held.pulled_at is None and self.mail.per_hour > 0:
                most = min(most, brake.room(connection, held, now, self.mail.per_hour))
            self.done.held = held.reason
            if held.pulled_at is not None:
                return None
            letters = outbox.claim(
                connection, self.name, now=now, until=until, most=max(most, 1), without=full
            )
            if letters and most == 0:
                outbox.give_back(connection, self.name)
                self.done.held = f"more than {self.mail.per_hour} letters in an hour"
                brake.pull(connection, self.done.held, now)
                letters = []
        if self.done.held:
            _log.error("letters are held: %s; procmatch letters brake", self.done.held)
        return (letters, until) if letters else None

    def _give_back(self) -> None:
        with self._begin() as connection:
            outbox.give_back(connection, self.name)

    def _settle(self, letter: Letter, error: DeliveryError | None) -> None:
        self.away = self.away + 1 if isinstance(error, Unreachable) else 0
        if error is None:
            self.done.sent += 1
            self.accepted.append(letter.id)
            if len(self.accepted) >= UNNOTED:
                self._note()
        elif isinstance(error, DeliveryRefused):
            self.done.refused += 1
            self._failed(letter, error, for_good=True)
        else:
            self.done.postponed += 1
            self._failed(letter, error, for_good=False)

    def _note(self) -> None:
        if self.accepted:
            with self._begin():
                pass

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        """One transaction, which also notes what was accepted."""
        with self.store.begin() as connection:
            if self.accepted:
                outbox.mark_sent(connection, self.accepted, self.clock())
            else:
                outbox.without_waiting(connection)
            yield connection
        self.accepted.clear()

    def _tell_operator(self) -> None:
        """Send one letter of each hold; until it is accepted, the next run tries again."""
        with self.store.read() as connection:
            held = brake.state(connection)
        if held.pulled_at is None or held.told_at is not None:
            return
        letter = write_to_operator(
            self.operator,
            key=f"held-{held.pulled_at:%Y%m%dT%H%M%S}",
            subject="no letter leaves",
            text=_HELD.format(since=held.pulled_at, reason=held.reason),
            mail=self.mail,
            now=self.clock(),
        )
        try:
            self.post.send(letter)
        except DeliveryError as error:
            _log.warning("the operator could not be told that letters are held: %s", error)
            return
        with self.store.begin() as connection:
            brake.note_told(connection, held.pulled_at, self.clock())

    def _failed(self, letter: Letter, error: DeliveryError, *, for_good: bool) -> None:
        now = self.clock()
        with self._begin() as connection:
            outbox.mark_failed(
                connection, letter.id, str(error), now, for_good=for_good, worker=self.name
            )
            if isinstance(error, AddressRefused):
                stopped.stop(connection, letter.channel, letter.to, str(error), now)


_HELD = """\
No letter to subscribers has left since {since:%Y-%m-%d %H:%M} (UTC): {reason}.

That is the brake: more letters were due than mail.per_hour allows. See whether they ought to leave:

    procmatch status
    procmatch letters brake --release

Those that wait leave after that; mail.per_hour is how many may in an hour.
"""


def send_letters(
    store: Store,
    *,
    clock: Clock,
    post: Post,
    mail: Mail | None = None,
    operator: str = "",
    stop: Callable[[], bool] = _never,
) -> Delivery:
    """Send what is due in the outbox.

    Args:
        store: with the outbox; others may send from it at the same time.
        clock: aware UTC now; machines that share a store agree to within a few minutes.
        post: how letters leave.
        mail: the limits a domain and an hour; default the settings' defaults.
        operator: who is told, by one letter, when the brake begins to hold.
        stop: asked before each letter; True ends the run, and what is in hand is given back.
    """
    worker = _Worker(
        store=store, clock=clock, post=post, mail=mail or Mail(), stop=stop, operator=operator
    )
    return worker.run()
