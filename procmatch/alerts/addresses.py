"""The web addresses in a subscriber's letters: signed, each for one purpose, each with an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from procmatch.alerts.links import sign
from procmatch.model.subscription import Subscription

__all__ = ["LIFETIMES", "Addresses", "subjects"]

#: Purpose of a link -> how long it lives. Leaving must work from any letter that is still about.
LIFETIMES = {
    "confirm": timedelta(days=7),
    "leave": timedelta(days=365),
    "change": timedelta(days=60),
    "feedback": timedelta(days=90),
    "more": timedelta(days=60),
}
_JOIN = "/"


def subjects(subject: str) -> tuple[str, str]:
    """Return (subscription, item or letter) that the subject of a link names."""
    subscription, _, rest = subject.partition(_JOIN)
    return subscription, rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Makes the addresses of one subscription.

    Attributes:
        public_url: where the pages are served; ``""`` makes every address ``""``.
        secret: signs them. made_at: when their lives begin, UTC.
    """

    public_url: str
    secret: str
    subscription: Subscription
    made_at: datetime

    def token(self, purpose: str, what: str = "") -> str:
        """Return a signed token. Raises SettingsError where there is no secret."""
        subject = f"{self.subscription.id}{_JOIN}{what}" if what else self.subscription.id
        until = self.made_at + LIFETIMES[purpose]
        return sign(purpose, subject, secret=self.secret, expires_at=until)

    def page(self, purpose: str, what: str = "") -> str:
        """Return the page that serves a purpose."""
        if not self.public_url:
            return ""
        return f"{self.public_url.rstrip('/')}/{purpose}/{self.token(purpose, what)}"

    def feed(self, name: str) -> str:
        """Return the secret address of a feed."""
        key = self.subscription.feed_key
        if not (self.public_url and key):
            return ""
        return f"{self.public_url.rstrip('/')}/feeds/{key}/{name}"
