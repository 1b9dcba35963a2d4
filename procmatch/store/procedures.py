"""Procedures: which notices are one purchase, and the state derived from them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy import ColumnElement, Connection, Row, delete, func, select, update

from procmatch.model.notice import Notice, NoticeKind
from procmatch.model.procedure import Procedure, ProcedureState, Publication, Ref
from procmatch.model.references import Keys, keys_of
from procmatch.store.documents import decode, encode
from procmatch.store.tables import (
    feedback,
    listings,
    news,
    notice_keys,
    notices,
    parties,
    procedures,
    told,
)
from procmatch.store.upsert import put

__all__ = [
    "Member",
    "find",
    "load_notices",
    "lock",
    "pool",
    "related",
    "remove_empty",
    "save",
    "states",
    "unsettled",
    "write_keys",
    "write_missing_keys",
]

#: Databases limit the number of parameters of one statement.
_CHUNK = 800
_ROLES = ("own", "procedure", "refers", "builds_on")
_GROUPING = ("own", "procedure", "refers")
_FOUNDED, _NAMED = ("builds_on",), ("own", "procedure")
_LOCK = 7_610_003


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A stored notice as far as its place matters, and where it stands now."""

    row: int
    publication: Publication
    procedure: str
    probable: bool
    settled: bool


def lock(connection: Connection) -> None:
    """Let one process at a time derive procedures (SQLite has one writer anyway)."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def unsettled(connection: Connection, limit: int) -> list[int]:
    """Return the oldest rows whose procedure is not derived yet."""
    query = select(notices.c.id).where(notices.c.settled.is_(False))
    return list(connection.scalars(query.order_by(notices.c.id).limit(limit)))


def write_missing_keys(connection: Connection, limit: int) -> int:
    """Write the keys of notices that were stored before keys were; return of how many."""
    keyless = ~select(notice_keys.c.notice).where(notice_keys.c.notice == notices.c.id).exists()
    rows = connection.execute(
        select(notices.c.id, notices.c.document)
        .where(notices.c.settled.is_(False), keyless)
        .limit(limit)
    ).all()
    for row in rows:
        write_keys(connection, row.id, decode(row.document, Notice))
    return len(rows)


def write_keys(connection: Connection, row: int, notice: Notice) -> None:
    """Write what a notice is called and refers to, in place of what was there."""
    keys = keys_of(notice)
    connection.execute(delete(notice_keys).where(notice_keys.c.notice == row))
    put(
        connection,
        notice_keys,
        [
            {"notice": row, "role": role, "key": key}
            for role in _ROLES
            for key in sorted(getattr(keys, role))
        ],
    )


def _in_chunks(
    values: Iterable[object], column: ColumnElement[object]
) -> Iterator[ColumnElement[bool]]:
    """Yield conditions that together say that ``column`` is one of ``values``."""
    wanted = sorted(set(values))  # type: ignore[type-var]
    for start in range(0, len(wanted), _CHUNK):
        yield column.in_(wanted[start : start + _CHUNK])


def _whole_groups(connection: Connection, start: Collection[int]) -> set[int]:
    """Return ``start`` and all that shares a key or a procedure with it, however far."""
    seen: set[int] = set()
    fresh = set(start)
    while fresh:
        seen |= fresh
        keys: set[str] = set()
        names: set[str] = set()
        for within in _in_chunks(fresh, notice_keys.c.notice):
            keys.update(
                connection.scalars(
                    select(notice_keys.c.key).where(within, notice_keys.c.role.in_(_GROUPING))
                )
            )
        for within in _in_chunks(fresh, notices.c.id):
            names.update(connection.scalars(select(notices.c.procedure).where(within)))
        fresh = set()
        for within in _in_chunks(keys, notice_keys.c.key):
            fresh.update(
                connection.scalars(
                    select(notice_keys.c.notice).where(within, notice_keys.c.role.in_(_GROUPING))
                )
            )
        for within in _in_chunks(names, notices.c.procedure):
            fresh.update(connection.scalars(select(notices.c.id).where(within)))
        fresh -= seen
    return seen


def _built_on(connection: Connection, rows: Collection[int]) -> set[int]:
    """Return what these build on, and what builds on these, one step."""
    found: set[int] = set()
    for roles, others in ((_FOUNDED, _NAMED), (_NAMED, _FOUNDED)):
        keys: set[str] = set()
        for within in _in_chunks(rows, notice_keys.c.notice):
            keys.update(
                connection.scalars(
                    select(notice_keys.c.key).where(within, notice_keys.c.role.in_(roles))
                )
            )
        for within in _in_chunks(keys, notice_keys.c.key):
            found.update(
                connection.scalars(
                    select(notice_keys.c.notice).where(within, notice_keys.c.role.in_(others))
                )
            )
    return found


def _alike(connection: Connection, rows: Collection[int]) -> set[int]:
    """Return the notices of the same buyers (by number) under the same main CPV."""
    joined = select(notices.c.id, notices.c.cpv_main, parties.c.number).join(
        parties, (parties.c.notice == notices.c.id) & (parties.c.role == "buyer")
    )
    known = notices.c.cpv_main.is_not(None) & parties.c.number.is_not(None)
    pairs: set[tuple[str, str]] = set()
    for within in _in_chunks(rows, notices.c.id):
        for row in connection.execute(joined.where(within, known)):
            pairs.add((row.cpv_main, row.number))
    found: set[int] = set()
    for within in _in_chunks({number for _, number in pairs}, parties.c.number):
        for row in connection.execute(joined.where(within, known)):
            if (row.cpv_main, row.number) in pairs:
                found.add(row.id)
    return found


def pool(connection: Connection, rows: Collection[int]) -> list[Member]:
    """Return whole groups: those of ``rows``, and all that could belong to them by likeness."""
    near = _whole_groups(connection, rows)
    near |= _built_on(connection, near) | _alike(connection, near)
    return _members(connection, _whole_groups(connection, near))


def _members(connection: Connection, rows: Collection[int]) -> list[Member]:
    keys: dict[int, dict[str, set[str]]] = {}
    for within in _in_chunks(rows, notice_keys.c.notice):
        for row in connection.execute(select(notice_keys).where(within)):
            keys.setdefault(row.notice, {}).setdefault(row.role, set()).add(row.key)
    buyers: dict[int, list[str]] = {}
    for within in _in_chunks(rows, parties.c.notice):
        for row in connection.execute(
            select(parties.c.notice, parties.c.number)
            .where(within, parties.c.role == "buyer", parties.c.number.is_not(None))
            .order_by(parties.c.position)
        ):
            buyers.setdefault(row.notice, []).append(row.number)
    light = [column for column in notices.c if column.name != "document"]
    listed = (listings.c.source == notices.c.source) & (listings.c.source_id == notices.c.source_id)
    found = []
    for within in _in_chunks(rows, notices.c.id):
        query = select(*light, listings.c.status).outerjoin(listings, listed).where(within)
        for row in connection.execute(query.order_by(notices.c.id)):
            publication = _publication(row, keys.get(row.id, {}), tuple(buyers.get(row.id, ())))
            found.append(
                Member(
                    row=row.id,
                    publication=publication,
                    procedure=row.procedure,
                    probable=row.probable,
                    settled=row.settled,
                )
            )
    return found


def _publication(
    row: Row[tuple[object, ...]], keys: Mapping[str, Collection[str]], buyers: tuple[str, ...]
) -> Publication:
    at = row.dispatched_at
    if at is None and row.published_on is not None:
        at = datetime.combine(row.published_on, time(), UTC)
    own = frozenset(keys.get("own", ())) or frozenset({f"row:{row.id}"})
    return Publication(
        ref=Ref(row.source, row.source_id),
        notice_id=row.notice_id,
        version=row.version,
        kind=NoticeKind(row.kind),
        title=row.title,
        cpv_main=row.cpv_main,
        at=at,
        deadline=row.deadline,
        keys=Keys(
            own=own,
            procedure=frozenset(keys.get("procedure", ())),
            refers=frozenset(keys.get("refers", ())),
            builds_on=frozenset(keys.get("builds_on", ())),
        ),
        changes=row.changes,
        cancels=row.cancelled,
        buyers=buyers,
        status=row.status,
    )


def load_notices(connection: Connection, members: Iterable[Member]) -> dict[Ref, Notice]:
    """Return the notices of ``members``."""
    refs = {member.row: member.publication.ref for member in members}
    found = {}
    for within in _in_chunks(refs, notices.c.id):
        for row in connection.execute(select(notices.c.id, notices.c.document).where(within)):
            found[refs[row.id]] = decode(row.document, Notice)
    return found


def save(connection: Connection, procedure: Procedure, members: Sequence[Member]) -> bool:
    """Write a derived procedure and where its notices stand; return whether it is new or changed.

    What subscribers were told of follows a procedure that is now called otherwise.
    """
    rows = {member.publication.ref: member.row for member in members}
    for is_probable in (False, True):
        group = [ref for ref in rows if (ref in procedure.probable) is is_probable]
        for within in _in_chunks((rows[ref] for ref in group), notices.c.id):
            connection.execute(
                update(notices)
                .where(within)
                .values(procedure=procedure.id, probable=is_probable, settled=True)
            )
    for old in sorted({member.procedure for member in members} - {procedure.id}):
        _rename_told(connection, old, procedure.id)
    row = {
        "id": procedure.id,
        "state": procedure.state.value,
        "current": rows[procedure.current],
        "document": encode(procedure),
    }
    before = connection.execute(
        select(procedures).where(procedures.c.id == procedure.id)
    ).one_or_none()
    if before is not None and (before.current, before.document) == (
        row["current"],
        row["document"],
    ):
        return False
    put(connection, procedures, [row])
    return True


def _rename_told(connection: Connection, old: str, new: str) -> None:
    """Carry what was told to the new name, unless a notice of the old name stays behind."""
    stays = select(notices.c.id).where(notices.c.procedure == old).limit(1)
    if connection.scalar(stays) is not None:
        return
    later: Callable[[Row[tuple[object, ...]]], object] = lambda row: (row.at, row.letter)  # noqa: E731
    for row in connection.execute(select(told).where(told.c.procedure == old)).all():
        which = (told.c.subscription == row.subscription) & (told.c.lot == row.lot)
        there = connection.execute(select(told).where(which, told.c.procedure == new)).one_or_none()
        if there is not None and later(there) >= later(row):  # type: ignore[operator]
            connection.execute(delete(told).where(which, told.c.procedure == old))
            continue
        connection.execute(delete(told).where(which, told.c.procedure == new))
        connection.execute(update(told).where(which, told.c.procedure == old).values(procedure=new))
    connection.execute(update(news).where(news.c.procedure == old).values(procedure=new))
    _rename_judged(connection, old, new)


def _rename_judged(connection: Connection, old: str, new: str) -> None:
    """Carry judgements to the new name; of two of one subscriber the later one stays."""
    for row in connection.execute(select(feedback).where(feedback.c.procedure == old)).all():
        own = feedback.c.subscription == row.subscription
        there = connection.execute(
            select(feedback).where(own, feedback.c.procedure == new)
        ).one_or_none()
        if there is not None and there.at >= row.at:
            connection.execute(delete(feedback).where(own, feedback.c.procedure == old))
            continue
        connection.execute(delete(feedback).where(own, feedback.c.procedure == new))
        connection.execute(
            update(feedback).where(own, feedback.c.procedure == old).values(procedure=new)
        )


def remove_empty(connection: Connection, ids: Collection[str]) -> None:
    """Delete those procedures of ``ids`` that no notice belongs to any more."""
    for within in _in_chunks(ids, procedures.c.id):
        belongs = select(notices.c.id).where(notices.c.procedure == procedures.c.id).exists()
        connection.execute(delete(procedures).where(within, ~belongs))


def find(connection: Connection, key: str) -> Procedure | None:
    """Return the procedure of that id, or None before it was derived."""
    text = connection.scalar(select(procedures.c.document).where(procedures.c.id == key))
    return decode(text, Procedure) if text else None


def states(connection: Connection, ids: Collection[str]) -> dict[str, ProcedureState]:
    """Return how far those procedures have come that were derived."""
    found = {}
    for within in _in_chunks(ids, procedures.c.id):
        rows = connection.execute(select(procedures.c.id, procedures.c.state).where(within))
        found.update({row.id: ProcedureState(row.state) for row in rows})
    return found


def related(connection: Connection, key: str) -> dict[str, list[Ref]]:
    """Return the publications that a procedure builds on (``before``) and that build on it.

    These are planning notices and what came of them; each is a procedure of its own.
    """
    own = connection.scalars(select(notices.c.id).where(notices.c.procedure == key)).all()
    found = {}
    for name, role, other in (("before", "builds_on", "own"), ("after", "own", "builds_on")):
        mine, theirs = notice_keys.alias("mine"), notice_keys.alias("theirs")
        rows: set[Ref] = set()
        for within in _in_chunks(own, mine.c.notice):
            query = (
                select(notices.c.source, notices.c.source_id)
                .join(theirs, theirs.c.notice == notices.c.id)
                .join(mine, mine.c.key == theirs.c.key)
                .where(within, mine.c.role == role, theirs.c.role == other)
                .where(notices.c.procedure != key)
            )
            rows.update(Ref(row.source, row.source_id) for row in connection.execute(query))
        found[name] = sorted(rows)
    return found
