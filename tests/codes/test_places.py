"""Places: names as sources print them, regions of every generation, and what the lists add."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from procmatch import codes
from procmatch.codes.entry import CodeEntry

PLACES = codes.builtin().places


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        ("3203", "3201", 5, 20),  # Asker, Bærum
        ("0301", "3203", 15, 35),  # Oslo, Asker
        ("1103", "1108", 5, 20),  # Stavanger, Sandnes: the areas' own points are 40 km away
        ("0301", "4601", 280, 330),  # Oslo, Bergen
        ("0301", "5501", 1100, 1200),  # Oslo, Tromsø
        ("3203", "3203", 0, 0),
        ("0220", "3203", 0, 0),  # the number of Asker before 2020
    ],
)
def test_distances_are_those_between_where_people_live(
    a: str, b: str, low: float, high: float
) -> None:
    distance = PLACES.distance_km(a, b)
    assert distance is not None
    assert low <= distance <= high
    assert PLACES.distance_km(b, a) == pytest.approx(distance)


def test_an_unknown_place_has_no_distance_and_no_neighbour() -> None:
    assert PLACES.distance_km("3203", "0000") is None
    assert not PLACES.are_neighbours("3203", "0000")
    assert PLACES.municipality("0000") is None


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Asker", "3203"),
        ("ASKER\u00a0KOMMUNE", "3203"),
        ("  asker  kommune ", "3203"),
        ("A\u030asnes", "3418"),  # Åsnes with a combining ring
        ("Karasjok", "5610"),
        ("Kárášjohka", "5610"),
        ("Guovdageaidnu - Kautokeino", "5612"),
        ("Tana", "5628"),
        ("Ulvik herad", "4620"),
        ("Våler (Innlandet)", "3419"),
        ("VÅLER (ØSTFOLD)", "3114"),
        ("HERØY (NORDLAND)", "1818"),
    ],
)
def test_a_municipality_is_found_by_any_of_its_names(name: str, number: str) -> None:
    found = PLACES.find_municipality(name)
    assert found is not None
    assert found.number == number


@pytest.mark.parametrize("name", ["Våler", "Herøy kommune", "", "kommune", "Atlantis"])
def test_a_name_of_nobody_or_of_several_is_not_guessed(name: str) -> None:
    assert PLACES.find_municipality(name) is None


@pytest.mark.parametrize(
    ("code", "same_as"),
    [
        ("NO082", ("NO083", "NO084", "NO085")),
        ("NO091", ("NO093", "NO094")),
        ("NO074", ("NO072", "NO073")),
        ("NO01", ("NO081", "NO084")),
        ("NO05", ("NO0A2", "NO0A3")),
        ("NO061", ("50",)),
        ("NO051", ("12",)),
        ("no084", ("32",)),
        ("NO07", ("NO071", "NO072", "NO073")),
        ("16", ("50",)),
        ("NOR", ("NO0",)),
    ],
)
def test_regions_of_earlier_lists_are_todays_municipalities(
    code: str, same_as: tuple[str, ...]
) -> None:
    expected = frozenset().union(*(PLACES.municipalities_in(one) for one in same_as))
    assert expected
    assert PLACES.municipalities_in(code) == expected


@pytest.mark.parametrize("code", ["NO021", "NO022", "NO041", "NO042", "NO051", "NO052"])
def test_a_region_that_was_merged_is_a_part_of_the_new_one(code: str) -> None:
    found = PLACES.municipalities_in(code)
    assert 0 < len(found) < 40


@pytest.mark.parametrize(
    ("code", "count"), [("30", 51), ("38", 23), ("54", 39), ("12", 25), ("07", 7)]
)
def test_counties_that_are_no_more_still_name_their_municipalities(code: str, count: int) -> None:
    assert len(PLACES.municipalities_in(code)) == count


@pytest.mark.parametrize("code", ["NO0B1", "NO0B2", "NOZZZ", "anyw", "SE", "99", "123", "²²"])
def test_a_code_without_municipalities_is_empty(code: str) -> None:
    assert PLACES.municipalities_in(code) == frozenset()


def test_a_municipality_that_was_divided_leads_to_both_parts() -> None:
    assert set(PLACES.today("1507")) == {"1508", "1580"}
    known = PLACES.municipality("1507")
    assert known is not None
    assert known.name == "Ålesund"


def test_every_earlier_number_leads_to_a_living_one() -> None:
    for old, news in PLACES.renumbered.items():
        assert news
        assert old not in PLACES.municipalities
        assert all(new in PLACES.municipalities for new in news)


def test_the_official_lists_add_names_but_keep_points_and_land_borders() -> None:
    known = codes.from_entries(
        [
            CodeEntry(list="municipality", code="5636", labels={"nb": "Unjárga - Nesseby"}),
            CodeEntry(
                list="municipality-point",
                code="5636",
                parent="56",
                labels={"nb": "Nesseby"},
                extra={"lat": "70.9", "lon": "28.0", "county": "Finnmark"},
            ),
            CodeEntry(list="neighbour", code="3203-3212"),  # a border in the fjord
        ]
    ).places
    assert known.municipality("5636") == PLACES.municipality("5636")
    assert known.find_municipality("Unjárga") == known.find_municipality("Nesseby kommune")
    assert not known.are_neighbours("3203", "3212")


def test_a_new_county_gets_its_region_by_name_and_its_borders_from_the_lists() -> None:
    known = codes.from_entries(
        [
            CodeEntry(list="county", code="98", labels={"nb": "Storfylket"}),
            CodeEntry(
                list="county", code="30", labels={"nb": "Viken"}, extra={"valid_to": "2024-01-01"}
            ),
            CodeEntry(list="nuts", code="NO0Z1", labels={"en": "Storfylket"}),
            CodeEntry(list="municipality", code="9801", labels={"nb": "Storvik"}),
            CodeEntry(list="municipality", code="9802", labels={"nb": "Lillevik"}),
            CodeEntry(list="neighbour", code="9801-9802"),
            CodeEntry(list="neighbour", code="9801-1515"),
            CodeEntry(list="postcode", code="9990", parent="9801"),
        ]
    ).places
    assert known.municipalities_in("NO0Z1") == {"9801", "9802"}
    assert known.municipalities_in("98") == {"9801", "9802"}
    assert known.relation("9802", "9801") == "neighbour"
    assert known.are_neighbours("1515", "9801")
    assert known.county("98") == "Storfylket"
    assert "30" not in known.counties
    assert len(known.municipalities_in("30")) == 51
    assert known.of_postcode("NO-9990") == known.of_postcode(" 9990 ") == "9801"
    assert known.of_postcode("0000") is None


@pytest.mark.shared
def test_points_lie_within_the_municipality_and_borders_are_the_official_ones(
    shared_data: Path,
) -> None:
    path = shared_data / "suppliers" / "geo" / "municipalities_2024.csv"
    with path.open(encoding="utf-8") as file:
        official = {row["kommunenummer"]: row for row in csv.DictReader(file)}
    assert set(official) == set(PLACES.municipalities)
    for number, row in official.items():
        one = PLACES.municipalities[number]
        assert one.lat is not None
        assert one.lon is not None
        assert float(row["bbox_minlat"]) <= one.lat <= float(row["bbox_maxlat"])
        assert float(row["bbox_minlon"]) <= one.lon <= float(row["bbox_maxlon"])
        assert one.neighbours == set(row["land_neighbours"].split())
        assert (one.county, one.nuts) == (row["fylkesnummer"], row["nuts3_2024"])
        assert one.name in row["navn"].split(" - ")


@pytest.mark.shared
def test_the_registers_own_place_names_are_found(shared_data: Path) -> None:
    path = shared_data / "suppliers" / "brreg" / "enheter_real_no_enk.csv"
    with path.open(encoding="utf-8") as file:
        printed = {
            (row["forretningsadresse.kommune"], row["forretningsadresse.kommunenummer"])
            for row in csv.DictReader(file)
        }
    missed = []
    for name, number in printed:
        today = PLACES.municipality(number)
        if name and today and PLACES.find_municipality(name) != today:
            missed.append(name)
    assert len(printed) > 200
    assert len(missed) <= len(printed) // 50
