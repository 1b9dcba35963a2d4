"""Inbox: do what a letter that came in asks for."""

from __future__ import annotations

from pathlib import Path

from procmatch.alerts.incoming import read_request
from procmatch.alerts.links import verify
from procmatch.errors import NotFound
from procmatch.settings import Settings
from procmatch.store import Store
from procmatch.workflows.ingest import Clock
from procmatch.workflows.subscribe import confirm, leave

__all__ = ["take_in"]


def take_in(store: Store, message: bytes, *, settings: Settings, clock: Clock) -> str:
    """Do what an incoming letter asks for.

    Returns:
        ``"stopped"``, ``"confirmed"``, ``"gone"`` (the subscription to be stopped is no more) or
        ``"nothing"`` (it asks for nothing that we know).

    Raises:
        LinkRefused: the token of a "confirm" is forged, expired or for something else.
        NotFound: the subscription to be confirmed was deleted because nobody did so in time.
    """
    asked = read_request(message)
    if asked is None:
        return "nothing"
    if asked.verb == "stop":
        try:
            leave(store, asked.key, outbox_folder=Path(settings.mail.outbox))
        except NotFound:
            return "gone"
        return "stopped"
    key = verify(asked.key, purpose="confirm", secret=settings.secret_key, now=clock())
    confirm(store, key, clock=clock, way="mail")
    return "confirmed"
