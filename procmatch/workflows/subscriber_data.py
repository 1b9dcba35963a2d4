"""All that is kept of a subscriber: given out whole, and deleted whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Row

from procmatch.errors import NotFound
from procmatch.model.statement import Request
from procmatch.model.subscription import Subscription
from procmatch.store import Store, news, outbox, statements, subscriptions, told
from procmatch.workflows.statement_letters import drop_to, letters_to
from procmatch.workflows.statements import drop
from procmatch.workflows.subscribe import leave

__all__ = ["export", "export_one", "forget"]


def export(store: Store, email: str) -> list[dict[str, Any]]:
    """Return all that is kept of an address, for JSON.

    A dictionary a subscription, a request in a firm's name and a letter about such a request.

    Raises:
        NotFound: nothing is kept of it.
    """
    own, asked, letters = _of(store, email)
    requests = msgspec.to_builtins(asked)
    return [
        *(_export(store, one) for one in own),
        *({"request": one} for one in requests),
        *({"letter": msgspec.to_builtins(_letter(row))} for row in letters),
    ]


def export_one(store: Store, key: str) -> dict[str, Any]:
    """Return all that is kept of one subscription. Raises NotFound."""
    with store.read() as connection:
        one = subscriptions.find(connection, key)
    return _export(store, one)


def _of(store: Store, email: str) -> tuple[list[Subscription], list[Request], list[Row[Any]]]:
    with store.read() as connection:
        own = subscriptions.by_email(connection, email)
        asked = statements.of_address(connection, email)
        letters = letters_to(connection, email)
    if not own and not asked and not letters:
        raise NotFound("no subscription of this address")
    return own, asked, letters


def _letter(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.letter,
        "channel": row.channel,
        "to": row.recipient,
        "subject": row.subject,
        "state": row.state,
        "queued_at": row.queued_at,
        "sent_at": row.sent_at,
        "message": row.message.decode("utf-8", "replace"),
    }


def _export(store: Store, one: Subscription) -> dict[str, Any]:
    with store.read() as connection:
        kept = {
            "subscription": one,
            "consents": subscriptions.consents_of(connection, one.id),
            "told": list(told.already_told(connection, one.id).values()),
            "news": [
                {**msgspec.to_builtins(row), "document": msgspec.json.decode(row.document)}
                for row in news.every(connection, one.id)
            ],
            "judgements": list(news.judged(connection, one.id).values()),
            "letters": [_letter(row) for row in outbox.of_subscription(connection, one.id)],
        }
    plain = msgspec.to_builtins(kept)
    assert isinstance(plain, dict)
    return plain


def forget(store: Store, email: str, *, outbox_folder: Path | None = None) -> int:
    """Delete everything kept of an address; return how many subscriptions it had.

    Nothing stays but the anonymous count of subscriptions that were deleted.

    Raises:
        NotFound: nothing is kept of it.
    """
    own, asked, _ = _of(store, email)
    for one in own:
        leave(store, one.id, outbox_folder=outbox_folder)
    for request in asked:
        drop(store, request.id, outbox_folder=outbox_folder)
    drop_to(store, email, outbox_folder=outbox_folder)
    return len(own)
