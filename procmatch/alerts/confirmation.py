"""Letters about a subscription itself: the one that asks for a yes, and fresh links on request."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from urllib.parse import quote

from procmatch.alerts.addresses import Addresses
from procmatch.alerts.asked import consent_text, details
from procmatch.alerts.headers import headed_message
from procmatch.alerts.letter import common, fill
from procmatch.alerts.phrases import phrase
from procmatch.model.subscription import Letter, Subscription
from procmatch.settings import Mail

__all__ = ["UNCONFIRMED_LIVE", "write_confirmation", "write_links"]

#: After so long without a yes an address is deleted.
UNCONFIRMED_LIVE = timedelta(days=14)


def write_confirmation(
    subscription: Subscription, *, now: datetime, settings: Mail, secret: str
) -> Letter:
    """Write the letter that asks the holder of an address to confirm a subscription.

    With a public address it holds a link, else a mail to send back.

    Raises:
        SettingsError: the sender is not an address, or the secret is missing.
        DeliveryRefused: the subscriber's address is not one address.
    """
    language = subscription.language
    addresses = Addresses(
        public_url=settings.public_url, secret=secret, subscription=subscription, made_at=now
    )
    stop = addresses.page("leave")
    subject = phrase("Do you want letters about tenders?", language)
    key = hashlib.sha256(f"confirm\n{subscription.id}\n{now.isoformat()}".encode()).hexdigest()[:40]
    answer = f"confirm {addresses.token('confirm')}"
    receiver = quote(settings.unsubscribe_mailto, safe="@")
    message = headed_message(
        subscription,
        written_at=now,
        settings=settings,
        stop=stop if stop.startswith("https://") else "",
        key=key,
        subject=subject,
    )
    values = {
        **common(subscription, settings, stop),
        "subject": subject,
        "details": details(subscription),
        "consent": consent_text(language),
        "yes": addresses.page("confirm"),
        "yes_mail": f"mailto:{receiver}?subject={quote(answer)}",
        "yes_subject": answer,
        "days": UNCONFIRMED_LIVE.days,
    }
    return fill(message, "confirm", values, key=key, subject=subject)


def write_links(
    subscription: Subscription, *, now: datetime, settings: Mail, secret: str
) -> Letter:
    """Write the letter with fresh links, for a subscriber whose links have expired.

    The same day gives the same letter, so that nobody can be flooded by asking for it.

    Raises:
        SettingsError: the sender is not an address, or the secret is missing.
        DeliveryRefused: the subscriber's address is not one address.
    """
    language = subscription.language
    addresses = Addresses(
        public_url=settings.public_url, secret=secret, subscription=subscription, made_at=now
    )
    stop = addresses.page("leave")
    subject = phrase("Your links to procmatch", language)
    today = now.date().isoformat()
    key = hashlib.sha256(f"links\n{subscription.id}\n{today}".encode()).hexdigest()[:40]
    message = headed_message(
        subscription,
        written_at=now,
        settings=settings,
        stop=stop if stop.startswith("https://") else "",
        key=key,
        subject=subject,
    )
    values = {
        **common(subscription, settings, stop),
        "subject": subject,
        "details": details(subscription),
        "change": addresses.page("change"),
    }
    return fill(message, "links", values, key=key, subject=subject)
