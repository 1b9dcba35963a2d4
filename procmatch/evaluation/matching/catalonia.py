"""t1_catalonia: emergency purchases in order of time, winners by their written name."""

from __future__ import annotations

import re
from pathlib import Path

from procmatch.evaluation.folders import Row, read_table
from procmatch.evaluation.matching.world import Task, World
from procmatch.matching.relevance import Award, Firm, Need

__all__ = ["read_catalonia"]

_FILE = "es_catalonia/catalonia_covid_awards_2020"
_NEEDS = ("file_no", "buyer", "title", "winner_name")
_NOT_KEY = re.compile(r"[^A-Z0-9]")


def _winner(row: Row) -> str:
    return _NOT_KEY.sub("", row["winner_name"].upper())


def _need(key: str, rows: list[Row]) -> Need:
    """One purchase of one or more lines. What was paid is not known before, and not read."""
    return Need(
        key=key,
        title=" ".join(dict.fromkeys(row["title"] for row in rows)),
        text=" ".join(dict.fromkeys(row.get("description") or "" for row in rows)),
        reference=rows[0]["file_no"],
        language="ca",
        cpv=tuple(dict.fromkeys(code for row in rows if (code := row.get("cpv")))),
        buyer=rows[0]["buyer"],
    )


def read_catalonia(folder: Path) -> Task:
    """Read the awards before, the purchases to rank for, and all who ever won."""
    before = read_table(folder, f"{_FILE}.train.csv", needs=_NEEDS)
    after = read_table(folder, f"{_FILE}.csv", needs=_NEEDS)
    winners = read_table(folder, "es_catalonia/winners.csv", needs=("candidate", "name"))
    queries: dict[str, list[Row]] = {}
    for row in after.rows:
        queries.setdefault(f"{row['buyer']}|{row['file_no']}", []).append(row)
    world = World(
        needs=tuple(_need(key, rows) for key, rows in queries.items()),
        firms=tuple(
            Firm(key=row["candidate"], name=row["name"], language="ca") for row in winners.rows
        ),
        awards=tuple(Award(need=_need("", [row]), winners=(_winner(row),)) for row in before.rows),
        wanted={key: frozenset(_winner(row) for row in rows) for key, rows in queries.items()},
        groups={key: rows[0]["buyer"] for key, rows in queries.items()},
        by_name=True,
    )
    aside = (*before.aside, *after.aside, *winners.aside)
    return Task(name="t1_catalonia", worlds=(world,), aside=aside)
