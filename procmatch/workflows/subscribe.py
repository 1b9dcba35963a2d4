"""Subscribe: who wants to hear what. Nothing is sent before the address is confirmed."""

from __future__ import annotations

import secrets
from dataclasses import replace

from procmatch.errors import CodeError
from procmatch.model.subscription import Subscription
from procmatch.store import Store, organisations, subscriptions
from procmatch.workflows.ingest import Clock

__all__ = ["confirm", "leave", "new_id", "subscribe"]


def new_id() -> str:
    """Return a random id that says nothing about the person."""
    return secrets.token_hex(10)


def subscribe(
    store: Store, subscription: Subscription, *, confirmed: bool, clock: Clock
) -> Subscription:
    """Keep a subscription.

    Args:
        store: where it is kept.
        subscription: what is wanted; its ``org``, if any, must be in the store.
        confirmed: the operator vouches that the person asked for it (double opt-in elsewhere).
        clock: aware UTC now.

    Raises:
        NotFound: the organisation is not in the store.
        CodeError: the address is not an e-mail address, or nothing was asked for.
    """
    local, at, domain = subscription.email.partition("@")
    if not (local and at and "." in domain) or any(c.isspace() for c in subscription.email):
        raise CodeError(f"not an e-mail address: {subscription.email!r}")
    if not (subscription.org or subscription.cpv or subscription.words):
        raise CodeError("a subscription needs an organisation, CPV codes or words")
    if subscription.org is not None:
        with store.read() as connection:
            organisations.find(connection, subscription.org)
    kept = replace(subscription, confirmed_at=clock() if confirmed else None)
    with store.begin() as connection:
        subscriptions.save(connection, kept)
    return kept


def confirm(store: Store, key: str, *, clock: Clock) -> Subscription:
    """Note that the subscriber confirmed the address. Raises NotFound."""
    with store.begin() as connection:
        return subscriptions.confirm(connection, key, clock())


def leave(store: Store, key: str) -> None:
    """Delete a subscription and everything that belongs to it. Raises NotFound."""
    with store.begin() as connection:
        subscriptions.delete_subscription(connection, key)
