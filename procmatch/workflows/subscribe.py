"""Subscribe: who wants to hear what. Nothing is sent before the address is confirmed.

Everything that a letter, a page or the command line lets a subscriber do is a function here.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from procmatch.alerts.asked import consent_text
from procmatch.alerts.confirmation import UNCONFIRMED_LIVE, write_confirmation, write_links
from procmatch.alerts.wishes import checked
from procmatch.model.subscription import Consent, Subscription, Topic
from procmatch.settings import Settings
from procmatch.store import Store, news, organisations, outbox, subscriptions
from procmatch.workflows.buyers import buyer_of
from procmatch.workflows.ingest import Clock

__all__ = [
    "NEWS_LIVE",
    "WAITING",
    "ask",
    "change",
    "confirm",
    "drop_old_news",
    "drop_unconfirmed",
    "leave",
    "new_feed_key",
    "new_id",
    "renew_feeds",
    "send_links",
    "subscribe",
]

#: So many subscriptions of one address may wait for a yes: nobody can be flooded by others.
WAITING = 3
#: How long what letters said is kept tender by tender.
NEWS_LIVE = timedelta(days=365)
#: What stays as it was when a subscriber changes a subscription.
_FIXED = ("id", "email", "org", "created_at", "confirmed_at", "consent", "feed_key")
_ID_BYTES, _KEY_BYTES = 16, 32


def new_id() -> str:
    """Return a random id that says nothing about the person and cannot be guessed."""
    return secrets.token_hex(_ID_BYTES)


def new_feed_key() -> str:
    """Return a random secret for the addresses of feeds."""
    return secrets.token_urlsafe(_KEY_BYTES)


def subscribe(
    store: Store,
    subscription: Subscription,
    *,
    confirmed: bool,
    clock: Clock,
    way: str = "command line",
) -> Subscription:
    """Keep a subscription without writing to anybody.

    Args:
        store: where it is kept.
        subscription: what is wanted; its ``org``, if any, must be in the store.
        confirmed: the operator vouches that the person asked for it (double opt-in elsewhere).
        clock: aware UTC now.
        way: where it was asked for; kept with the consent.

    Raises:
        NotFound: the organisation or municipality is not in the store.
        CodeError: the address is not an e-mail address, nothing was asked for, or a wish cannot
            be meant.
    """
    kept = _prepared(store, subscription)
    kept = replace(kept, confirmed_at=clock() if confirmed else None)
    with store.begin() as connection:
        _keep(connection, kept, "confirmed" if confirmed else "asked", way, clock)
    return kept


def ask(
    store: Store, subscription: Subscription, *, settings: Settings, clock: Clock, way: str
) -> Subscription | None:
    """Keep a subscription and put the letter that asks for a yes in the outbox (double opt-in).

    Returns:
        The subscription as kept, or None where :data:`WAITING` of the address wait already:
        then nothing is kept and nothing sent, and the person who asked need not know.

    Raises:
        NotFound, CodeError: as :func:`subscribe`.
        SettingsError: there is no secret to sign the link with, or the sender is no address.
        DeliveryRefused: not one e-mail address.
    """
    kept = replace(_prepared(store, subscription), confirmed_at=None)
    letter = write_confirmation(
        kept, now=clock(), settings=settings.mail, secret=settings.secret_key
    )
    with store.begin() as connection:
        same = subscriptions.by_email(connection, kept.email)
        if sum(one.confirmed_at is None for one in same) >= WAITING:
            return None
        _keep(connection, kept, "asked", way, clock)
        outbox.queue(connection, kept.id, letter, (), clock())
    return kept


def _prepared(store: Store, subscription: Subscription) -> Subscription:
    asked = checked(subscription)
    with store.read() as connection:
        if asked.org is not None:
            organisations.find(connection, asked.org)
        if asked.topic is not Topic.TENDERS:
            buyer_of(connection, asked.municipalities[0])
    return replace(
        asked,
        consent=asked.consent or consent_text(asked.language),
        feed_key=asked.feed_key or new_feed_key(),
    )


def _keep(connection: Connection, kept: Subscription, action: str, way: str, clock: Clock) -> None:
    subscriptions.save(connection, kept)
    consent = Consent(action=action, text=kept.consent, way=way, at=clock())
    subscriptions.note_consent(connection, kept.id, consent)


def confirm(store: Store, key: str, *, clock: Clock, way: str = "command line") -> Subscription:
    """Note that the subscriber confirmed the address; a second yes changes nothing.

    Raises:
        NotFound: no such subscription; it may have been deleted because nobody confirmed it.
    """
    with store.begin() as connection:
        before = subscriptions.find(connection, key)
        done = subscriptions.confirm(connection, key, clock())
        if before.confirmed_at is None:
            consent = Consent(action="confirmed", text=done.consent, way=way, at=clock())
            subscriptions.note_consent(connection, key, consent)
    return done


def change(
    store: Store, wanted: Subscription, *, clock: Clock, way: str = "command line"
) -> Subscription:
    """Write what a subscriber wants from now on.

    Args:
        store: where it is kept.
        wanted: with the id of the subscription. Address, organisation and consent stay as they
            were: for another address or organisation one subscribes anew.
        clock: aware UTC now.
        way: where it was changed.

    Raises:
        NotFound: no such subscription.
        CodeError: a wish cannot be meant.
    """
    with store.read() as connection:
        before = subscriptions.find(connection, wanted.id)
    fixed = {name: getattr(before, name) for name in _FIXED}
    after = _prepared(store, replace(wanted, **fixed))
    if after == before:
        return before
    with store.begin() as connection:
        subscriptions.find(connection, wanted.id)  # it may be gone by now: never bring it back
        _keep(connection, after, "changed", way, clock)
    return after


def send_links(store: Store, email: str, *, settings: Settings, clock: Clock) -> int:
    """Put a letter with fresh links in the outbox for each confirmed subscription of an address.

    The same subscription gets at most one such letter a day.

    Returns:
        How many subscriptions there are; never to be told to who asked.

    Raises:
        SettingsError: there is no secret to sign the links with.
    """
    with store.read() as connection:
        same = subscriptions.by_email(connection, email)
    found = [one for one in same if one.confirmed_at is not None]
    for one in found:
        letter = write_links(one, now=clock(), settings=settings.mail, secret=settings.secret_key)
        with store.begin() as connection:
            if subscriptions.hold(connection, one.id):
                outbox.queue(connection, one.id, letter, (), clock())
    return len(found)


def renew_feeds(store: Store, key: str) -> Subscription:
    """Give a subscription's feeds new secret addresses; the old ones end. Raises NotFound."""
    with store.begin() as connection:
        done = replace(subscriptions.find(connection, key), feed_key=new_feed_key())
        subscriptions.save(connection, done)
    return done


def leave(store: Store, key: str, *, outbox_folder: Path | None = None) -> None:
    """Delete a subscription and everything kept about it, letters in the outbox folder too.

    Raises:
        NotFound: no such subscription.
    """
    with store.begin() as connection:
        letters = [row.letter for row in outbox.of_subscription(connection, key)]
        subscriptions.delete_subscription(connection, key)
    if outbox_folder is not None:
        for letter in letters:
            (outbox_folder / f"{letter}.eml").unlink(missing_ok=True)
    subscriptions.scrub(store)


def drop_old_news(store: Store, *, clock: Clock, after: timedelta = NEWS_LIVE) -> int:
    """Delete the words of letters that no link can lead to any more; return of how many tenders.

    That a lot was told of, and what was judged, stays.
    """
    with store.begin() as connection:
        return news.drop_before(connection, clock() - after)


def drop_unconfirmed(store: Store, *, clock: Clock, after: timedelta = UNCONFIRMED_LIVE) -> int:
    """Delete the subscriptions that nobody confirmed in time; return how many."""
    with store.begin() as connection:
        gone = subscriptions.unconfirmed(connection, clock() - after)
        for key in gone:
            subscriptions.delete_subscription(connection, key)
    if gone:
        subscriptions.scrub(store)
    return len(gone)
