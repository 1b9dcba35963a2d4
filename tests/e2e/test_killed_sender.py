"""No letter is lost, whatever the mail server does and whenever a sender is killed.

``make faults`` kills 200 times on each database and prints the counts.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter, defaultdict
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

import pytest

from procmatch.model.subscription import Letter, Subscription
from procmatch.store import Store, outbox, subscriptions
from procmatch.workflows.deliver import UNNOTED
from tests.e2e.faulty_mail import NOBODY, Accepted, FaultyDesk, serving_with_faults
from tests.e2e.sender import BEGIN, clock_since, send

KILLS = int(os.environ.get("PROCMATCH_TEST_KILLS", "12"))
SEED = 20260601
#: Letters that become due before each kill.
NEWS = 30
#: So long a sender lives at most before it is killed, in real seconds.
LIFE_S = 0.8
#: One receiver in so many does not exist.
ONE_IN = 50
PATIENCE_S = 240


def letter(number: int) -> Letter:
    domain = NOBODY if number % ONE_IN == 0 else "firma.example"
    key = f"l{number:06}"
    return Letter(
        id=key,
        to=f"post{number}@{domain}",
        subject=key,
        message=(
            f"From: varsel@procmatch.example\r\nTo: post{number}@{domain}\r\n"
            f"Message-ID: <{key}@procmatch.example>\r\nSubject: {key}\r\n\r\n"
            + "En linje om brød.\r\n".encode("ascii", "replace").decode()
            * 40
        ).encode(),
    )


class Office:
    """Two senders at a time; one of them is killed at a random moment, again and again."""

    def __init__(self, store: Store, url: str, port: int) -> None:
        self.store, self.url, self.port = store, url, port
        self.started = time.time()
        self.random = random.Random(SEED)
        self.processes = get_context("forkserver")
        self.processes.set_forkserver_preload(["tests.e2e.sender"])
        self.letters: list[Letter] = []
        self.killed_at_work = 0
        with store.begin() as connection:
            subscriptions.save(
                connection,
                Subscription(id="s1", email="a@b.example", cpv=("15",), created_at=BEGIN),
            )

    def write(self, number: int) -> None:
        new = [letter(len(self.letters) + n) for n in range(number)]
        with self.store.begin() as connection:
            for one in new:
                outbox.queue(connection, "s1", one, (), clock_since(self.started))
        self.letters += new

    def hire(self, for_s: float = 600) -> BaseProcess:
        process = self.processes.Process(
            target=send,
            args=(self.url, self.port, self.started),
            kwargs={"for_s": for_s},
        )
        process.start()
        return process

    def kill_many(self, times: int) -> None:
        senders = [self.hire(), self.hire()]
        for number in range(times):
            self.write(NEWS)
            time.sleep(self.random.uniform(0.05, LIFE_S))
            victim = senders[number % 2]
            self.killed_at_work += victim.is_alive()
            victim.kill()
            victim.join()
            senders[number % 2] = self.hire()
        for one in senders:
            one.kill()
            one.join()

    def finish(self) -> None:
        """Send until nothing waits any more."""
        end = time.monotonic() + PATIENCE_S
        while self.states().get("queued", 0):
            assert time.monotonic() < end, self.states()
            sender = self.hire(2)
            sender.join()
            assert sender.exitcode == 0

    def states(self) -> dict[str, int]:
        with self.store.read() as connection:
            return outbox.states(connection)


@pytest.mark.slow
def test_every_letter_is_accepted_though_senders_are_killed(
    store: Store, database_url: str
) -> None:
    desk = FaultyDesk(SEED)
    with serving_with_faults(desk) as port:
        office = Office(store, database_url, port)
        office.kill_many(KILLS)
        desk.calm = True
        office.finish()
    copies: dict[str, list[Accepted]] = defaultdict(list)
    for one in desk.accepted:
        copies[one.message_id].append(one)
    refused = {one.id for one in office.letters if one.to.endswith(NOBODY)}
    due = {one.id: one for one in office.letters if one.id not in refused}
    twice = [some for some in copies.values() if len(some) > 1]
    killed = sum(not one.is_dropped for some in twice for one in some[:-1])
    again = Counter(len(some) for some in twice)
    _print(store, office, desk, len(due), len(refused), again, killed)

    assert office.killed_at_work == KILLS
    assert set(copies) == {f"<{key}@procmatch.example>" for key in due}
    assert office.states() == {"sent": len(due), "dead": len(refused)}
    for some in twice:
        assert len({one.content for one in some}) == 1
        # Only what a sender that ended badly had not noted yet; a drop, the last letter alone.
        for one in some[:-1]:
            assert one.session not in desk.quit
            assert desk.places_from_the_end(one) <= (0 if one.is_dropped else UNNOTED)


def _print(
    store: Store,
    office: Office,
    desk: FaultyDesk,
    due: int,
    refused: int,
    again: Counter[int],
    killed: int,
) -> None:
    print(
        f"\n{store.engine.dialect.name}: {office.killed_at_work} kills at work, "
        f"{due} letters due, {len(desk.accepted)} accepted, "
        f"{sum(again.values())} of them more than once {dict(sorted(again.items()))} "
        f"({killed} repeats after a kill, the others after a drop), "
        f"{refused} receivers refused for good; {dict(sorted(desk.happened.items()))}"
    )
