"""Addresses that refused for good: nothing more is sent there until the operator says so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from procmatch.store.tables import stopped_addresses
from procmatch.store.upsert import put

__all__ = ["Stopped", "clear", "count", "stop", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """An address that refused.

    Attributes:
        recipient: of e-mail, or of the web for a webhook. error: its answer. at: UTC.
    """

    channel: str
    recipient: str
    error: str
    at: datetime


def stop(connection: Connection, channel: str, recipient: str, error: str, now: datetime) -> None:
    """Mark an address."""
    row = {"channel": channel, "recipient": recipient, "error": error, "at": now}
    put(connection, stopped_addresses, [row])


def clear(connection: Connection, recipients: Collection[str] | None = None) -> int:
    """Let letters go to addresses again, to all when none is named; return how many were marked."""
    change = delete(stopped_addresses)
    if recipients is not None:
        change = change.where(stopped_addresses.c.recipient.in_(list(recipients)))
    return connection.execute(change).rowcount


def stopped(connection: Connection) -> list[Stopped]:
    """Return all marked addresses, oldest mark first."""
    query = select(stopped_addresses).order_by(
        stopped_addresses.c.at, stopped_addresses.c.recipient
    )
    return [
        Stopped(channel=row.channel, recipient=row.recipient, error=row.error, at=row.at)
        for row in connection.execute(query)
    ]


def count(connection: Connection) -> int:
    """Return how many addresses are marked."""
    return connection.scalar(select(func.count()).select_from(stopped_addresses)) or 0
