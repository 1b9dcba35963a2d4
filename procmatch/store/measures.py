"""How much each run found at its source, so that a source that shrinks is noticed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from procmatch.store.tables import run_measures, runs
from procmatch.store.upsert import put

__all__ = ["last_good", "save"]


def save(connection: Connection, run: int, values: Mapping[str, int]) -> None:
    """Write what a run counted."""
    put(
        connection,
        run_measures,
        [{"run": run, "name": name, "value": value} for name, value in values.items()],
    )


def last_good(connection: Connection, source: str) -> dict[str, int]:
    """Return measure -> its value in the newest whole run of ``source`` that counted it."""
    newest = (
        select(func.max(runs.c.id).label("run"), run_measures.c.name)
        .join(run_measures, run_measures.c.run == runs.c.id)
        .where(runs.c.source == source, runs.c.outcome == "ok")
        .group_by(run_measures.c.name)
        .subquery()
    )
    rows = connection.execute(
        select(run_measures.c.name, run_measures.c.value).join(
            newest,
            (newest.c.run == run_measures.c.run) & (newest.c.name == run_measures.c.name),
        )
    )
    return {row.name: row.value for row in rows}
