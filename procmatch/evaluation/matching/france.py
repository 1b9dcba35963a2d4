"""t1_decp: French building works in order of time, winners by SIREN; no text but the codes."""

from __future__ import annotations

from pathlib import Path

from procmatch.evaluation.folders import Row, read_table
from procmatch.evaluation.matching.world import Inclusion, Task, World
from procmatch.matching.relevance import Award, Firm, Need

__all__ = ["read_france"]

_FILE = "fr/decp_works_2024h2"
_NEEDS = ("uid", "titulaire_id")
#: The first nine digits of a SIRET name the enterprise.
_SIREN = 9


def _area(region: str | None, department: str | None) -> str:
    return f"FR/{region or ''}/{department}" if department else ""


def _home(row: Row) -> str:
    return _area(row.get("acheteur_region_code"), row.get("acheteur_departement_code"))


def _need(key: str, row: Row) -> Need:
    """One contract. Its sum and the number of offers are not known before, and not read."""
    return Need(
        key=key,
        reference=row.get("id") or "",
        language="fr",
        cpv=tuple(filter(None, [row.get("codeCPV")])),
        buyer=(row.get("acheteur_id") or "")[:_SIREN],
        areas=tuple(filter(None, [_home(row)])),
        day=row.get("dateNotification") or "",
    )


def _winner(row: Row) -> str:
    return row["titulaire_id"][:_SIREN]


def read_france(folder: Path) -> Task:
    """Read the contracts before, those to rank for, and all who ever won one."""
    before = read_table(folder, f"{_FILE}.train.csv", needs=_NEEDS)
    after = read_table(folder, f"{_FILE}.csv", needs=_NEEDS)
    winners = read_table(folder, "fr/winners.csv", needs=("candidate",), filled=())
    queries: dict[str, list[Row]] = {}
    for row in after.rows:
        queries.setdefault(row["uid"], []).append(row)
    firms = tuple(
        Firm(
            key=row["candidate"],
            name=row.get("name") or "",
            language="fr",
            areas=tuple(filter(None, [_area(row.get("region"), row.get("departement"))])),
        )
        for row in winners.rows
        if row["candidate"]
    )
    world = World(
        needs=tuple(_need(key, rows[0]) for key, rows in queries.items()),
        firms=firms,
        awards=tuple(Award(need=_need("", row), winners=(_winner(row),)) for row in before.rows),
        wanted={key: frozenset(_winner(row) for row in rows) for key, rows in queries.items()},
        groups={key: (rows[0].get("acheteur_id") or key)[:_SIREN] for key, rows in queries.items()},
        of_firm={firm.key: Inclusion(local="".join(firm.areas)) for firm in firms},
        home={key: _home(rows[0]) for key, rows in queries.items()},
    )
    aside = (*before.aside, *after.aside, *winners.aside)
    return Task(name="t1_decp", worlds=(world,), aside=aside)
