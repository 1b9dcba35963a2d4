"""Alert: tell each subscriber of the few lots that fit, once, and send the letters.

What a letter tells is noted in the same transaction that puts it in the outbox; sending comes
after. A crash between "sent" and "noted" sends the same letter again with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from procmatch.alerts.digest import called_off, changes_between, fingerprint, make_digest
from procmatch.alerts.letter import PAGES, write_letter
from procmatch.alerts.post import Post
from procmatch.errors import DeliveryError, DeliveryRefused, NotFound
from procmatch.model.match import Match, Verdict
from procmatch.model.notice import Lot, Notice
from procmatch.model.subscription import Digest, DigestItem, Frequency, Letter, Subscription
from procmatch.settings import Settings
from procmatch.store import Store, notices, outbox, procedures, subscriptions, told
from procmatch.workflows.ingest import Clock
from procmatch.workflows.market import Market, OpenTender, load_market
from procmatch.workflows.match import open_tenders, tenders_for

__all__ = ["AlertReport", "alert", "has_subscribers", "send_letters"]

_OSLO = ZoneInfo("Europe/Oslo")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReport:
    """Letters written now, and what became of those in the outbox.

    ``written`` holds the letters themselves so that a dry run can show them.
    """

    subscriptions: int
    written: tuple[Letter, ...]
    sent: int = 0
    postponed: int = 0
    refused: int = 0


def alert(store: Store, *, settings: Settings, clock: Clock, post: Post | None) -> AlertReport:
    """Write the letters that are due, then send what is in the outbox.

    Args:
        store: holds subscriptions, matches and the outbox.
        settings: mail settings and ranking policy.
        clock: aware UTC now.
        post: how letters leave; None is a dry run: nothing is written or sent.
    """
    with store.read() as connection:
        subscribers = list(subscriptions.subscribers(connection))
    if not subscribers:
        return AlertReport(subscriptions=0, written=())
    tenders = open_tenders(store, clock)
    market = load_market(store, settings, clock)
    written = []
    unwritable = 0
    for subscription in subscribers:
        if not _is_due(store, subscription, clock()):
            continue
        try:
            letter = _write(store, subscription, tenders, market, settings, clock, dry=post is None)
        except DeliveryRefused:
            unwritable += 1  # the address is none; the others must not wait for it
            continue
        if letter:
            written.append(letter)
    report = AlertReport(subscriptions=len(subscribers), written=tuple(written), refused=unwritable)
    if post is None:
        return report
    sent, postponed, refused = send_letters(store, clock=clock, post=post)
    return AlertReport(
        subscriptions=len(subscribers),
        written=report.written,
        sent=sent,
        postponed=postponed,
        refused=refused + unwritable,
    )


def has_subscribers(store: Store) -> bool:
    """Return whether anybody subscribes."""
    with store.read() as connection:
        return next(subscriptions.subscribers(connection), None) is not None


def _is_due(store: Store, subscription: Subscription, now: datetime) -> bool:
    """Whether enough time has passed since the last letter; days are days in Oslo."""
    if subscription.frequency is Frequency.INSTANT:
        return True
    with store.read() as connection:
        last = told.last_told_at(connection, subscription.id)
    if last is None:
        return True
    days = timedelta(days=1 if subscription.frequency is Frequency.DAILY else 7)
    return now.astimezone(_OSLO).date() >= last.astimezone(_OSLO).date() + days


def _write(
    store: Store,
    subscription: Subscription,
    tenders: Sequence[OpenTender],
    market: Market,
    settings: Settings,
    clock: Clock,
    *,
    dry: bool,
) -> Letter | None:
    now = clock()
    with store.read() as connection:
        known = told.already_told(connection, subscription.id)
    hits = _hits(store, subscription, tenders, market, settings, clock)
    items, news = _news(store, subscription, hits, known)
    cancelled, cancelled_news = _cancelled(store, known, subscription.language)
    digest = make_digest(
        subscription, [*items, *cancelled], now=now, max_items=settings.mail.max_items
    )
    if digest is None:
        return None
    letter = write_letter(
        digest,
        settings=settings.mail,
        secret=settings.secret_key,
        pages={**PAGES, "doffin": settings.sources.doffin_page_url},
        place_label=market.place_label,
    )
    if not dry:
        telling = _told_in(digest, [*news, *cancelled_news])
        with store.begin() as connection:
            outbox.queue(connection, subscription.id, letter, telling, now)
    return letter


def _hits(
    store: Store,
    subscription: Subscription,
    tenders: Sequence[OpenTender],
    market: Market,
    settings: Settings,
    clock: Clock,
) -> list[tuple[OpenTender, Lot, Match | None]]:
    """Return the open lots that a subscription asks for."""
    if subscription.org is None:
        return [
            (one, lot, None)
            for one in tenders
            for lot in one.stored.notice.lots
            if _asked_for(subscription, one, lot)
        ]
    try:
        ranked = tenders_for(
            store,
            subscription.org,
            settings=settings,
            clock=clock,
            market=market,
            tenders=tenders,
        )
    except NotFound:
        return []  # removed from the register: nothing may be said about it
    return [
        (one, lot, match)
        for one, lot, match in ranked
        if match.score >= subscription.threshold
        and match.verdict is not Verdict.NOT
        and _small_enough(subscription, lot)
    ]


def _small_enough(subscription: Subscription, lot: Lot) -> bool:
    limit = subscription.value_max
    return limit is None or lot.value is None or lot.value.amount <= limit


def _asked_for(subscription: Subscription, one: OpenTender, lot: Lot) -> bool:
    """Whether a search subscription wants a lot: every kind of wish that is stated must hold."""
    notice = one.stored.notice
    codes = lot.cpv or tuple(filter(None, (notice.cpv_main, *notice.cpv_additional)))
    text = " ".join((str(notice.title), str(lot.title), str(lot.description))).casefold()
    wishes = [
        not subscription.cpv
        or any(
            code.startswith(wish.rstrip("0") or wish) for code in codes for wish in subscription.cpv
        ),
        not subscription.words or any(word.casefold() in text for word in subscription.words),
        not subscription.municipalities
        or any(
            (one.buyer_municipality or "").startswith(place)
            for place in subscription.municipalities
        ),
        _small_enough(subscription, lot),
    ]
    return all(wishes)


def _news(
    store: Store,
    subscription: Subscription,
    hits: Sequence[tuple[OpenTender, Lot, Match | None]],
    known: dict[tuple[str, str], told.Told],
) -> tuple[list[DigestItem], list[tuple[Notice, told.Told]]]:
    """Return the tenders with lots that are new or changed since they were told of."""
    by_notice: dict[int, list[tuple[OpenTender, Lot, Match | None]]] = {}
    for hit in hits:
        by_notice.setdefault(hit[0].stored.row, []).append(hit)
    items, news = [], []
    for group in by_notice.values():
        stored = group[0][0].stored
        fresh = []
        before: str | None = None
        for _one, lot, match in group:
            mark = fingerprint(stored.notice, lot)
            old = known.get((stored.procedure, lot.id))
            if old and old.fingerprint == mark:
                continue
            before = before or (old.notice if old else None)
            fresh.append((lot, match))
            key = stored.notice.source_id or stored.notice.notice_id
            news.append(
                (
                    stored.notice,
                    told.Told(procedure=stored.procedure, lot=lot.id, fingerprint=mark, notice=key),
                )
            )
        if fresh:
            items.append(
                DigestItem(
                    notice=stored.notice,
                    lots=tuple(fresh),
                    news="changed" if before else "new",
                    changes=_changes(store, before, stored.notice, subscription.language),
                )
            )
    return items, news


def _changes(store: Store, before: str | None, now: Notice, language: str) -> tuple[str, ...]:
    if before is None:
        return ()
    with store.read() as connection:
        old = notices.find(connection, before).notice
    return changes_between(old, now, language)


def _cancelled(
    store: Store, known: dict[tuple[str, str], told.Told], language: str
) -> tuple[list[DigestItem], list[tuple[Notice, told.Told]]]:
    """Return the tenders that were told of and have been called off since."""
    items, news = [], []
    for procedure in dict.fromkeys(key[0] for key in known):
        lots = {lot: mark for (own, lot), mark in known.items() if own == procedure}
        if all(mark.fingerprint == "cancelled" for mark in lots.values()):
            continue
        with store.read() as connection:
            chain = notices.of_procedure(connection, procedure)
            derived = procedures.find(connection, procedure)
        if derived is None or derived.cancelled is None:
            continue
        by = derived.cancelled.by
        end = next(
            one.notice
            for one in chain
            if (one.notice.source, one.notice.source_id or one.notice.notice_id)
            == (by.source, by.id)
        )
        by_id = {lot.id: lot for one in chain for lot in one.notice.lots}
        key = end.source_id or end.notice_id
        items.append(
            DigestItem(
                notice=end,
                lots=tuple((by_id[lot], None) for lot in lots if lot in by_id),
                news="cancelled",
                changes=called_off(chain[0].notice, end, language),
            )
        )
        news += [
            (end, told.Told(procedure=procedure, lot=lot, fingerprint="cancelled", notice=key))
            for lot in lots
        ]
    return items, news


def _told_in(digest: Digest, news: Sequence[tuple[Notice, told.Told]]) -> list[told.Told]:
    """Keep of ``news`` what the letter really tells: items beyond its cap wait for the next."""
    inside = {item.notice.notice_id for item in digest.items}
    return [one for notice, one in news if notice.notice_id in inside]


def send_letters(store: Store, *, clock: Clock, post: Post) -> tuple[int, int, int]:
    """Send what is due in the outbox; return (sent, postponed, refused)."""
    sent = postponed = refused = 0
    with store.read() as connection:
        letters = outbox.due(connection, clock())
    for letter in letters:
        try:
            post.send(letter)
        except DeliveryRefused as error:
            refused += 1
            _fail(store, letter, error, clock, for_good=True)
        except DeliveryError as error:
            postponed += 1
            _fail(store, letter, error, clock, for_good=False)
        else:
            sent += 1
            with store.begin() as connection:
                outbox.mark_sent(connection, letter.id, clock())
    return sent, postponed, refused


def _fail(
    store: Store, letter: Letter, error: DeliveryError, clock: Clock, *, for_good: bool
) -> None:
    with store.begin() as connection:
        outbox.mark_failed(connection, letter.id, str(error), clock(), for_good=for_good)
