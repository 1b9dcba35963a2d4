"""Who is named and how: register numbers, several buyers, and persons who are not named."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from procmatch.model.notice import NoticeKind, OrganisationRef
from procmatch.model.values import Place
from tests.ocds.made import BUYER, FIRM, Json, award, exported, notice, unit

BAKER = OrganisationRef(
    ref="ORG-0009",
    name="Kari Nordvik",
    number="933333336",
    number_as_printed="933 333 336",
    place=Place(nuts="NO0Z1", city="Fjordvik", postcode="9801", country="NOR"),
    website="https://karinordvik.example",
    size="micro",
)
PERSON = unit("933333336", "KARI NORDVIK", person=True)


def won_by(*winners: OrganisationRef, **how: object) -> Json:
    known: Json = {"units": {"Kari Nordvik": PERSON}, **how}
    result = notice(
        2,
        NoticeKind.RESULT,
        awards=(award(*winners, contract_title="Avtale med Kari Nordvik", contract_id="KN-1"),),
    )
    (release,) = exported(result, **known)
    return release


def test_a_buyer_is_named_by_register_and_number() -> None:
    (release,) = exported(
        notice(buyer_legal_types=("la",), buyer_activities=("education",)),
        units={"Fjordvik kommune": unit("999601391", "FJORDVIK KOMMUNE")},
    )
    assert release["buyer"] == {"id": "NO-BRC-999601391", "name": "Fjordvik kommune"}
    assert release["parties"] == [
        {
            "id": "NO-BRC-999601391",
            "name": "Fjordvik kommune",
            "identifier": {
                "scheme": "NO-BRC",
                "id": "999601391",
                "legalName": "FJORDVIK KOMMUNE",
                "uri": "https://data.brreg.no/enhetsregisteret/api/enheter/999601391",
            },
            "address": {
                "locality": "Fjordvik",
                "postalCode": "9801",
                "region": "NO0Z1",
                "country": "NO",
            },
            "details": {
                "classifications": [
                    {"scheme": "TED_CA_TYPE", "id": "la"},
                    {"scheme": "eu-main-activity", "id": "education"},
                ]
            },
            "roles": ["buyer"],
        }
    ]


def test_the_linked_unit_names_a_party_printed_without_or_with_another_number() -> None:
    bare = replace(BUYER, number=None)
    school = replace(BUYER, number="911111110")
    units = {"Fjordvik kommune": unit("999601391", "FJORDVIK KOMMUNE")}
    for printed in (bare, school):
        (release,) = exported(notice(buyers=(printed,)), units=units)
        assert release["buyer"]["id"] == "NO-BRC-999601391"
    assert release["parties"][0]["additionalIdentifiers"] == [
        {"scheme": "NO-BRC", "id": "911111110"}
    ]


def test_a_likely_unit_names_nobody() -> None:
    bare = replace(BUYER, number=None)
    units = {"Fjordvik kommune": unit("999601391", "FJORDVIK KOMMUNE", certain=False)}
    (release,) = exported(notice(buyers=(bare,)), units=units)
    assert "identifier" not in release["parties"][0]


def test_a_party_without_a_number_is_the_same_in_every_notice() -> None:
    first = replace(BUYER, ref="ORG-0001", number=None)
    second = replace(first, ref="ORG-0007", name="FJORDVIK  KOMMUNE")
    one, two = exported(notice(buyers=(first,)), notice(2, buyers=(second,)))
    assert one["buyer"]["id"] == two["buyer"]["id"]
    other = replace(first, name="Storvik kommune")
    (three,) = exported(notice(buyers=(other,)))
    assert three["buyer"]["id"] != one["buyer"]["id"]


def test_several_buyers_are_parties_and_codes_of_unknown_owner_are_left_out() -> None:
    lead = replace(BUYER, ref="ORG-0005", name="Innkjøp Nord", number="911111110", group_lead=True)
    (release,) = exported(notice(buyers=(BUYER, lead), buyer_legal_types=("la", "cga")))
    assert [party["roles"] for party in release["parties"]] == [["buyer"], ["buyer", "leadBuyer"]]
    assert "details" not in release["parties"][0]


def test_a_buyer_that_wins_too_has_all_its_roles() -> None:
    release = won_by(BUYER)
    assert release["parties"][0]["roles"] == ["buyer", "supplier", "tenderer"]
    assert len(release["parties"]) == 1


def test_a_sole_proprietor_is_not_named() -> None:
    release = won_by(BAKER)
    told = json.dumps(release)
    assert "Nordvik" not in told.replace("Fjordvik", "")
    assert "karinordvik" not in told
    assert "933333336" not in told
    assert "KN-1" not in told
    assert release["parties"][1] == {
        "id": "withheld-1",
        "name": "Sole proprietor (name withheld)",
        "address": {"region": "NO0Z1", "country": "NO"},
        "details": {"scale": "selfEmployed"},
        "roles": ["supplier", "tenderer"],
    }
    assert release["awards"][0]["suppliers"] == [
        {"id": "withheld-1", "name": "Sole proprietor (name withheld)"}
    ]


def test_sole_proprietors_are_named_when_asked_for() -> None:
    release = won_by(BAKER, with_persons=True)
    assert release["parties"][1]["name"] == "Kari Nordvik"
    assert release["parties"][1]["identifier"]["id"] == "933333336"
    assert release["awards"][0]["title"] == "Avtale med Kari Nordvik"


def test_a_unit_that_is_only_likely_keeps_a_person_unnamed() -> None:
    likely = replace(PERSON, certain=False)
    release = won_by(replace(BAKER, number=None), units={"Kari Nordvik": likely})
    assert release["parties"][1]["name"].startswith("Sole proprietor")


def test_a_name_that_says_so_itself_is_not_told() -> None:
    release = won_by(replace(BAKER, name="Kari Nordvik ENK"), units={})
    assert "Kari" not in json.dumps(release)


def test_who_is_a_person_in_one_notice_is_in_all() -> None:
    known = notice(2, NoticeKind.RESULT, awards=(award(BAKER),))
    unlinked = notice(
        3, NoticeKind.RESULT, awards=(award(replace(BAKER, name="Kari N.", website=None)),)
    )
    nameless = notice(
        4, NoticeKind.RESULT, awards=(award(replace(BAKER, number=None, website=None)),)
    )
    releases = exported(known, unlinked, nameless, units={"Kari Nordvik": PERSON})
    # The third is printed by name only: the first tells who that is.
    assert "Kari" not in json.dumps(releases)
    assert {one["awards"][0]["suppliers"][0]["id"] for one in releases} == {"withheld-1"}


@pytest.mark.parametrize("country", ["NOR", "SWE"])
def test_an_unchecked_number_may_be_a_persons_and_is_not_told(country: str) -> None:
    printed = replace(
        FIRM, number=None, number_as_printed="010190 12345", place=Place(country=country)
    )
    assert "12345" not in json.dumps(won_by(printed))
    shown = won_by(printed, with_persons=True)
    assert shown["parties"][1]["identifier"] == {"id": "010190 12345"}
