"""What is known of organisations from evidence: for matching, and for people who look."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from procmatch.codes.evidence import ends_on, kinds
from procmatch.model.organisation import Evidence, OrgId
from procmatch.store.among import given_orgs, of_orgs
from procmatch.store.tables import evidence

__all__ = ["of_organisation", "overview", "sign", "valid"]


def _evidence(row: Row[Any], today: date) -> Evidence | None:
    """Return what a row says if it holds today.

    An end that only tells when our own knowledge grows old is no end of the fact, and not shown.
    """
    known = kinds().get(row.kind)
    if known is None:
        return None  # a kind of another version of the table
    end = ends_on(
        row.kind,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        seen_on=row.seen_at.astimezone(UTC).date(),
    )
    if (row.valid_from and row.valid_from > today) or (end and end < today):
        return None
    told = row.valid_to or (known.from_start and row.valid_from)
    return Evidence(
        kind=row.kind,
        dimension=known.dimension,
        source=row.source,
        reference=row.reference,
        url=row.url,
        text=row.text,
        valid_from=row.valid_from,
        valid_to=end if told else None,
        name=row.name,
        org=OrgId(row.register, row.number),
        tied_by=row.method,
        certainty=1.0 if row.certain else (row.score or 0.0),
    )


def valid(
    connection: Connection,
    today: date,
    *,
    org: OrgId | None = None,
    orgs: Collection[OrgId] | None = None,
    kind: str | None = None,
) -> dict[OrgId, tuple[Evidence, ...]]:
    """Return what holds today, by organisation; certain facts and possible ones.

    Args:
        connection: a view of the store.
        today: facts that ended before or begin after are left out.
        org: of this organisation only.
        orgs: of these only, some hundred at the most.
        kind: of this kind only.
    """
    some = [org] if org is not None else orgs
    query = _valid(connection.dialect.name, of_some=some is not None, of_kind=kind is not None)
    asked = [{}] if some is None else given_orgs(connection, some)
    found: dict[OrgId, list[Evidence]] = {}
    for one in asked:
        for row in connection.execute(query, {**one, "of_kind": kind} if kind else one):
            fact = _evidence(row, today)
            if fact is not None and fact.org is not None:
                found.setdefault(fact.org, []).append(fact)
    return {unit: tuple(facts) for unit, facts in found.items()}


@cache
def _valid(dialect: str, *, of_some: bool, of_kind: bool) -> Select[Any]:
    query = select(evidence).where(
        evidence.c.withdrawn_at.is_(None), evidence.c.number.is_not(None)
    )
    if of_some:
        query = query.where(of_orgs(dialect, evidence))
    if of_kind:
        query = query.where(evidence.c.kind == bindparam("of_kind"))
    return query.order_by(evidence.c.kind, evidence.c.source, evidence.c.key)


def of_organisation(connection: Connection, org: OrgId) -> list[dict[str, Any]]:
    """Return all rows tied to one organisation, closed ones too, newest first."""
    rows = connection.execute(
        select(evidence)
        .where(evidence.c.register == org.register, evidence.c.number == org.number)
        .order_by(evidence.c.kind, evidence.c.seen_at.desc(), evidence.c.source, evidence.c.key)
    )
    return [dict(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


def overview(connection: Connection) -> list[dict[str, Any]]:
    """Return how many rows each source has of each kind: certain, possible, nobody's, closed."""
    is_open = evidence.c.withdrawn_at.is_(None)
    rows = connection.execute(
        select(
            evidence.c.source,
            evidence.c.kind,
            func.count().filter(is_open & evidence.c.certain.is_(True)).label("certain"),
            func.count().filter(is_open & evidence.c.certain.is_(False)).label("possible"),
            func.count().filter(is_open & evidence.c.certain.is_(None)).label("nobody"),
            func.count().filter(~is_open).label("closed"),
            func.max(evidence.c.seen_at).label("seen_at"),
        )
        .group_by(evidence.c.source, evidence.c.kind)
        .order_by(evidence.c.source, evidence.c.kind)
    )
    return [dict(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


def sign(connection: Connection) -> str:
    """Return a short text that changes when evidence comes, is tied anew or is withdrawn."""
    tied = func.count(evidence.c.number)
    row = connection.execute(
        select(
            func.count(),
            tied,
            func.max(evidence.c.seen_at),
            func.max(evidence.c.first_seen_at),
            func.max(evidence.c.withdrawn_at),
        )
    ).one()
    return " ".join(str(one) for one in row)
