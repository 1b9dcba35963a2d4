"""A fortnight of ``procmatch run`` on a clock that jumps from one due time to the next.

Two schedulers, real jobs in processes of their own, sources with daily news, a mail server. On one
day the sources are down, on another a scheduler is killed in a job, then both are away for a day,
and the clocks are put back in the night of 25 October. ``PROCMATCH_TEST_FORTNIGHT`` says how many
days (5); ``make fortnight`` takes 14.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope
from sqlalchemy import select

from procmatch import read_notice
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.model.subscription import Frequency, Subscription
from procmatch.settings import Settings, load
from procmatch.store import Store, leases
from procmatch.store.tables import outbox
from procmatch.store.told import already_told
from procmatch.workflows import subscribe
from procmatch_jobs.schedule import due_rows
from procmatch_jobs.times import OSLO
from procmatch_jobs.timetable import Row, timetable
from tests.alerts.mail_server import Desk, serving
from tests.e2e.fortnight import KEY, News, Sources, news_of
from tests.jobs.running import Clock, Site, assert_never_at_once, ledger, until

DAYS = int(os.environ.get("PROCMATCH_TEST_FORTNIGHT", "5"))
#: Ends with the week after the night of the clock change, so that each length has that night.
FIRST = date(2026, 10, 26) - timedelta(days=min(DAYS, 7))
OUTAGE, KILLED, AWAY = 1 if DAYS < 9 else 4, DAYS // 2, DAYS * 2 // 3
WHEN = {
    "crawl codes": "10 4 * * mon",
    "refresh registry": "30 4 * * *",
    "crawl doffin": "5 6 * * *",
    "link": "20 6 * * *",
    "match": "25 6 * * *",
    "crawl accounts": "30 6 * * *",
    "alert": "40 6,12 * * *",
    "send": "0 13 * * *",
    "expire": "30 0 * * *",
    "clean-up": "30 2 * * *",
    "weekly report": "0 7 * * mon",
}
FOOD = ("03000000", "15000000", "55000000")
CLEANING = ("90000000", "77000000")
BAKER = OrgId(NORWAY, "325787236")
ONE = timedelta(days=1)
_PAGE = re.compile(r"doffin\.no/notices/(2026-\d+)")


def night(day: date) -> datetime:
    return datetime.combine(day, time(0, 5), OSLO).astimezone(UTC)


class Fortnight:
    """The world, its clock, and what happens in it."""

    def __init__(self, store: Store, site: Site, clock: Clock, sources: Sources) -> None:
        self.store = store
        self.site = site
        self.clock = clock
        self.sources = sources
        self.rows: tuple[Row, ...] = timetable(self.settings)
        self.days = [FIRST + timedelta(days=number) for number in range(DAYS)]

    @property
    def settings(self) -> Settings:
        return load(self.site.write(), {"PROCMATCH_DOFFIN_KEY": KEY})

    def dues(self, start: datetime, end: datetime) -> list[tuple[str, datetime]]:
        """Every due time of every job in that time, by time."""
        found = []
        for row in self.rows:
            moment = row.next_due(start)
            while moment is not None and moment < end:
                found.append((row.job, moment))
                moment = row.next_due(moment)
        return sorted(found, key=lambda one: one[1])

    def due_of(self, job: str, day: date) -> datetime:
        """When a job is due on a day for the first time."""
        return next(
            moment for name, moment in self.dues(night(day), night(day + ONE)) if name == job
        )

    def is_quiet(self) -> bool:
        """Whether nothing runs and nothing is due."""
        now = self.clock.now()
        with self.store.read() as connection:
            states = leases.states(connection)
        running = any(state.is_running(now) for state in states.values())
        return not running and not due_rows(self.rows, states, now)

    def settle(self) -> None:
        until(self.is_quiet, lambda: self.site.log()[-3000:])

    def live(self, day: date) -> None:
        """Let a day go by, from one due time to the next, and what is tried again between."""
        for moment in sorted({moment for _, moment in self.dues(night(day), night(day + ONE))}):
            self.clock.set(moment + timedelta(seconds=1))
            self.settle()
        for _ in range(3):
            self.clock.set(self.clock.now() + timedelta(minutes=11))
            self.settle()


def test_the_clock_is_put_back_within_the_days() -> None:
    assert FIRST <= date(2026, 10, 25) < FIRST + timedelta(days=DAYS)


def subscriptions(store: Store, clock: Clock) -> dict[str, Subscription]:
    wanted = {
        "food": {"cpv": FOOD, "frequency": Frequency.INSTANT},
        "cleaning": {"cpv": CLEANING, "frequency": Frequency.DAILY},
        "baker": {"org": BAKER, "frequency": Frequency.DAILY},
    }
    return {
        name: subscribe.subscribe(
            store,
            Subscription(
                id=subscribe.new_id(),
                email=f"{name}@receiver.example",
                created_at=clock.now(),
                consent="Asked for by a test.",
                **wishes,  # type: ignore[arg-type]
            ),
            confirmed=True,
            clock=clock.now,
        )
        for name, wishes in wanted.items()
    }


def wanted_lots(news: News, cpv: tuple[str, ...]) -> set[tuple[str, str]]:
    """(Doffin id, lot) of all calls with a code in these branches, read from the files."""
    branches = tuple(code.rstrip("0") for code in cpv)
    found = set()
    for key, xml in news.notices.items():
        if key in news.corrected:
            continue  # its correction holds
        notice = read_notice(xml)
        for lot in notice.lots:
            codes = lot.cpv or tuple(filter(None, (notice.cpv_main, *notice.cpv_additional)))
            if any(code.startswith(branches) for code in codes):
                found.add((key, lot.id))
    return found


def told_lots(store: Store, subscription: Subscription) -> set[tuple[str, str]]:
    with store.read() as connection:
        return {
            (entry.notice, lot)
            for (_, lot), entry in already_told(connection, subscription.id).items()
        }


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("PROCMATCH_TEST_FORTNIGHT"), reason="takes minutes: make fortnight"
)
def test_a_fortnight_of_runs(store: Store, database_url: str, tmp_path: Path) -> None:
    news = news_of(FIRST, DAYS)
    desk = Desk()
    clock = Clock(tmp_path / "clock")
    clock.set(night(FIRST))
    with Sources(news, FIRST) as sources, serving(desk) as port:
        environment = {
            **clock.environment,
            "PROCMATCH_DOFFIN_KEY": KEY,
            "PROCMATCH_SECRET_KEY": "a secret of this test alone",
            "PROCMATCH_REQUESTS_PER_SECOND": "200",
            "PROCMATCH_SMTP_HOST": "127.0.0.1",
            "PROCMATCH_SMTP_PORT": str(port),
            "PROCMATCH_SMTP_SECURITY": "none",
            **{
                f"PROCMATCH_SOURCES_{name}_URL": f"http://127.0.0.1:{sources.port}{path}"
                for name, path in (
                    ("DOFFIN", "/public"),
                    ("BRREG", ""),
                    ("KLASS", ""),
                    ("GEONORGE", ""),
                    ("BRING", ""),
                    ("EU_CODES", ""),
                )
            },
        }
        site = Site(tmp_path, database_url, WHEN, {"lease_s": 60}, environment)
        world = Fortnight(store, site, clock, sources)
        for job in ("crawl codes", "refresh registry"):
            assert site.start("--once", job).wait() == 0, site.log()
        people = subscriptions(store, clock)
        away = live_through(world)
        check(world, news, people, desk, away)


def live_through(world: Fortnight) -> tuple[datetime, datetime]:
    """Let the days go by; return from when to when both schedulers were away."""
    both = [world.site.start() for _ in range(2)]
    gone = back = world.clock.now()
    try:
        for number, day in enumerate(world.days):
            world.clock.set(night(day))
            if number == OUTAGE:
                world.sources.go_down()
            elif number == AWAY:
                gone = world.clock.now()
                for one in both:
                    one.terminate()
                assert [one.wait() for one in both] == [0, 0]
                continue
            else:
                world.sources.publish(day)
            if number == AWAY + 1:
                back = world.clock.now()
                both = [world.site.start() for _ in range(2)]
                world.settle()
            if number == KILLED:
                both = kill_one_in_a_crawl(world, both, day)
            world.live(day)
    finally:
        for one in both:
            one.terminate()
        for one in both:
            one.wait()
    return gone, back


def kill_one_in_a_crawl(
    world: Fortnight, both: list[subprocess.Popen[bytes]], day: date
) -> list[subprocess.Popen[bytes]]:
    """Kill the scheduler that crawls Doffin while it does; another is started in its place."""
    moment = world.due_of("crawl doffin", day)
    server = world.sources.server
    assert server is not None
    server.delay_s = 1.0
    world.clock.set(moment + timedelta(seconds=1))

    def crawling() -> str:
        runs = [run for run in ledger(world.store, "crawl doffin") if run.outcome == "running"]
        return runs[0].holder if runs and server.log else ""

    holder = until(crawling, world.site.log)
    killed = next(one for one in both if holder.endswith(f":{one.pid}"))
    killed.kill()
    killed.wait()
    server.delay_s = 0
    world.clock.set(world.clock.now() + timedelta(seconds=90))
    world.settle()
    return [*(one for one in both if one is not killed), world.site.start()]


def check(
    world: Fortnight,
    news: News,
    people: dict[str, Subscription],
    desk: Desk,
    away: tuple[datetime, datetime],
) -> None:
    runs = ledger(world.store)
    assert_never_at_once(runs)
    assert not [run for run in runs if run.outcome == "running"]
    check_ledger(world, away)
    check_letters(world, news, people, desk)


def check_ledger(world: Fortnight, away: tuple[datetime, datetime]) -> None:
    """Each due time has one good run; what was missed was made up for once."""
    end = night(FIRST + timedelta(days=DAYS))
    good = Counter((run.job, run.due_at) for run in ledger(world.store) if run.outcome == "ok")
    assert set(good.values()) == {1}
    outage = (night(world.days[OUTAGE]), night(world.days[OUTAGE] + ONE))
    missed: dict[str, datetime] = {}
    failed = set()
    for job, due in world.dues(night(FIRST), end):
        if away[0] <= due < away[1]:
            missed[job] = due
        elif outage[0] <= due < outage[1] and job in {
            "crawl doffin", "crawl codes", "refresh registry",
        }:  # fmt: skip
            failed.add((job, due))
        else:
            assert good[job, due] == 1, (job, due)
    for job, due in missed.items():
        assert good[job, due] == 1, (job, due)
    made_up = [key for key in good if away[0] <= key[1] < away[1]]
    assert sorted(made_up) == sorted(missed.items())
    for job, due in failed:
        tried = [run.outcome for run in ledger(world.store, job) if run.due_at == due]
        assert tried == ["failed"] * 3, (job, due, tried)
    assert "lost" in {run.outcome for run in ledger(world.store, "crawl doffin")}
    print(
        f"{DAYS} days: {sum(good.values())} good runs, "
        f"{len(missed)} jobs made up for, outcomes "
        f"{dict(Counter(run.outcome for run in ledger(world.store)))}"
    )


def content_of(envelope: Envelope) -> bytes:
    assert isinstance(envelope.content, bytes)
    return envelope.content


def check_letters(
    world: Fortnight, news: News, people: dict[str, Subscription], desk: Desk
) -> None:
    """What was asked for was told, in one letter each; each letter was handed over once."""
    for name, cpv in (("food", FOOD), ("cleaning", CLEANING)):
        assert told_lots(world.store, people[name]) == wanted_lots(news, cpv)
    letters = [message_from_bytes(content_of(one), policy=default) for one in desk.letters]
    ids = Counter(str(letter["Message-ID"]) for letter in letters)
    assert set(ids.values()) == {1}
    with world.store.read() as connection:
        kept = connection.execute(select(outbox.c.state)).scalars().all()
    assert Counter(kept) == {"sent": len(letters)}
    told: Counter[tuple[str, str]] = Counter()
    for letter in letters:
        text = letter.get_body(("plain",))
        assert text is not None
        told.update((str(letter["To"]), key) for key in set(_PAGE.findall(text.get_content())))
    twice = {key for key, number in told.items() if number > 1}
    assert not twice
    expected = {key for key, _ in wanted_lots(news, FOOD)} | set(news.corrected)
    assert {key for to, key in told if to.startswith("food@")} == expected
    assert any(to.startswith("baker@") for to, _ in told)
    print(f"{len(news.notices)} notices published, {len(letters)} letters, none twice, none missed")
