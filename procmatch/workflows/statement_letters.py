"""Letters about what firms ask for: the operator's answer is queued; what was told is deleted."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row

from procmatch.alerts.decision_letter import Decision, write_decision
from procmatch.alerts.headers import address_sent_to
from procmatch.alerts.statement_letter import letter_of
from procmatch.errors import DeliveryRefused, SettingsError
from procmatch.model.organisation import Organisation
from procmatch.model.statement import Request, Stated
from procmatch.settings import Settings
from procmatch.store import Store, outbox, statements, stopped, subscriptions
from procmatch.workflows.ingest import Clock

__all__ = ["drop_request", "drop_sent", "drop_to", "has_page", "letters_to", "tell", "unlink"]

_log = logging.getLogger(__name__)


def tell(
    connection: Connection,
    request: Request,
    decision: Decision,
    *,
    settings: Settings,
    clock: Clock,
) -> None:
    """Queue the letter about what the operator decided, in the transaction of the decision.

    Whoever gave no yes is not written to. Where no letter can be written the decision holds all
    the same.

    Args:
        connection: in a transaction.
        request: what was asked for.
        decision: what became of it.
        settings: who sends, where the pages are, whom to write to.
        clock: aware UTC now.
    """
    if request.confirmed_at is None:
        return
    try:
        letter = write_decision(
            request, decision, now=clock(), settings=settings.mail, contact=settings.contact
        )
    except (SettingsError, DeliveryRefused) as error:
        _log.warning("who asked is not told what was decided: %s", error)
        return
    outbox.queue(connection, None, letter, (), clock())


def has_page(unit: Organisation, holds: Stated | None, settings: Settings) -> bool:
    """Whether there is a page about a firm to look at.

    Args:
        unit: the firm in the register.
        holds: what holds of it by its own word.
        settings: whom the operator hides.
    """
    shown = holds.shown if holds else None
    is_open = shown is True if unit.is_person else shown is not False
    return is_open and unit.id.number not in settings.hidden


def drop_request(connection: Connection, request: Request) -> None:
    """Delete a request and the letter that asked for a yes."""
    statements.drop_request(connection, request.id, letter_of(request.id))
    _open_again(connection, [address_sent_to(request.email)])


def drop_sent(store: Store, *, outbox_folder: Path | None) -> int:
    """Delete the letters about decisions that are sent or dead; return how many.

    A letter that asks for a yes goes with its request.
    """
    with store.begin() as connection:
        waiting = [letter_of(key) for key in statements.keys(connection)]
        gone = outbox.drop_done(connection, but=waiting)
        _open_again(connection, gone.values())
    unlink(outbox_folder, gone)
    if gone:
        subscriptions.scrub(store)
    return len(gone)


def letters_to(connection: Connection, email: str) -> list[Row[Any]]:
    """Return all that is kept of letters about firms to an address, oldest first."""
    return list(outbox.of_address(connection, {email.strip(), address_sent_to(email)}))


def drop_to(store: Store, email: str, *, outbox_folder: Path | None) -> None:
    """Delete all letters about firms to an address, sent or not."""
    with store.begin() as connection:
        gone = letters_to(connection, email)
        for row in gone:
            outbox.drop(connection, row.letter)
        _open_again(connection, {row.recipient for row in gone})
    unlink(outbox_folder, [row.letter for row in gone])
    subscriptions.scrub(store)


def unlink(outbox_folder: Path | None, letters: Iterable[str]) -> None:
    """Delete letters that lie in the outbox folder as files."""
    if outbox_folder is not None:
        for letter in letters:
            (outbox_folder / f"{letter}.eml").unlink(missing_ok=True)


def _open_again(connection: Connection, addresses: Iterable[str]) -> None:
    """Let no address stay among those that refused, once nothing else is kept of it."""
    unused = {one for one in addresses if not subscriptions.by_email(connection, one)}
    if unused:
        stopped.clear(connection, unused)
