"""Linkage on real name variants of the register; floors, so that no change makes it worse."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from procmatch.linkage import Linker, Query
from procmatch.model.organisation import NORWAY, Organisation, OrgId
from procmatch.model.values import Place

pytestmark = pytest.mark.shared


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _unit(row: dict[str, str]) -> Organisation:
    place = Place(municipality=row["municipality"] or None, postcode=row.get("postcode") or None)
    return Organisation(id=OrgId(NORWAY, row["orgnr"]), name=row["name"], business_place=place)


def _first_right(linker: Linker, queries: list[tuple[Query, str]]) -> float:
    right = 0
    for query, truth in queries:
        found = linker.candidates(query.name, place=query.place, limit=1)
        right += bool(found) and found[0].org.number == truth
    return right / len(queries)


def test_variants_of_names_find_their_unit(shared_data: Path) -> None:
    folder = shared_data / "eval" / "er"
    rows = [*_rows(folder / "register_units.csv"), *_rows(folder / "no_ldir_entities.csv")]
    linker = Linker.build(_unit(row) for row in rows)
    queries = [
        (Query(name=row["name"], place=row["municipality"]), row["orgnr"])
        for row in _rows(folder / "no_ldir_name_variants.csv")
        if row["is_latest"] == "0"
    ]
    assert _first_right(linker, queries) > 0.57
    links = linker.link_many(query for query, _truth in queries)
    certain = [
        linked.org.number == truth
        for linked, (_query, truth) in zip(links, queries, strict=True)
        if linked and linked.certain
    ]
    assert certain
    # What is left are names that a new owner registered under a new number in the same town.
    assert certain.count(False) <= 3


def test_establishments_lead_to_their_parent(shared_data: Path) -> None:
    folder = shared_data / "eval" / "er"
    linker = Linker.build(_unit(row) for row in _rows(folder / "register_units.csv"))
    queries = [
        (Query(name=row["query_name"]), row["parent_orgnr"])
        for row in _rows(folder / "no_subunit_to_parent.csv")
        if row["resolvable_by_name"] == "1"
    ]
    assert _first_right(linker, queries) > 0.98
    links = linker.link_many(query for query, _truth in queries)
    wrong = [
        linked
        for linked, (_query, truth) in zip(links, queries, strict=True)
        if linked and linked.certain and linked.org.number != truth
    ]
    assert wrong == []


def test_buyers_of_real_notices_agree_with_their_numbers(shared_data: Path) -> None:
    rows = _rows(shared_data / "eval" / "er" / "no_doffin_party_names.csv")
    by_number = {row["orgnr"]: row for row in rows}
    linker = Linker.build(
        Organisation(
            id=OrgId(NORWAY, number), name=row["name"], business_place=Place(city=row["town"])
        )
        for number, row in by_number.items()
    )
    links = [linker.link(row["name"], number=row["orgnr"], place=row["town"]) for row in rows]
    assert all(
        linked and linked.org.number == row["orgnr"]
        for linked, row in zip(links, rows, strict=True)
    )
    assert sum(bool(linked and linked.certain) for linked in links) / len(links) > 0.9
