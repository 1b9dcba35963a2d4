"""Forget an organisation everywhere: what the law had removed from its register goes here too."""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, exists, select

from procmatch.model.organisation import OrgId
from procmatch.store import evidence, labels, tender_figures
from procmatch.store.ledger_tables import ledger_lines
from procmatch.store.tables import (
    downloads,
    establishments,
    metadata,
    parties,
    raw_answers,
    raw_chunks,
    set_aside,
)

__all__ = ["forget_raw", "purge"]

_REGISTER, _ACCOUNTS = "enhetsregisteret", "accounts"
#: Files of all units: one record cannot be cut out of them, and they can be had again any day.
_BULK_KINDS = ("units", "establishments")
_UNLINKED = dict.fromkeys(("register", "org", "score", "certain", "method", "document"))
_UNNAMED = dict.fromkeys(("supplier", "number", "register", "org", "score", "certain"))


def purge(connection: Connection, org: OrgId) -> None:
    """Delete a unit that was removed from its register for legal reasons, everywhere.

    With it go its establishments, accounts, matches and whatever else a table holds under its
    number, figures of tenders that may name it, what persons decided of names that are its own, the
    raw answers about it, and the kept bulk files, which may name it. Parties of notices stay as
    their notice prints them, without a link.
    """
    own = connection.scalars(
        select(establishments.c.number).where(
            establishments.c.register == org.register, establishments.c.parent == org.number
        )
    ).all()
    numbers = [org.number, *own]
    evidence.purge(connection, org)
    labels.forget(connection, org.register, numbers)
    tender_figures.drop_naming(connection, numbers)
    for table in reversed(metadata.sorted_tables):
        _forget(connection, table, org.register, numbers)
    for waiting in (downloads, set_aside):
        # The register's queue names the list before the number: "enheter/310000017".
        keys = [key for one in numbers for key in (one, f"enheter/{one}", f"underenheter/{one}")]
        connection.execute(
            delete(waiting).where(
                waiting.c.source.in_((_REGISTER, _ACCOUNTS)), waiting.c.key.in_(keys)
            )
        )
    forget_raw(connection, numbers)


def _forget(connection: Connection, table: Table, register: str, numbers: list[str]) -> None:
    """Delete the rows of a table that is about organisations; parties and payments lose links."""
    if table is parties:
        which = (parties.c.register == register) & parties.c.org.in_(numbers)
        connection.execute(parties.update().where(which).values(_UNLINKED))
        return
    if table is ledger_lines:
        # What was paid stays in the sums of its buyer.
        named = ledger_lines.c.org.in_(numbers) | ledger_lines.c.number.in_(numbers)
        connection.execute(ledger_lines.update().where(named).values(_UNNAMED))
        return
    if "register" not in table.c:
        return
    for column in ("number", "org"):
        if column in table.c:
            connection.execute(
                delete(table).where(table.c.register == register, table.c[column].in_(numbers))
            )


def forget_raw(connection: Connection, numbers: list[str]) -> None:
    """Delete the raw answers about single units, and the bulk files among the raw answers."""
    gone = (raw_answers.c.source.in_((_REGISTER, _ACCOUNTS)) & raw_answers.c.key.in_(numbers)) | (
        (raw_answers.c.source == _REGISTER) & raw_answers.c.kind.in_(_BULK_KINDS)
    )
    bodies = set(connection.scalars(select(raw_answers.c.sha256).where(gone)))
    if not bodies:
        return
    connection.execute(delete(raw_answers).where(gone))
    # Two answers with the same body share it.
    used = exists().where(raw_answers.c.sha256 == raw_chunks.c.sha256)
    connection.execute(delete(raw_chunks).where(raw_chunks.c.sha256.in_(bodies), ~used))
