"""The whole trip on the sample world: crawl over HTTP, link, match, write letters.

Every step is the real one: the spiders run as processes of their own against stand-in servers on
loopback, the store is a real store, the letters are real letters in an outbox folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import msgspec

from procmatch.alerts.post import open_post
from procmatch.demo.standins.content import sample_world, shifted
from procmatch.demo.standins.faults import Faults
from procmatch.demo.standins.server import StandIn
from procmatch.demo.world import WORLD_DIR, world
from procmatch.errors import SourceUnavailable
from procmatch.matching import may_be
from procmatch.model.match import Match, Verdict
from procmatch.model.notice import Lot
from procmatch.model.organisation import OrgId, SizeClass
from procmatch.model.subscription import Frequency, Subscription
from procmatch.settings import Settings
from procmatch.store import Store, open_store
from procmatch.workflows import alert, import_evidence, link, match, subscribe
from procmatch.workflows.market import OpenTender, load_market

__all__ = ["SOURCES", "DemoReport", "run"]

SOURCES = ("codes", "enhetsregisteret", "doffin")  # accounts come when matching wants them
_KEY = "demo-key"
_DAY_FILE = "world-date.txt"
#: CPV divisions that are food: farm products, food and drink, catering.
_SMALL = {SizeClass.MICRO, SizeClass.SMALL}
_FOOD = ("03", "15", "553", "555", "554")


_Answer = tuple[OpenTender, Lot, tuple[Match, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReport:
    """What the demo did, for printing.

    Attributes:
        crawls: source -> the crawl's summary line.
        evidence: what the file of certificates and approvals brought.
        linked, matched: what the verbs report.
        food: each open food lot with its best local suppliers.
        closed: one food lot that no small local firm can bid on, with those whose trade fits best
            and what stops them.
        letters: what the alert verb reports. outbox: where the letters lie.
    """

    crawls: Mapping[str, str]
    evidence: import_evidence.ImportReport
    linked: link.LinkReport
    matched: match.MatchReport
    food: tuple[_Answer, ...]
    closed: _Answer | None
    letters: alert.AlertReport
    outbox: Path


#: After so many turns the order has long settled.
_ACCOUNT_TURNS = 5


def _world_date(folder: Path, today: date) -> date:
    """The day the sample world was made for: the first run's, so that a second finds no news."""
    file = folder / _DAY_FILE
    if not file.exists():
        file.write_text(today.isoformat(), encoding="utf-8")
    return date.fromisoformat(file.read_text(encoding="utf-8").strip())


def _evidence(day: date) -> bytes:
    """The world's certificates and approvals, in the form of a file that somebody hands over."""
    days = (day - date.fromisoformat(world()["anchor"])).days
    return shifted((WORLD_DIR / "evidence.csv").read_bytes(), days)


@contextmanager
def _served(day: date) -> Iterator[Mapping[str, str]]:
    """Serve the world; yield the environment that points every spider at it."""
    with StandIn(sample_world(day), faults=Faults.none(), key=_KEY) as server:
        yield {
            "PROCMATCH_DOFFIN_KEY": _KEY,
            "PROCMATCH_REQUESTS_PER_SECOND": "50",
            "PROCMATCH_SOURCES_DOFFIN_URL": f"{server.url}/public",
            "PROCMATCH_SOURCES_BRREG_URL": server.url,
            "PROCMATCH_SOURCES_KLASS_URL": server.url,
            "PROCMATCH_SOURCES_GEONORGE_URL": server.url,
            "PROCMATCH_SOURCES_BRING_URL": server.url,
            "PROCMATCH_SOURCES_EU_CODES_URL": server.url,
        }


def _crawl(source: str, url: str, environment: Mapping[str, str]) -> str:
    command = [sys.executable, "-m", "procmatch.cli", "--database", url, "crawl", source]
    done = subprocess.run(  # noqa: S603 - our own command
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SourceUnavailable(done.stderr.strip().splitlines()[-1], source=source)
    return done.stdout.strip().splitlines()[-1]


def _is_food(lot: Lot) -> bool:
    return bool(lot.cpv_main) and str(lot.cpv_main).startswith(_FOOD)


def _answers(store: Store, settings: Settings, clock: Callable[[], datetime]) -> list[_Answer]:
    """Return each open food lot with the small local suppliers whose trade fits, best first."""
    market = load_market(store, settings, clock)
    found = []
    for one in match.open_tenders(store, clock):
        for lot in filter(_is_food, one.stored.notice.lots):
            hits = [
                hit
                for hit in match.kept(store, one, lot)
                if may_be(market.index.supplier(hit.supplier), _SMALL)
                and hit.distance_km is not None
                and hit.distance_km <= market.radius_km
            ]
            found.append((one, lot, tuple(hits)))
    return found


def _can_bid(found: tuple[Match, ...], limit: int) -> tuple[Match, ...]:
    return tuple(hit for hit in found if hit.verdict is not Verdict.NOT)[:limit]


def _closed_lot(answers: list[_Answer]) -> _Answer | None:
    """Find a lot that no small firm nearby is known to be able to bid on, and whom it stops.

    Firms whose accounts are not known stay "perhaps"; those whose accounts are known show why.
    """
    for one, lot, found in answers:
        stopped = tuple(hit for hit in found if hit.verdict is Verdict.NOT)
        if stopped and not any(hit.verdict is Verdict.ELIGIBLE for hit in found):
            return one, lot, stopped[:3]
    return None


def _subscribe(
    store: Store,
    answers: list[_Answer],
    clock: Callable[[], datetime],
) -> None:
    """Subscribe the best supplier of each of three food lots, and one buyer-side reader, once."""
    if alert.has_subscribers(store):
        return
    best: dict[OrgId, Match] = {}
    for _one, _lot, found in answers:
        fit = _can_bid(found, 1)
        if fit:
            best.setdefault(fit[0].supplier, fit[0])
    wanted = [
        Subscription(
            id=f"demo-{hit.supplier.number}",
            email=f"post@{hit.supplier.number}.example",
            language=language,
            frequency=Frequency.INSTANT,
            org=hit.supplier,
            created_at=clock(),
            consent="The sample world's firms agree to everything.",
        )
        for hit, language in zip(best.values(), ("nb", "nn", "en"), strict=False)
    ]
    wanted.append(
        Subscription(
            id="demo-search",
            email="innkjop@kommune.example",
            frequency=Frequency.INSTANT,
            cpv=("15810000", "55520000"),
            created_at=clock(),
            consent="The sample world's buyers agree to everything.",
        )
    )
    for subscription in wanted:
        subscribe.subscribe(store, subscription, confirmed=True, clock=clock)


def _send(
    store: Store, settings: Settings, outbox: Path, clock: Callable[[], datetime]
) -> alert.AlertReport:
    """Write the letters that are due into the outbox folder, whatever mail server is set."""
    mail = msgspec.structs.replace(settings.mail, smtp_host="", outbox=str(outbox))
    own = msgspec.structs.replace(settings, mail=mail, secret_key=settings.secret_key or _KEY)
    with open_post(mail) as post:
        return alert.alert(store, settings=own, clock=clock, post=post)


def run(
    folder: Path,
    *,
    clock: Callable[[], datetime],
    settings: Settings,
    tell: Callable[[str], None],
) -> DemoReport:
    """Run the main job in ``folder``, which is made if need be.

    Args:
        folder: holds the store, the outbox and the day of the world.
        clock: aware UTC now.
        settings: language and ranking policy are taken from it.
        tell: called with a line before each step.

    Raises:
        ProcmatchError: a step failed; the line says which.
    """
    folder.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{folder / 'procmatch.db'}"
    store = open_store(url, create=True)
    crawls = {}
    day = _world_date(folder, clock().date())
    with _served(day) as environment:
        for source in SOURCES:
            tell(f"crawling {source} over HTTP")
            crawls[source] = _crawl(source, url, environment)
        tell("importing certificates and approvals")
        evidence = import_evidence.import_evidence(store, _evidence(day), clock=clock)
        tell("linking buyers and winners to register units")
        linked = link.link(store)
        tell("matching open lots with suppliers")
        matched = match.match(store, settings=settings, clock=clock)
        tell("asking for the accounts of those that matter")
        for turn in range(1, _ACCOUNT_TURNS + 1):
            # Accounts change the order, and so whose accounts matter.
            crawls[f"accounts {turn}"] = _crawl("accounts", url, environment)
            matched = match.match(store, settings=settings, clock=clock)
            if not matched.accounts_wanted:
                break
    answers = _answers(store, settings, clock)
    _subscribe(store, answers, clock)
    tell("writing letters")
    letters = _send(store, settings, folder / "outbox", clock)
    closed = _closed_lot(answers)
    store.close()
    return DemoReport(
        crawls=crawls,
        evidence=evidence,
        linked=linked,
        matched=matched,
        food=tuple(
            (one, lot, _can_bid(found, 3))
            for one, lot, found in answers
            if closed is None or lot is not closed[1]
        ),
        closed=closed,
        letters=letters,
        outbox=folder / "outbox",
    )
