"""CPV, industries and places: the compact tables, and the store's lists laid over them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch import codes
from procmatch.codes import cpv
from procmatch.codes.entry import CodeEntry
from procmatch.errors import CodeError

KNOWN = codes.builtin()


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("15811000", "15811000"),
        ("15811000-6", "15811000"),
        (" 03000000 ", "03000000"),
        ("15 811 000", "15811000"),
        ("15811000 - 6", "15811000"),
        ("1581\u200b1000\u00a0", "15811000"),
    ],
)
def test_cpv_codes_are_normalised(printed: str, code: str) -> None:
    assert cpv.normalise(printed) == code


@pytest.mark.parametrize(
    "printed", ["", "158", "15811000-66", "1581100a", "brød", "١٥٨١١٠٠٠", "1" * 99]
)
def test_what_is_no_cpv_code_is_an_error(printed: str) -> None:
    with pytest.raises(CodeError):
        cpv.normalise(printed)


@given(st.from_regex(r"\A[0-9]{8}\Z"))
def test_every_ancestor_holds_the_code(code: str) -> None:
    for above in cpv.ancestors(code):
        assert cpv.within(code, above)
        assert cpv.depth(above) < cpv.depth(code)


@pytest.mark.parametrize(
    ("code", "branch", "expected"),
    [
        ("15811000", "15000000", True),
        ("15811000", "158", True),
        ("15811000", "15811000", True),
        ("15811000", "15820000", False),
        ("15811000", "03000000", False),
        ("30100000", "30000000", True),
        ("15811000", "1", False),
        ("15811000", "", False),
    ],
)
def test_a_branch_holds_what_is_below_it(code: str, branch: str, *, expected: bool) -> None:
    assert cpv.within(code, branch) is expected


def test_the_tree_of_the_list_itself() -> None:
    assert (cpv.division("15811000"), cpv.group("15811000")) == ("15", "158")
    assert cpv.group("15000000") == "15"
    assert KNOWN.cpv.parent("15811000") == "15810000"
    assert KNOWN.cpv.parent("15000000") is None
    assert KNOWN.cpv.ancestors("15131410") == (
        "15131400",
        "15131000",
        "15130000",
        "15100000",
        "15000000",
    )
    for code in KNOWN.cpv.labels:
        assert KNOWN.cpv.parent(code) is not None or cpv.depth(code) == 2


def test_all_divisions_and_groups_are_there() -> None:
    known = KNOWN.cpv.labels
    assert sum(cpv.depth(code) == 2 for code in known) == 45
    assert sum(code.endswith("00000") for code in known) == 317


def test_food_and_divisions_have_their_own_words_in_nynorsk_where_they_differ() -> None:
    for code, nynorsk in [
        ("15510000", "Mjølk og fløyte"),
        ("03221111", "Raudbetar"),
        ("15894220", "Ferdiglaga måltid til sjukehus"),
        ("03212100", "Poteter"),
        ("65000000", "Offentlege forsyningstenester"),
    ]:
        assert KNOWN.cpv.label(code, "nn") == nynorsk
    food = ("03", "15", "553", "554", "555")
    for code in KNOWN.cpv.labels:
        if code.startswith(food):
            label = KNOWN.cpv.label(code, "nn").lower().replace(",", " ").split()
            assert not {"ikke", "fra", "grønnsaker", "melk", "kjøtt", "tjenester"} & set(label)


def test_food_is_labelled_in_three_languages_and_an_unknown_code_by_the_one_above() -> None:
    assert KNOWN.cpv.label("55523100", "nn") == "Skulemåltid"
    assert KNOWN.cpv.label("15811000", "en") == "Bread products"
    assert "15999999" not in KNOWN.cpv
    assert KNOWN.cpv.label("48999999") == KNOWN.cpv.label("48900000")
    assert KNOWN.cpv.label("99999999") == ""


def test_industry_labels_belong_to_a_revision() -> None:
    assert "brød" in KNOWN.industry.label("SN2025", "10.710").lower()
    assert KNOWN.industry.label("SN2025", "10.719") == KNOWN.industry.label("SN2025", "10.7")
    assert KNOWN.industry.label("SN1994", "10.710") == ""


def test_an_old_industry_code_leads_to_its_new_ones() -> None:
    assert "01.130" in KNOWN.industry.to_sn2025("SN2007", "01.190")
    assert KNOWN.industry.to_sn2025("SN2025", "01.190") == ("01.190",)


@pytest.mark.parametrize(
    ("revision", "code", "above"),
    [
        ("SN2025", "10.710", "10.71"),
        ("SN2025", "10.71", "10.7"),
        ("SN2025", "10.7", "10"),
        ("SN2025", "10", "C"),
        ("SN2007", "56", "I"),
        ("SN2025", "C", None),
    ],
)
def test_the_code_above(revision: str, code: str, above: str | None) -> None:
    assert KNOWN.industry.parent(revision, code) == above


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("SN2025", "10.710"), ("SN2025", "10.710"), True),
        (("SN2007", "10.710"), ("SN2025", "10.710"), True),
        (("SN2007", "01.280"), ("SN2025", "01.130"), True),
        (("SN2007", "10.710"), ("SN2025", "56.210"), False),
        # A market stall of SN2007 is no car dealer of SN2025, though both are 47.810.
        (("SN2007", "47.810"), ("SN2025", "47.810"), False),
    ],
)
def test_the_same_trade_across_revisions(
    one: tuple[str, str], other: tuple[str, str], *, expected: bool
) -> None:
    assert KNOWN.industry.same_trade(one, other) is expected
    assert KNOWN.industry.same_trade(other, one) is expected


def test_a_group_of_the_old_list_leads_to_groups_of_the_new() -> None:
    assert "10.7" in KNOWN.industry.to_sn2025("SN2007", "10.7")
    assert all(len(code) == 4 for code in KNOWN.industry.to_sn2025("SN2007", "47.8"))


@pytest.mark.shared
def test_every_old_code_leads_to_codes_that_exist(shared_data: Path) -> None:
    folder = shared_data / "suppliers" / "klass"
    with (folder / "sn2025.csv").open(encoding="utf-8") as file:
        new = {row["code"] for row in csv.DictReader(file)}
    with (folder / "sn2007.csv").open(encoding="utf-8") as file:
        old = {row["code"] for row in csv.DictReader(file) if len(row["code"]) == 6}
    for code in old:
        assert new.issuperset(KNOWN.industry.to_sn2025("SN2007", code)), code


def test_every_municipality_has_county_region_and_point() -> None:
    places = KNOWN.places
    assert len(places.municipalities) == 357
    for one in places.municipalities.values():
        assert one.county in places.counties
        assert one.nuts.startswith("NO")
        assert one.lat is not None
        assert 57 < one.lat < 72
        for other in one.neighbours:
            assert one.number in places.municipalities[other].neighbours


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("3203", "3203", "same"),
        ("3203", "3201", "neighbour"),
        ("3203", "3232", "county"),
        ("3203", "4601", "other"),
        ("3025", "3203", "same"),
        ("3203", "0000", ""),
    ],
)
def test_how_near_two_municipalities_are(a: str, b: str, expected: str) -> None:
    assert KNOWN.places.relation(a, b) == expected
    assert KNOWN.places.relation(b, a) == expected


@pytest.mark.parametrize(
    ("code", "includes", "count"),
    [
        ("NO081", "0301", 1),
        ("NO082", "3203", 51),
        ("NO08", "0301", 52),
        ("32", "3203", 21),
        ("3203", "3203", 1),
        ("0220", "3203", 1),
        ("NO", "5601", 357),
        ("SE110", None, 0),
        ("", None, 0),
    ],
)
def test_what_lies_within_a_place_code(code: str, includes: str | None, count: int) -> None:
    found = KNOWN.places.municipalities_in(code)
    assert len(found) == count
    assert includes is None or includes in found


@pytest.mark.parametrize("name", ["Asker", "ASKER KOMMUNE", "asker kommune"])
def test_a_municipality_is_found_by_name(name: str) -> None:
    found = KNOWN.places.find_municipality(name)
    assert found is not None
    assert found.number == "3203"


def test_a_name_that_two_municipalities_share_is_nobodys() -> None:
    assert KNOWN.places.find_municipality("Herøy") is None


def test_the_stores_lists_add_places_and_labels() -> None:
    known = codes.from_entries(
        [
            CodeEntry(
                list="municipality-point",
                code="9801",
                parent="98",
                labels={"nb": "Storvik"},
                extra={"lat": "62.0", "lon": "3.0", "nuts": "NO0Z1"},
            ),
            CodeEntry(list="municipality", code="9802", labels={"nb": "Lillevik"}),
            CodeEntry(
                list="municipality",
                code="0220",
                labels={"nb": "Asker"},
                extra={"valid_to": "2020-01-01"},
            ),
            CodeEntry(list="neighbour", code="9801-9802"),
            CodeEntry(list="postcode", code="9990", parent="9801", labels={"nb": "STORVIK"}),
            CodeEntry(list="cpv", code="15811000", labels={"nb": "Brød og sånt"}),
        ]
    )
    assert known.places.municipalities_in("NO0Z1") == {"9801", "9802"}
    assert known.places.relation("9802", "9801") == "neighbour"
    assert known.places.of_postcode("9990") == "9801"
    assert known.places.today("0220") == ("3203",)
    assert known.cpv.label("15811000") == "Brød og sånt"


@pytest.mark.shared
def test_labels_agree_with_the_official_list(shared_data: Path) -> None:
    path = shared_data / "tenders" / "codelists" / "cpv_2008_en_nb.csv"
    with path.open(encoding="utf-8") as file:
        official = {row["code"]: row for row in csv.DictReader(file)}
    for code, labels in KNOWN.cpv.labels.items():
        assert labels["nb"] == official[code]["nb"]
        assert labels["en"] == official[code]["en"]
    for code in official:
        if code.startswith(("03", "15", "553", "554", "555")):
            assert code in KNOWN.cpv
