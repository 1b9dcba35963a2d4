"""Alert: tell each subscriber of the few lots that fit, once, and send the letters.

What a letter tells is noted in the same transaction that puts it in the outbox; sending comes
after. A crash between "sent" and "noted" sends the same letter again with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from procmatch.alerts.channels import CHANNELS
from procmatch.alerts.digest import make_digest
from procmatch.alerts.letter import PAGES, Composition, compose
from procmatch.alerts.phrases import OSLO
from procmatch.alerts.post import Post
from procmatch.alerts.quiet import is_quiet
from procmatch.errors import DeliveryRefused
from procmatch.model.subscription import Digest, Frequency, Letter, Subscription, Topic
from procmatch.settings import Settings
from procmatch.store import Store, news, outbox, stopped, subscriptions, told
from procmatch.store.documents import encode
from procmatch.workflows.buyers_news import ending, few_local
from procmatch.workflows.deliver import send_letters
from procmatch.workflows.ingest import Clock
from procmatch.workflows.telling import Piece, ended, fresh
from procmatch.workflows.wanted import Today, hits_of, today_of

__all__ = ["AlertReport", "alert", "has_subscribers", "send_letters"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReport:
    """Letters written now, and what became of those in the outbox.

    ``written`` holds the letters themselves so that a dry run can show them; ``held`` says why
    the brake holds what is left.
    """

    subscriptions: int
    written: tuple[Letter, ...]
    sent: int = 0
    postponed: int = 0
    refused: int = 0
    held: str = ""


def alert(
    store: Store,
    *,
    settings: Settings,
    clock: Clock,
    post: Post | None,
    stop: Callable[[], bool] = lambda: False,
) -> AlertReport:
    """Write the letters that are due, then send what is in the outbox.

    Nothing is written to addresses that refused for good: the news waits until they are cleared.

    Args:
        store: holds subscriptions, matches and the outbox.
        settings: mail settings and ranking policy.
        clock: aware UTC now.
        post: how letters leave; None is a dry run: nothing is written or sent.
        stop: asked before each subscription and letter; True ends the run.
    """
    with store.read() as connection:
        subscribers = list(subscriptions.subscribers(connection))
        closed = frozenset((one.channel, one.recipient) for one in stopped.stopped(connection))
    open_to = [one for sub in subscribers if (one := _reached(sub, closed)) is not None]
    due = [one for one in open_to if _is_due(store, one, clock())]
    written: list[Letter] = []
    unwritable = 0
    today = today_of(store, settings, clock, due) if due else None
    for subscription in due:
        if stop():
            break
        assert today is not None
        try:
            written += _write(store, subscription, today, settings, clock, dry=post is None)
        except DeliveryRefused:
            unwritable += 1  # the address is none; the others must not wait for it
    report = AlertReport(subscriptions=len(subscribers), written=tuple(written), refused=unwritable)
    if post is None:
        return report
    done = send_letters(
        store,
        clock=clock,
        post=post,
        mail=settings.mail,
        operator=settings.jobs.report_to,
        stop=stop,
    )
    return replace(
        report,
        sent=done.sent,
        postponed=done.postponed,
        refused=done.refused + unwritable,
        held=done.held,
    )


def _reached(subscription: Subscription, closed: frozenset[tuple[str, str]]) -> Subscription | None:
    """Return a subscription with the channels that may be used; None when all are closed."""
    addresses = {"mail": subscription.email, "webhook": subscription.webhook_url}
    channels = tuple(
        name for name in subscription.channels if (name, addresses.get(name, "")) not in closed
    )
    if subscription.channels and not channels:
        return None
    return replace(subscription, channels=channels)


def has_subscribers(store: Store) -> bool:
    """Return whether anybody subscribes."""
    with store.read() as connection:
        return next(subscriptions.subscribers(connection), None) is not None


def _is_due(store: Store, subscription: Subscription, now: datetime) -> bool:
    """Whether enough time has passed since the last letter; days are days in Oslo."""
    today = now.astimezone(OSLO).date()
    if is_quiet(subscription, today):
        return False
    if subscription.frequency is Frequency.INSTANT:
        return True
    with store.read() as connection:
        last = told.last_told_at(connection, subscription.id)
    if last is None:
        return True
    days = timedelta(days=1 if subscription.frequency is Frequency.DAILY else 7)
    return today >= last.astimezone(OSLO).date() + days


def _write(
    store: Store,
    subscription: Subscription,
    today: Today,
    settings: Settings,
    clock: Clock,
    *,
    dry: bool,
) -> list[Letter]:
    """Write what one subscriber has to hear now, in the form of each of its channels.

    Nothing is written where there is no news. Without a channel the news is noted for the feeds.
    """
    pieces = list(_pieces(store, subscription, today, settings, clock))
    now = clock()
    digest = make_digest(
        subscription,
        [piece.item for piece in pieces],
        now=now,
        max_items=settings.mail.max_items,
    )
    if digest is None:
        return []
    composed = compose(
        digest,
        settings=settings.mail,
        secret=settings.secret_key,
        pages={**PAGES, "doffin": settings.sources.doffin_page_url},
        place_label=today.market.place_label,
    )
    letters = [
        channel.write(composed, settings)
        for name in subscription.channels
        if (channel := CHANNELS.get(name))
    ]
    if not dry:
        _keep(store, digest, composed, pieces, letters, now)
    return letters


def _pieces(
    store: Store, subscription: Subscription, today: Today, settings: Settings, clock: Clock
) -> Iterator[Piece]:
    """Yield all that is news to a subscriber, in any order."""
    with store.read() as connection:
        known = told.already_told(connection, subscription.id)
        judged = news.judged(connection, subscription.id)
    if subscription.topic is Topic.FEW_LOCAL:
        yield from few_local(store, subscription, today, known, clock)
        return
    if subscription.topic is Topic.EXPIRING:
        yield from ending(store, subscription, known, clock)
        return
    hits = hits_of(store, subscription, judged, today, settings=settings, clock=clock)
    yield from fresh(store, subscription, hits, known, clock())
    yield from ended(store, subscription, known, judged, clock())


def _keep(
    store: Store,
    digest: Digest,
    composed: Composition,
    pieces: list[Piece],
    letters: list[Letter],
    now: datetime,
) -> None:
    """Put letters in the outbox and note what they tell, in one transaction.

    What is beyond the letter's cap is kept to be looked at, and waits for the next.
    """
    by_item = {id(piece.item): piece for piece in pieces}
    telling = [one for item in digest.items for one in by_item[id(item)].told]
    rows = [
        news.News(
            item=entry.key,
            letter=composed.id,
            position=position,
            told=position < len(digest.items),
            kind=entry.kind,
            procedure=entry.procedure,
            document=encode(entry),
            facts=by_item[id(item)].facts,
            at=now,
        )
        for position, (item, entry) in enumerate(
            zip(
                (*digest.items, *digest.beyond),
                (*composed.entries, *composed.beyond),
                strict=True,
            )
        )
    ]
    key = digest.subscription.id
    with store.begin() as connection:
        if not subscriptions.hold(connection, key):
            return  # it was deleted meanwhile
        for letter in letters:
            outbox.queue(connection, key, letter, (), now)
        told.note(connection, key, telling, composed.id, now)
        news.save(connection, key, rows)
