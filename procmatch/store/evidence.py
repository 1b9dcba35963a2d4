"""Evidence: what sources say of organisations, whose it is, and until when it holds.

A row that its source no longer lists is closed (``withdrawn_at``), never silently kept. Of sole
proprietors only the number stays: name and place are left out as soon as it is known who they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, or_, select, update

from procmatch.model.evidence import PrintedEvidence
from procmatch.model.organisation import OrgId
from procmatch.store.documents import digest, encode
from procmatch.store.tables import establishments, evidence, organisations
from procmatch.store.upsert import put

__all__ = [
    "Tie",
    "close_missing",
    "close_unlisted",
    "owners",
    "purge",
    "save",
    "save_tie",
    "seen",
    "tied_by_name",
    "untied",
]

_PERSON = "ENK"
_BATCH = 1000
#: What a search for the owner goes by; when one of these changes, the owner is searched anew.
_PRINTED = ("name", "printed_number", "place", "postcode")
_CONTENT = ("origin", *_PRINTED, "text", "reference", "url", "valid_from", "valid_to")
_NO_TIE = {"register": None, "number": None, "method": None, "score": None, "certain": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Whose a row is.

    Attributes:
        org: the unit. method: ``exact``, ``name``, ``decided`` or ``declared``. score: 0..1.
    """

    org: OrgId
    method: str
    score: float
    certain: bool


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]


def owners(
    connection: Connection, register: str, numbers: Iterable[str]
) -> Mapping[str, tuple[OrgId, bool]]:
    """Return number -> (unit, whether it is a sole proprietor) of units and establishments."""
    found: dict[str, tuple[OrgId, bool]] = {}
    for batch in _batches(sorted(set(numbers))):
        units = select(organisations.c.number, organisations.c.legal_form).where(
            organisations.c.register == register, organisations.c.number.in_(batch)
        )
        for row in connection.execute(units):
            found[row.number] = (OrgId(register, row.number), row.legal_form == _PERSON)
        places = (
            select(establishments.c.number, establishments.c.parent, organisations.c.legal_form)
            .join(
                organisations,
                (organisations.c.register == establishments.c.register)
                & (organisations.c.number == establishments.c.parent),
            )
            .where(establishments.c.register == register, establishments.c.number.in_(batch))
        )
        for place in connection.execute(places):
            owner = (OrgId(register, place.parent), place.legal_form == _PERSON)
            found.setdefault(place.number, owner)
    return found


def _row(one: PrintedEvidence, origin: str, *, is_person: bool) -> dict[str, Any]:
    content = {
        "origin": origin,
        "name": "" if is_person else one.name,
        "printed_number": one.number,
        "place": None if is_person else one.place,
        "postcode": None if is_person else one.postcode,
        "text": one.text,
        "reference": one.reference,
        "url": one.url,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
    }
    return {
        "source": one.source,
        "kind": one.kind,
        "key": one.key,
        **content,
        "digest": digest(encode(content).encode()),
    }


def _forget_name(row: Row[Any]) -> dict[str, Any]:
    content = {name: getattr(row, name) for name in _CONTENT}
    nameless = content | {"name": "", "place": None, "postcode": None}
    return nameless | {"digest": digest(encode(nameless).encode())}


def _known(
    connection: Connection, rows: Sequence[PrintedEvidence]
) -> dict[tuple[str, str, str], Row[Any]]:
    keys = {one.key for one in rows}
    known: dict[tuple[str, str, str], Row[Any]] = {}
    for batch in _batches(sorted(keys)):
        found = connection.execute(select(evidence).where(evidence.c.key.in_(batch))).all()
        known |= {(row.source, row.kind, row.key): row for row in found}
    return known


def save(
    connection: Connection,
    rows: Sequence[PrintedEvidence],
    *,
    register: str,
    origin: str,
    run: int,
    now: datetime,
) -> tuple[int, int]:
    """Write rows that are new or changed, note that all were seen; return (new, changed).

    Of a key that comes twice the last row counts. A row that was closed and is listed again is
    open again, and counts as changed.

    Args:
        connection: a transaction.
        rows: as printed.
        register: which register their numbers are of.
        origin: ``crawl``, ``file`` or ``declared``.
        run: the run in the ledger that saw them.
        now: aware UTC.
    """
    known = _known(connection, rows)
    tied = {row.number for row in known.values() if row.number}
    who = owners(connection, register, tied | {one.number for one in rows if one.number})
    written: dict[tuple[str, str, str], dict[str, Any]] = {}
    new = changed = 0
    for one in {(one.source, one.kind, one.key): one for one in rows}.values():
        old = known.get((one.source, one.kind, one.key))
        numbers = (one.number or "", (old.number if old else None) or "")
        is_person = any(who[number][1] for number in numbers if number in who)
        row = _row(one, origin, is_person=is_person)
        same = old is not None and old.digest == row["digest"] and old.withdrawn_at is None
        new += old is None
        changed += old is not None and not same
        written[one.source, one.kind, one.key] = {
            **row,
            "first_seen_at": old.first_seen_at if old else now,
            "seen_at": now,
            "seen_run": run,
            "withdrawn_at": None,
            **_tie_kept(old, row),
        }
    for batch in _batches(list(written.values())):
        put(connection, evidence, batch)
    return new, changed


def _tie_kept(old: Row[Any] | None, row: Mapping[str, Any]) -> dict[str, Any]:
    """Whom a row was tied to stays as long as what it was tied by stays."""
    if old is None or any(getattr(old, name) != row[name] for name in ("origin", *_PRINTED)):
        return dict(_NO_TIE)
    return {name: getattr(old, name) for name in _NO_TIE}


def seen(connection: Connection, source: str, run: int) -> int:
    """Return how many open rows of a crawled source ``run`` saw."""
    query = select(func.count()).where(_open(source), evidence.c.seen_run == run)
    return connection.scalar(query.select_from(evidence)) or 0


def _open(source: str, origin: str = "crawl") -> ColumnElement[bool]:
    return (
        (evidence.c.source == source)
        & (evidence.c.origin == origin)
        & evidence.c.withdrawn_at.is_(None)
    )


def close_unlisted(
    connection: Connection,
    source: str,
    *,
    run: int,
    now: datetime,
    kind: str | None = None,
    origin: str = "crawl",
    forget: bool = False,
) -> int:
    """Close the open rows of ``source`` that ``run``, which saw the whole list, did not see.

    Args:
        connection: a transaction.
        source: whose list it was.
        run: the run that saw the whole list.
        now: aware UTC.
        kind: of this kind only.
        origin: of the rows.
        forget: delete them instead: a source may ask that nothing be kept for good.

    Returns:
        How many.
    """
    which = _open(source, origin) & (evidence.c.seen_run != run)
    if kind is not None:
        which &= evidence.c.kind == kind
    return _close(connection, which, now, forget=forget)


def close_missing(
    connection: Connection,
    source: str,
    *,
    printed_number: str,
    run: int,
    now: datetime,
    forget: bool = False,
) -> int:
    """Close what ``source`` said of one number and no longer says, after a look-up by number."""
    which = _open(source) & (evidence.c.printed_number == printed_number)
    return _close(connection, which & (evidence.c.seen_run != run), now, forget=forget)


def _close(
    connection: Connection, which: ColumnElement[bool], now: datetime, *, forget: bool
) -> int:
    if forget:
        return connection.execute(delete(evidence).where(which)).rowcount
    return connection.execute(update(evidence).where(which).values(withdrawn_at=now)).rowcount


def untied(connection: Connection, run: int | None = None) -> Sequence[Row[Any]]:
    """Return open rows whose owner is to be searched (and that ``run`` saw), in stable order.

    Those are rows that are not certainly anybody's, and rows of an establishment that has another
    owner now.
    """
    moved = exists().where(
        establishments.c.register == evidence.c.register,
        establishments.c.number == evidence.c.printed_number,
        establishments.c.parent != evidence.c.number,
    )
    query = select(evidence).where(
        evidence.c.withdrawn_at.is_(None),
        or_(evidence.c.certain.is_(None), evidence.c.certain.is_(False), moved),
    )
    if run is not None:
        query = query.where(evidence.c.seen_run == run)
    order = (evidence.c.source, evidence.c.kind, evidence.c.key)
    return connection.execute(query.order_by(*order)).all()


def tied_by_name(connection: Connection, run: int | None = None) -> Sequence[Row[Any]]:
    """Return open rows that print a name and are certainly somebody's (and that ``run`` saw)."""
    query = select(evidence).where(
        evidence.c.withdrawn_at.is_(None), evidence.c.certain.is_(True), evidence.c.name != ""
    )
    if run is not None:
        query = query.where(evidence.c.seen_run == run)
    order = (evidence.c.source, evidence.c.kind, evidence.c.key)
    return connection.execute(query.order_by(*order)).all()


def save_tie(
    connection: Connection, row: Row[Any], tie: Tie | None, *, is_person: bool = False
) -> None:
    """Write whose a row is, or that nobody was found; of a person only the number stays."""
    values: dict[str, Any] = dict(_NO_TIE) | {"method": "nobody"}
    if tie:
        values = {
            "register": tie.org.register,
            "number": tie.org.number,
            "method": tie.method,
            "score": tie.score,
            "certain": tie.certain,
        }
    if is_person:
        values |= _forget_name(row)
    connection.execute(
        update(evidence)
        .where(
            evidence.c.source == row.source,
            evidence.c.kind == row.kind,
            evidence.c.key == row.key,
        )
        .values(**values)
    )


def purge(connection: Connection, org: OrgId) -> None:
    """Delete all that was said of a unit or of one of its establishments."""
    own = select(establishments.c.number).where(
        establishments.c.register == org.register, establishments.c.parent == org.number
    )
    connection.execute(
        delete(evidence).where(
            or_(
                (evidence.c.register == org.register) & (evidence.c.number == org.number),
                evidence.c.printed_number == org.number,
                evidence.c.printed_number.in_(own),
            )
        )
    )
