"""Notices, their lots and parties, and what a source's list says of each publication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Row, delete, insert, select, update

from procmatch.errors import NotFound
from procmatch.model.match import Linked
from procmatch.model.notice import Notice, NoticeKind, OrganisationRef
from procmatch.model.procedure import ProcedureState
from procmatch.store.documents import decode, encode
from procmatch.store.procedures import write_keys
from procmatch.store.tables import listings, lots, notices, parties, procedures
from procmatch.store.upsert import put

__all__ = [
    "Listing",
    "StoredNotice",
    "certain_parties",
    "find",
    "listing_digests",
    "open_competitions",
    "save",
    "save_link",
    "save_listings",
    "unlinked_parties",
]


#: Databases limit the number of parameters of one statement.
_CHUNK = 800
#: The source listed it once, and does so no more.
_UNLISTED = "UNLISTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One publication in a source's list."""

    source: str
    source_id: str
    digest: str
    kind: str
    status: str | None
    published_on: date | None
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNotice:
    """A notice with its row's key and the procedure it belongs to."""

    row: int
    procedure: str
    notice: Notice


def listing_digests(connection: Connection, source: str, ids: Sequence[str]) -> dict[str, str]:
    """Return source id -> digest of those ``ids`` that are known."""
    rows = connection.execute(
        select(listings.c.source_id, listings.c.digest).where(
            listings.c.source == source, listings.c.source_id.in_(ids)
        )
    )
    return {row.source_id: row.digest for row in rows}


def save_listings(connection: Connection, rows: Sequence[Listing]) -> None:
    """Write what a list says; the newest word counts.

    A status that changes may change what the publication's procedure has come to.
    """
    for source in {row.source for row in rows}:
        listed = [row.source_id for row in rows if row.source == source]
        for start in range(0, len(listed), _CHUNK):
            connection.execute(
                update(notices)
                .where(
                    notices.c.source == source,
                    notices.c.source_id.in_(listed[start : start + _CHUNK]),
                )
                .values(settled=False)
            )
    put(
        connection,
        listings,
        [{name: getattr(row, name) for name in Listing.__slots__} for row in rows],
    )


def _procedure(connection: Connection, notice: Notice) -> str:
    """Name the procedure: its own id, that of the notice it changes, else the publication's."""
    if notice.procedure_id:
        return notice.procedure_id
    if notice.changes:
        uuid = notice.changes.notice[:36]
        found: str | None = connection.scalar(
            select(notices.c.procedure)
            .where((notices.c.notice_id == uuid) | (notices.c.source_id == notice.changes.notice))
            .order_by(notices.c.id)
        )
        if found:
            return found
    return f"{notice.source}:{notice.source_id or notice.notice_id}"


def save(connection: Connection, notice: Notice, sha256: str) -> str:
    """Write a notice, its lots and its parties as printed.

    Returns:
        ``"new"``, ``"changed"`` or ``"same"``. Links of parties that are printed as before stay.
    """
    source_id = notice.source_id or notice.notice_id
    which = (notices.c.source == notice.source) & (notices.c.source_id == source_id)
    known = connection.execute(select(notices.c.id, notices.c.document).where(which)).one_or_none()
    document = encode(notice)
    if known is not None and known.document == document:
        return "same"
    values = {
        "source": notice.source,
        "source_id": source_id,
        "notice_id": notice.notice_id,
        "version": notice.version,
        "procedure": _procedure(connection, notice),
        "changes": notice.changes.notice if notice.changes else None,
        "kind": notice.kind.value,
        "subtype": notice.subtype,
        "title": str(notice.title),
        "cpv_main": notice.cpv_main,
        "published_on": notice.published_on,
        "dispatched_at": notice.dispatched_at,
        "deadline": notice.deadline,
        "cancelled": bool(notice.changes and notice.changes.cancels),
        "sha256": sha256,
        "document": document,
        "probable": False,
        "settled": False,
    }
    if known:
        row = int(known.id)
        connection.execute(update(notices).where(notices.c.id == row).values(values))
        connection.execute(delete(lots).where(lots.c.notice == row))
    else:
        key = connection.execute(insert(notices), values).inserted_primary_key
        assert key is not None
        row = int(key[0])
    _save_lots(connection, row, notice)
    _save_parties(connection, row, notice)
    write_keys(connection, row, notice)
    return "changed" if known else "new"


def _save_lots(connection: Connection, row: int, notice: Notice) -> None:
    values = {
        lot.id: {
            "notice": row,
            "lot": lot.id,
            "position": position,
            "title": str(lot.title),
            "cpv_main": lot.cpv_main,
            "deadline": lot.deadline,
            "value": lot.value.amount if lot.value else None,
            "currency": lot.value.currency if lot.value else None,
        }
        for position, lot in enumerate(notice.lots)
    }
    put(connection, lots, list(values.values()))


def _save_parties(connection: Connection, row: int, notice: Notice) -> None:
    printed: list[tuple[str, str | None, OrganisationRef]]
    printed = [("buyer", None, buyer) for buyer in notice.buyers]
    printed += [
        ("winner", award.lot, winner) for award in notice.awards for winner in award.winners
    ]
    before = {
        (old.role, old.position): old
        for old in connection.execute(select(parties).where(parties.c.notice == row))
    }
    connection.execute(delete(parties).where(parties.c.notice == row))
    rows = []
    for position, (role, lot, party) in enumerate(printed):
        old = before.get((role, position))
        kept = old is not None and (old.name, old.number) == (party.name, party.number)
        link = (
            {name: getattr(old, name) for name in _LINK_COLUMNS}
            if kept
            else dict.fromkeys(_LINK_COLUMNS)
        )
        rows.append(
            {
                "notice": row,
                "role": role,
                "position": position,
                "lot": lot,
                "name": party.name,
                "number": party.number,
                "city": party.place.city if party.place else None,
                "postcode": party.place.postcode if party.place else None,
                **link,
            }
        )
    put(connection, parties, rows)


_LINK_COLUMNS = ("register", "org", "score", "certain", "method", "document")


def unlinked_parties(connection: Connection) -> Sequence[Row[tuple[object, ...]]]:
    """Return parties without a certain link, in a stable order."""
    return connection.execute(
        select(parties)
        .where((parties.c.certain.is_(None)) | (parties.c.certain.is_(False)))
        .order_by(parties.c.notice, parties.c.role, parties.c.position)
    ).all()


def certain_parties(
    connection: Connection, method: str | None = None
) -> Sequence[Row[tuple[object, ...]]]:
    """Return parties with a certain link (of one method only), in a stable order."""
    query = select(parties).where(parties.c.certain.is_(True))
    if method is not None:
        query = query.where(parties.c.method == method)
    return connection.execute(
        query.order_by(parties.c.notice, parties.c.role, parties.c.position)
    ).all()


def save_link(
    connection: Connection, *, notice: int, role: str, position: int, linked: Linked | None
) -> None:
    """Write which unit a party is, or that nobody was found."""
    which = (
        (parties.c.notice == notice) & (parties.c.role == role) & (parties.c.position == position)
    )
    connection.execute(
        update(parties)
        .where(which)
        .values(
            register=linked.org.register if linked else None,
            org=linked.org.number if linked else None,
            score=linked.score if linked else None,
            certain=linked.certain if linked else None,
            method=linked.method if linked else "nobody",
            document=encode(linked) if linked else None,
        )
    )


def _stored(row: Row[tuple[object, ...]]) -> StoredNotice:
    return StoredNotice(row=row.id, procedure=row.procedure, notice=decode(row.document, Notice))


def find(connection: Connection, key: str) -> StoredNotice:
    """Return the notice with that source id or notice UUID, the newest if several.

    Of a procedure id: the notice that says what holds today.

    Raises:
        NotFound: there is none.
    """
    current = select(procedures.c.current).where(procedures.c.id == key).scalar_subquery()
    row = connection.execute(
        select(notices)
        .where(
            (notices.c.source_id == key)
            | (notices.c.notice_id == key)
            | (notices.c.procedure == key)
        )
        .order_by(
            (notices.c.id == current).desc(), notices.c.dispatched_at.desc(), notices.c.id.desc()
        )
    ).first()
    if row is None:
        raise NotFound(f"no notice {key} in the store")
    return _stored(row)


def open_competitions(connection: Connection, now: datetime) -> Iterator[StoredNotice]:
    """Yield what holds today of each competition that is open at ``now``, by deadline.

    One notice a procedure: the newest version, and of copies the master's. Called off and awarded
    ones are left out, and what its source lists no more. Procedures must have been derived (the
    workflow ``settle``).
    """
    unlisted = (
        select(listings.c.source_id)
        .where(
            listings.c.source == notices.c.source,
            listings.c.source_id == notices.c.source_id,
            listings.c.status == _UNLISTED,
        )
        .exists()
    )
    query = (
        select(notices)
        .join(procedures, procedures.c.current == notices.c.id)
        .where(
            procedures.c.state == ProcedureState.COMPETITION.value,
            notices.c.kind == NoticeKind.COMPETITION.value,
            notices.c.deadline > now,
            ~unlisted,
        )
        .order_by(notices.c.deadline, notices.c.source_id)
    )
    for row in connection.execute(query):
        yield _stored(row)


def of_procedure(connection: Connection, procedure: str) -> list[StoredNotice]:
    """Return all notices of a procedure, oldest first."""
    rows = connection.execute(
        select(notices)
        .where(notices.c.procedure == procedure)
        .order_by(notices.c.dispatched_at, notices.c.id)
    )
    return [_stored(row) for row in rows]


def parties_of(connection: Connection, notice: int) -> Sequence[Row[tuple[object, ...]]]:
    """Return the parties of a notice with their links."""
    return connection.execute(
        select(parties).where(parties.c.notice == notice).order_by(parties.c.position)
    ).all()
