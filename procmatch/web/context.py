"""What every page needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from procmatch.alerts.addresses import Addresses
from procmatch.alerts.links import verify
from procmatch.codes.places import Places
from procmatch.model.subscription import Subscription
from procmatch.settings import Settings
from procmatch.store import Store, subscriptions

__all__ = ["Context"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The store, the settings, the clock and the names of places."""

    store: Store
    settings: Settings
    clock: Callable[[], datetime]
    places: Places

    @property
    def root(self) -> str:
        """The path under which the pages are served, without a slash at the end."""
        return urlsplit(self.settings.mail.public_url).path.rstrip("/")

    def subject(self, token: str, purpose: str) -> str:
        """Return what a link is about. Raises LinkRefused."""
        return verify(token, purpose=purpose, secret=self.settings.secret_key, now=self.clock())

    def subscription(self, key: str) -> Subscription:
        """Return a subscription. Raises NotFound."""
        with self.store.read() as connection:
            return subscriptions.find(connection, key)

    def addresses(self, subscription: Subscription) -> Addresses:
        """Return the maker of a subscription's addresses; without a public one they are paths."""
        return Addresses(
            public_url=self.settings.mail.public_url or "/",
            secret=self.settings.secret_key,
            subscription=subscription,
            made_at=self.clock(),
        )
