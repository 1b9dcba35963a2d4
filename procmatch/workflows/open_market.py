"""The market and the open tenders, kept in memory for those who ask often, such as pages."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from procmatch.codes.places import Municipality, Places
from procmatch.matching.place import lot_municipalities
from procmatch.matching.records import key_of
from procmatch.model.match import Match
from procmatch.model.organisation import OrgId
from procmatch.settings import Settings
from procmatch.store import Store, notices, statements
from procmatch.store.matches import KeptMatches
from procmatch.store.notices import StoredNotice
from procmatch.workflows.hidden import hidden_numbers
from procmatch.workflows.ingest import Clock
from procmatch.workflows.market import Market, OpenTender, load_market, tender
from procmatch.workflows.tender_words import TenderWords

__all__ = ["Now", "OpenMarket", "open_now"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """What stood open when it was read.

    Attributes:
        market: firms, code lists, policy. tenders: by deadline.
        buyers: row of a notice -> numbers of its buyers, as linkage knows them.
        hidden: numbers of firms that asked not to be shown.
        words: of the tenders, for who searches them.
        towns: row of a notice -> where each of its lots is performed.
    """

    market: Market
    tenders: tuple[OpenTender, ...]
    buyers: Mapping[int, frozenset[str]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    words: TenderWords = field(default_factory=TenderWords)
    towns: Mapping[int, Sequence[frozenset[str]]] = field(default_factory=dict)

    def shown(self, found: Sequence[Match]) -> Sequence[Match]:
        """Return a ranking without those who asked not to be shown, and who left the register."""
        if isinstance(found, KeptMatches):
            return found.where(self._shown(found.suppliers).__contains__)
        kept = self._shown([one.supplier for one in found])
        return [one for one in found if one.supplier in kept]

    def _shown(self, orgs: Sequence[OrgId]) -> set[OrgId]:
        return {org for org in self.market.index.known(orgs) if org.number not in self.hidden}

    def still_open(self, moment: datetime) -> list[OpenTender]:
        """Return the tenders whose first deadline has not passed since."""
        return [
            one
            for one in self.tenders
            if one.stored.notice.deadline and one.stored.notice.deadline > moment
        ]

    def municipality(self, org: OrgId) -> Municipality | None:
        """Return where a firm works: its first open establishment, else its own address."""
        number = self.market.index.firms.municipality(key_of(org))
        return self.market.codes.places.municipality(number) if number else None

    def town(self, org: OrgId) -> str:
        """Name the municipality where a firm works, ``""`` when not known."""
        known = self.municipality(org)
        return known.name if known else ""


def open_now(store: Store, settings: Settings, clock: Clock) -> Now:
    """Read what stands open; nothing is written, procedures are as the last run derived them."""
    with store.read() as connection:
        stored: list[StoredNotice] = list(notices.open_competitions(connection, clock()))
        tenders = tuple(tender(connection, one) for one in stored)
        buyers = {
            one.row: frozenset(
                str(party.org)
                for party in notices.parties_of(connection, one.row)
                if party.role == "buyer" and party.org
            )
            for one in stored
        }
    market = load_market(store, settings, clock)
    return Now(
        market=market,
        tenders=tenders,
        buyers=buyers,
        hidden=hidden_numbers(store, settings),
        words=TenderWords.of(tenders),
        towns=_towns(tenders, market.codes.places),
    )


def _towns(tenders: Sequence[OpenTender], places: Places) -> Mapping[int, Sequence[frozenset[str]]]:
    """Return where the lots of tenders are performed, by the row of the notice."""
    return {
        one.stored.row: [
            lot_municipalities(one.stored.notice, lot, places, one.buyer_municipality)[0]
            for lot in one.stored.notice.lots
        ]
        for one in tenders
    }


@dataclass(slots=True)
class OpenMarket:
    """Keeps :class:`Now`, and reads it anew in the background once it is old.

    Who asks never waits but the first time: until the new one is there, the old one answers.

    Attributes:
        store, settings, clock: as for :func:`open_now`. fresh_s: seconds after which it is old.
        hidden_s: seconds after which it is asked anew who is not to be shown; that is a small
            question, and every process asks it for itself.
    """

    store: Store
    settings: Settings
    clock: Clock
    fresh_s: float = 300.0
    hidden_s: float = 1.0
    _now: Now | None = None
    _read_at: float = 0.0
    _shown: frozenset[str] = frozenset()
    _asked_at: float = 0.0
    _reading: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> Now:
        """Return what stands open."""
        if self._now is None:
            with self._reading:
                if self._now is None:
                    self._read()
        elif time.monotonic() - self._read_at > self.fresh_s and self._reading.acquire(
            blocking=False
        ):
            threading.Thread(target=self._renew, daemon=True).start()
        assert self._now is not None
        if time.monotonic() - self._asked_at > self.hidden_s:
            self.ask_who_hides()
        return self._now

    def ask_who_hides(self) -> None:
        """Ask now who is not to be shown: also persons who asked to be, and do so no more."""
        with self.store.read() as connection:
            hidden, shown = statements.chosen(connection)
        self._asked_at = time.monotonic()
        now = self._now
        gone = frozenset(self.settings.hidden) | hidden | (self._shown - shown)
        if now is not None and now.hidden != gone:
            self._now = replace(now, hidden=gone)

    def _read(self) -> None:
        with self.store.read() as connection:
            shown = statements.chosen(connection)[1]
        now = open_now(self.store, self.settings, self.clock)
        self._now, self._shown = now, shown
        self._read_at = time.monotonic()
        self.ask_who_hides()

    def _renew(self) -> None:
        try:
            self._read()
        finally:
            self._reading.release()
