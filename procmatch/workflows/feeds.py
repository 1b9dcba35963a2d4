"""Feeds: what a program that knows a feed's secret address gets."""

from __future__ import annotations

import hashlib

from procmatch.alerts.addresses import Addresses
from procmatch.alerts.asked import wishes
from procmatch.alerts.content import Entry
from procmatch.alerts.feeds import FEEDS, FeedContent, Told
from procmatch.errors import NotFound
from procmatch.settings import Settings
from procmatch.store import Store, news, subscriptions
from procmatch.store.documents import decode

__all__ = ["feed"]

_SHOWN = 100
_NAME = 20


def feed(store: Store, key: str, name: str, *, settings: Settings) -> tuple[str, bytes]:
    """Return (media type, file) of a feed.

    Args:
        store: with the news.
        key: the secret part of its address.
        name: which feed, e.g. ``"atom.xml"``.
        settings: the public address.

    Raises:
        NotFound: no such feed, or no confirmed subscription has that secret.
    """
    if name not in FEEDS:
        raise NotFound(f"no feed {name}")
    with store.read() as connection:
        one = subscriptions.by_feed_key(connection, key)
        rows = news.latest(connection, one.id, _SHOWN)
    addresses = Addresses(
        public_url=settings.mail.public_url,
        secret="",
        subscription=one,
        made_at=one.created_at,
    )
    content = FeedContent(
        title=wishes(one),
        language=one.language,
        name=hashlib.sha256(f"feed\n{one.id}".encode()).hexdigest()[:_NAME],
        address=addresses.feed(name),
        made_at=one.created_at,
        news=[Told(entry=decode(row.document, Entry), at=row.at) for row in rows],
    )
    return FEEDS[name].media_type, FEEDS[name].render(content)
