"""t1_ted: notices of many countries, each against the winners of its own country, cold start."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from procmatch.evaluation.folders import Row, read_table
from procmatch.evaluation.matching.world import Inclusion, Task, World
from procmatch.matching.relevance import Firm, Need
from procmatch.text.folding import fold_ascii

__all__ = ["read_ted"]

#: Countries with fewer winners make lists that are too easy.
_FEWEST = 100
_LANGUAGES = {"DA", "DE", "EN", "ES", "FI", "FR", "HU", "IT", "NL", "PT", "RO", "SV"}
_NUTS = 5


def _unique(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _need(key: str, rows: list[Row]) -> Need:
    """One notice with all its lots; of the award nothing is read."""
    first = rows[0]
    texts = [first.get("description") or ""]
    for row in rows:
        texts += [row.get("lot_title") or "", row.get("lot_description") or ""]
    areas = [
        code
        for row in rows
        for column in ("buyer_nuts", "lot_nuts", "notice_nuts")
        for code in (row.get(column) or "").split()
    ]
    language = first.get("lang") or ""
    return Need(
        key=key,
        title=first.get("title") or "",
        text=" ".join(dict.fromkeys(texts)),
        language=language.lower() if language in _LANGUAGES else "",
        cpv=_unique([first.get("cpv_main") or "", *(first.get("cpv_all") or "").split()]),
        buyer=first.get("buyer_name") or "",
        areas=_unique(areas),
        towns=_unique([fold_ascii(first.get("buyer_town") or "")]),
        postcode=first.get("buyer_postcode") or "",
        day=first.get("date") or "",
    )


def _firm(key: str, rows: list[Row]) -> Firm:
    return Firm(
        key=key,
        name=rows[0]["name"],
        areas=_unique([row.get("nuts") or "" for row in rows]),
        towns=_unique([fold_ascii(row.get("town") or "") for row in rows]),
        postcode=rows[0].get("postcode") or "",
    )


def read_ted(folder: Path) -> Task:
    """Read notices and winners; only winners of the buyer's own country are sought."""
    awards = read_table(
        folder,
        "ted_eu/eu_ted_awards.csv",
        needs=("notice_id", "country", "winner_name"),
        filled=("notice_id", "country"),
    )
    winners = read_table(folder, "ted_eu/winners.csv", needs=("country", "name"))
    many = Counter(row["country"] for row in winners.rows)
    firms: dict[str, dict[str, list[Row]]] = {}
    for row in winners.rows:
        known = firms.setdefault(row["country"], {})
        known.setdefault(f"{row['country']}|{row['name']}", []).append(row)
    queries: dict[str, dict[str, list[Row]]] = {}
    small: dict[str, bool] = {}
    for row in awards.rows:
        country = row["country"]
        if (row.get("winner_country") or country) != country or many[country] < _FEWEST:
            continue
        if row["winner_name"]:
            queries.setdefault(country, {}).setdefault(row["notice_id"], []).append(row)
            size = row.get("winner_size")
            if size:
                small[f"{country}|{row['winner_name']}"] = size != "large"
    worlds = [
        _world(country, own, firms.get(country, {}), small) for country, own in queries.items()
    ]
    return Task(name="t1_ted", worlds=tuple(worlds), aside=(*awards.aside, *winners.aside))


def _world(
    country: str,
    queries: dict[str, list[Row]],
    winners: dict[str, list[Row]],
    small: dict[str, bool],
) -> World:
    firms = tuple(_firm(key, rows) for key, rows in winners.items())
    wanted = {
        key: frozenset(f"{country}|{row['winner_name']}" for row in rows)
        for key, rows in queries.items()
    }
    return World(
        needs=tuple(_need(key, rows) for key, rows in queries.items()),
        firms=firms,
        awards=(),
        wanted=wanted,
        groups={key: rows[0].get("buyer_name") or key for key, rows in queries.items()},
        # The announced size of a winner is known only of winners: a note on who is listed,
        # never a signal.
        of_firm={
            firm.key: Inclusion(
                small=small.get(firm.key),
                local=next((code for code in firm.areas if len(code) >= _NUTS), ""),
            )
            for firm in firms
        },
        home={key: (rows[0].get("buyer_nuts") or "")[:_NUTS] for key, rows in queries.items()},
    )
