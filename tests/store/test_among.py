"""Hundreds of firms are looked up by index: no table is read from end to end for a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from procmatch.model.organisation import NORWAY, OrgId
from procmatch.store import (
    accounts,
    evidence_known,
    open_store,
    organisations,
    register_state,
    statements,
)

ORGS = [OrgId(NORWAY, f"9{number:08}") for number in range(300)]
LOOKED_UP: dict[str, Callable[[Connection], object]] = {
    "accounts": lambda connection: accounts.of(connection, ORGS),
    "evidence": lambda connection: evidence_known.valid(connection, date(2026, 1, 1), orgs=ORGS),
    "statements": lambda connection: statements.every(connection, ORGS),
    "parties": lambda connection: organisations.past_awards(connection, ORGS),
    "units": lambda connection: list(
        register_state.units(connection, [f"{org.register} {org.number}" for org in ORGS])
    ),
}


@pytest.mark.parametrize("name", LOOKED_UP)
def test_firms_are_looked_up_by_index(tmp_path: Path, name: str) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}", create=True)
    asked: list[tuple[str, object]] = []

    def note(
        _connection: object, _cursor: object, statement: str, values: object, *_: object
    ) -> None:
        asked.append((statement, values))

    event.listen(store.engine, "before_cursor_execute", note)
    with store.read() as connection:
        LOOKED_UP[name](connection)
        queries = [one for one in asked if one[0].startswith("SELECT")]
        assert queries
        for statement, values in queries:
            explained = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
            steps = [row[3] for row in explained]
            assert not [step for step in steps if step.startswith("SCAN") and "VIRTUAL" not in step]
            assert not [step for step in steps if "(register=?)" in step]
    store.close()
