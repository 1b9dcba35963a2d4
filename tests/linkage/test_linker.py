from __future__ import annotations

import pytest

from procmatch.linkage import Linker
from procmatch.model.organisation import Organisation
from tests.linkage.register import (
    BAKER,
    CHAIN,
    CITY,
    FARM,
    GONE,
    HOLDING,
    INITIALS,
    NEW,
    OLD,
    REGISTER,
    TWIN_BERGEN,
    TWIN_OSLO,
    number,
    unit,
)


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker.build(REGISTER)


@pytest.mark.parametrize(
    ("name", "printed", "expected"),
    [
        ("Elvebakken Bakeri AS", BAKER.id.number, BAKER),
        ("Elvebakken bakeri", f"NO {BAKER.id.number} MVA", BAKER),
        ("Elvebaken Bakeri AS", BAKER.id.number, BAKER),
        ("Grønland Brød", BAKER.id.number, BAKER),
        ("Solvik kommune v/ Eiendom", CITY.id.number, CITY),
        ("Solvik kommune med hjelp av Innkjøp Nord AS", CITY.id.number, CITY),
        ("Hauges Kolonial Moss", number(107), CHAIN),
        ("Hauge Dagligvare AS", number(107), CHAIN),
        ("C.I. Pedersen A/S", INITIALS.id.number, INITIALS),
        ("Bygg Øst AS (tidl. Elvebakken Bakeri)", BAKER.id.number, BAKER),
        ("Myra Meieri SA", GONE.id.number, GONE),
    ],
)
def test_a_number_and_a_name_that_agree_are_certain(
    linker: Linker, name: str, printed: str, expected: Organisation
) -> None:
    linked = linker.link(name, number=printed)
    assert linked is not None
    assert (linked.org, linked.certain, linked.method) == (expected.id, True, "number+name")
    assert linked.name == expected.name


@pytest.mark.parametrize(
    ("name", "printed", "expected"),
    [
        ("Nordlys Renhold AS", BAKER.id.number, BAKER),
        # The other company of the group is another company.
        ("Elvebakken Bakeri AS", HOLDING.id.number, HOLDING),
        ("Elvebakken Bakeri Holding AS", BAKER.id.number, BAKER),
        ("", BAKER.id.number, BAKER),
        ("AS", BAKER.id.number, BAKER),
    ],
)
def test_a_number_whose_name_disagrees_is_kept_but_not_certain(
    linker: Linker, name: str, printed: str, expected: Organisation
) -> None:
    linked = linker.link(name, number=printed)
    assert linked is not None
    assert (linked.org, linked.certain, linked.method) == (expected.id, False, "number")


def test_the_unit_that_the_name_says_is_the_runner_up(linker: Linker) -> None:
    linked = linker.link("Elvebakken Bakeri AS", number=HOLDING.id.number)
    assert linked is not None
    assert linked.runner_up is not None
    assert linked.runner_up[0] == BAKER.id


@pytest.mark.parametrize(
    ("name", "place", "postcode", "expected"),
    [
        ("Nordlys Renhold AS", "Bergen", None, TWIN_BERGEN),
        ("NORDLYS RENHOLD A/S", "5003 BERGEN", None, TWIN_BERGEN),
        ("Nordlys Renhold AS", None, "0150", TWIN_OSLO),
        ("Nordlys Renhold AS", "4601", None, TWIN_BERGEN),
        ("Lia gard", None, "5700", FARM),
        ("Lia gard ANS", "Voss", None, FARM),
        ("Solvik kommune", None, None, CITY),
        ("Sálvvi suohkan", None, "9990", CITY),
        ("Solvik kommune", "Solvik", None, CITY),
        ("Elvebakken Bakeri AS", "Oslo", None, BAKER),
        ("Elvebaken Bakkeri AS", "Oslo", None, BAKER),
        ("Elvebakken Bakeri Holding AS", None, "0150", HOLDING),
    ],
)
def test_a_name_that_a_place_confirms_is_certain(
    linker: Linker,
    name: str,
    place: str | None,
    postcode: str | None,
    expected: Organisation,
) -> None:
    linked = linker.link(name, place=place, postcode=postcode)
    assert linked is not None
    assert (linked.org, linked.certain) == (expected.id, True)


@pytest.mark.parametrize(
    ("name", "place", "expected"),
    [
        # An exact name alone: it may have gone over to another company.
        ("Elvebakken Bakeri AS", None, BAKER),
        ("Elvebakken Bakeri Holding AS", None, HOLDING),
        ("Elvebakken Bakeri", None, BAKER),
        ("Elvebakken Bakeri AS", "Tromsø", BAKER),
        ("Grønland Brød AS", None, BAKER),
        ("Lia gard", "Voss", FARM),
        ("Hauges Kolonial Moss", None, CHAIN),
        ("Myra Meieri SA", "Bergen", GONE),
        ("Pedersen, C. I. AS", "Tromsø", INITIALS),
    ],
)
def test_a_name_that_nothing_confirms_is_uncertain(
    linker: Linker, name: str, place: str | None, expected: Organisation
) -> None:
    linked = linker.link(name, place=place)
    assert linked is not None
    assert (linked.org, linked.certain) == (expected.id, False)
    assert linked.score < 0.9


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Nordlys Renhold AS", None),
        ("Nordlys Renhold AS", "Tromsø"),
        ("Ukjent Tømrerlag AS", "Oslo"),
        ("Renhold AS", None),
        ("Kommune", None),
        ("AS", None),
    ],
)
def test_nobody_is_a_normal_answer(linker: Linker, name: str, place: str | None) -> None:
    assert linker.link(name, place=place) is None


def test_a_deleted_unit_loses_to_a_living_one_of_its_name_but_leaves_a_doubt(
    linker: Linker,
) -> None:
    linked = linker.link("Håland Frukt AS", place="Egersund")
    assert linked is not None
    assert (linked.org, linked.certain) == (NEW.id, False)
    found = [one.org for one in linker.candidates("Håland Frukt AS")]
    assert found[:2] == [NEW.id, OLD.id]


def test_a_deleted_unit_is_still_found_and_said_to_be_deleted(linker: Linker) -> None:
    linked = linker.link("Myra Meieri SA", number=GONE.id.number)
    assert linked is not None
    assert ("status", "deleted from the register") in linked.criteria


def test_the_municipality_buys_though_a_part_of_it_is_named(linker: Linker) -> None:
    linked = linker.link("Solvik kommune v/ Eiendom")
    assert linked is not None
    assert linked.org == CITY.id


def test_a_part_that_is_a_unit_itself_makes_the_whole_uncertain() -> None:
    linker = Linker.build([*REGISTER, unit(20, "SOLVIK BYGG KF", "KF", city="Solvik")])
    linked = linker.link("Solvik kommune v/ Solvik Bygg KF", place="Solvik")
    assert linked is not None
    assert (linked.org, linked.certain) == (CITY.id, False)


def test_a_department_in_the_name_is_told_from_the_other(linker: Linker) -> None:
    linker = Linker.build(
        [unit(1, "DAL SKOLE AVD NORD", "ORGL"), unit(2, "DAL SKOLE AVD SØR", "ORGL")]
    )
    linked = linker.link("Dal skole, avd. Sør", postcode="0150")
    assert linked is not None
    assert (linked.org.number, linked.certain) == (number(2), True)


def test_a_valid_number_that_the_register_lacks_leaves_the_name_uncertain(linker: Linker) -> None:
    linked = linker.link("Elvebakken Bakeri AS", number=number(999), place="Oslo")
    assert linked is not None
    assert (linked.org, linked.certain) == (BAKER.id, False)
    assert linked.criteria[0] == ("number", "valid, but not in the register")


def test_a_mistyped_number_is_said_and_left_aside(linker: Linker) -> None:
    linked = linker.link("Elvebakken Bakeri AS", number="123", place="Oslo")
    assert linked is not None
    assert (linked.org, linked.certain, linked.method) == (BAKER.id, True, "name+place")
    assert linked.criteria[0] == ("number", "not an organisation number: '123'")


def test_every_link_says_what_was_compared(linker: Linker) -> None:
    linked = linker.link("Nordlys Renhold AS", place="Bergen")
    assert linked is not None
    assert linked.criteria == (
        ("name", "is exactly the name"),
        ("words that agree", "nordlys (2), renhold (2)"),
        ("legal form", "agrees"),
        ("place", "agrees"),
        ("units of this name", "2"),
    )
    assert linked.runner_up is not None
    assert linked.runner_up[0] == TWIN_OSLO.id


def test_candidates_are_ranked_once_each_and_limited(linker: Linker) -> None:
    found = linker.candidates("Elvebakken Bakeri", limit=2)
    assert [one.org for one in found] == [BAKER.id, HOLDING.id]
    assert found[0].score > found[1].score
    assert linker.candidates("Elvebakken Bakeri", limit=0) == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "\x00\x01\x02",
        "123 456 789",
        "987654321",
        "!!! ---",
        "株式会社日本",
        "Общество с ограниченной ответственностью",
        "🍞🍞🍞",
        "ord " * 2_500,
        "x" * 10_000,
        "A/S " * 2_500,
    ],
)
def test_what_is_no_name_of_the_register_is_nobody(linker: Linker, name: str) -> None:
    assert linker.link(name, place="Oslo", postcode="0150") is None


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "9" * 10_000, "NO" * 5_000, "- " * 5_000, "٣" * 9]
)
def test_what_is_no_number_or_place_does_no_harm(linker: Linker, text: str) -> None:
    linked = linker.link("Elvebakken Bakeri AS", number=text, place=text, postcode=text)
    assert linked is not None
    assert linked.org == BAKER.id


def test_an_empty_register_knows_nobody() -> None:
    linker = Linker.build([])
    assert linker.link("Elvebakken Bakeri AS", number=BAKER.id.number) is None
    assert linker.candidates("Elvebakken Bakeri AS") == []
