"""Targets that a municipality has set itself, in words of :mod:`procmatch.insight.shares`."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from procmatch.store.insight_tables import targets

__all__ = ["of_place", "remove", "save"]


def _which(place: str, question: str, measure: str, year: int) -> dict[str, object]:
    return {"place": place, "question": question, "measure": measure, "year": year}


def save(
    connection: Connection, place: str, question: str, measure: str, year: int, percent: float
) -> None:
    """Set a target; one for the same question, measure and year is replaced."""
    remove(connection, place, question, measure, year)
    values = {**_which(place, question, measure, year), "percent": percent}
    connection.execute(insert(targets).values(values))


def remove(connection: Connection, place: str, question: str, measure: str, year: int) -> bool:
    """Take a target back; return whether there was one."""
    which = [
        targets.c[name] == value for name, value in _which(place, question, measure, year).items()
    ]
    return connection.execute(delete(targets).where(*which)).rowcount > 0


def of_place(connection: Connection, place: str) -> list[tuple[str, str, int, float]]:
    """Return (question, measure, year, percent) of a place's targets, by year."""
    query = (
        select(targets)
        .where(targets.c.place == place)
        .order_by(targets.c.year, targets.c.question, targets.c.measure)
    )
    return [(row.question, row.measure, row.year, row.percent) for row in connection.execute(query)]
