"""t1_norway: Norwegian awards lot by lot, winners and a sample of the register by name only."""

from __future__ import annotations

import re
from pathlib import Path

from procmatch.evaluation.folders import Row, read_table
from procmatch.evaluation.matching.world import Task, World
from procmatch.matching.relevance import Firm, Need

__all__ = ["read_norway"]

_NOT_KEY = re.compile(r"[\W_]+")


def _key(name: str) -> str:
    return _NOT_KEY.sub("", name.upper())


def _need(key: str, row: Row) -> Need:
    codes = [row.get("cpv_main") or "", *(row.get("cpv_all") or "").split()]
    return Need(
        key=key,
        title=f"{row.get('title') or ''} {row.get('lot_title') or ''}",
        text=row.get("lot_description") or row.get("description") or "",
        language="nb",
        cpv=tuple(dict.fromkeys(code for code in codes if code)),
        buyer=row.get("buyer_orgnr") or row.get("buyer_name") or "",
        day=row.get("date") or "",
    )


def read_norway(folder: Path) -> Task:
    """Read lots and winners; the sample of the register stands among them as strangers.

    Places are left out: they would be known of winners only.
    """
    awards = read_table(folder, "norway/no_awards.csv", needs=("notice_id", "winner_name"))
    units = read_table(folder, "er/register_units.csv", needs=("name",))
    names = {
        _key(row["name"]): row["name"] for row in (*units.rows, *awards.rows) if row.get("name")
    }
    names |= {_key(row["winner_name"]): row["winner_name"] for row in awards.rows}
    queries: dict[str, list[Row]] = {}
    for row in awards.rows:
        queries.setdefault(f"{row['notice_id']}|{row.get('lot_no') or ''}", []).append(row)
    world = World(
        needs=tuple(_need(key, rows[0]) for key, rows in queries.items()),
        firms=tuple(Firm(key=key, name=name, language="nb") for key, name in names.items() if key),
        awards=(),
        wanted={
            key: frozenset(_key(row["winner_name"]) for row in rows)
            for key, rows in queries.items()
        },
        groups={key: rows[0]["notice_id"] for key, rows in queries.items()},
    )
    return Task(name="t1_norway", worlds=(world,), aside=(*awards.aside, *units.aside))
