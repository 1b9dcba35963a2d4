"""Awards, contracts, bids; and the same award told again by later notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from procmatch.model.notice import NoticeKind
from tests.ocds.made import BUYER, FIRM, award, correction, exported, kroner, lot, notice

K = NoticeKind
RESULT = notice(2, K.RESULT).notice_id
OTHER = replace(FIRM, ref="ORG-0003", name="Storvik Bakeri AS", number="922222227")


def test_a_result_is_award_and_contract() -> None:
    won = award(
        FIRM,
        value=kroner(790000),
        framework_maximum=kroner(900000),
        concluded_on=date(2026, 5, 20),
        contract_title="Brødavtale",
        contract_id="26/123",
        subcontracted="no",
    )
    (release,) = exported(notice(2, K.RESULT, awards=(won,)))
    key = f"{RESULT}-LOT-0001-TEN-0001"
    assert release["tag"] == ["award", "contract"]
    assert release["awards"] == [
        {
            "id": key,
            "title": "Brødavtale",
            "status": "active",
            "value": {"amount": 790000, "currency": "NOK"},
            "maximumValue": {"amount": 900000, "currency": "NOK"},
            "suppliers": [{"id": "NO-BRC-911111110", "name": "Fjordvik Bakeri AS"}],
            "relatedLots": ["LOT-0001"],
            "hasSubcontracting": False,
        }
    ]
    assert release["contracts"] == [
        {
            "id": key,
            "awardID": key,
            "title": "Brødavtale",
            "status": "active",
            "value": {"amount": 790000, "currency": "NOK"},
            "dateSigned": "2026-05-20T00:00:00Z",
            "identifiers": [{"id": "26/123"}],
        }
    ]
    assert release["tender"]["lots"][0]["status"] == "complete"


def test_a_lot_without_a_winner_is_unsuccessful_with_its_reason() -> None:
    (release,) = exported(
        notice(2, K.RESULT, awards=(award(result="clos-nw", reason="no-rece", tender_id=None),))
    )
    assert release["awards"] == [
        {
            "id": f"{RESULT}-LOT-0001",
            "status": "unsuccessful",
            "statusDetails": "no-rece",
            "relatedLots": ["LOT-0001"],
        }
    ]
    assert release["tag"] == ["award"]
    assert release["tender"]["status"] == "unsuccessful"


def test_a_lot_that_is_still_open_has_no_award() -> None:
    lots = (lot("LOT-0001"), lot("LOT-0002"))
    awards = (award(FIRM), award(lot="LOT-0002", result="open-nw", tender_id=None))
    (release,) = exported(notice(2, K.RESULT, lots=lots, awards=awards))
    assert len(release["awards"]) == 1
    assert [one["status"] for one in release["tender"]["lots"]] == ["complete", "active"]


def test_several_winners_of_a_framework_are_awards_of_their_own() -> None:
    awards = (
        award(FIRM, framework_maximum=kroner(5)),
        award(OTHER, tender_id="TEN-0002", framework_maximum=kroner(5)),
        award(BUYER, tender_id=None),
        award(BUYER, tender_id=None),
    )
    (release,) = exported(notice(2, K.RESULT, awards=awards))
    assert [one["id"].removeprefix(f"{RESULT}-LOT-0001") for one in release["awards"]] == [
        "-TEN-0001",
        "-TEN-0002",
        "",
        "-2",
    ]
    # The ceiling is the lot's, so that adding the awards up does not count it twice.
    assert ["maximumValue" in one for one in release["awards"]] == [True, False, False, False]


def test_a_consortium_is_one_award_with_its_leader() -> None:
    lead = replace(OTHER, group_lead=True)
    (release,) = exported(notice(2, K.RESULT, awards=(award(lead, FIRM),)))
    assert len(release["awards"][0]["suppliers"]) == 2
    roles = {party["name"]: party["roles"] for party in release["parties"]}
    assert roles == {
        "Fjordvik kommune": ["buyer"],
        "Storvik Bakeri AS": ["supplier", "tenderer", "leadTenderer"],
        "Fjordvik Bakeri AS": ["supplier", "tenderer"],
    }


def test_bids_are_counted_a_lot() -> None:
    awards = (
        award(
            FIRM,
            tenders_received=4,
            received=(("tenders", 0), ("t-esubm", 4), ("t-sme", 2), ("t-no-verif", 1)),
        ),
        award(OTHER, tender_id="TEN-0002", tenders_received=4),
    )
    (release,) = exported(notice(2, K.RESULT, awards=awards))
    assert release["bids"]["statistics"] == [
        {"id": "LOT-0001-bids", "measure": "bids", "value": 4, "relatedLot": "LOT-0001"},
        {
            "id": "LOT-0001-electronicBids",
            "measure": "electronicBids",
            "value": 4,
            "relatedLot": "LOT-0001",
        },
        {"id": "LOT-0001-smeBids", "measure": "smeBids", "value": 2, "relatedLot": "LOT-0001"},
    ]


def test_an_intention_is_pending_and_its_result_the_same_award() -> None:
    intention = notice(1, K.DIRECT_AWARD, awards=(award(FIRM, concluded_on=date(2026, 5, 1)),))
    first, second = exported(intention, notice(2, K.RESULT, awards=(award(FIRM),)))
    assert first["awards"][0]["status"] == "pending"
    assert "contracts" not in first
    assert second["awards"][0]["status"] == "active"
    assert second["awards"][0]["id"] == first["awards"][0]["id"]


def test_a_corrected_result_keeps_its_awards() -> None:
    first = notice(2, K.RESULT, awards=(award(FIRM),))
    second = notice(3, K.RESULT, changes=correction(first), awards=(award(OTHER),))
    third = notice(4, K.RESULT, changes=correction(second), awards=(award(OTHER),))
    releases = exported(first, second, third)
    assert len({one["awards"][0]["id"] for one in releases}) == 1
    assert releases[2]["tag"] == ["awardUpdate"]


@pytest.mark.parametrize("kind", [K.MODIFICATION, K.COMPLETION])
def test_a_changed_or_ended_contract_is_the_one_that_was_awarded(kind: NoticeKind) -> None:
    won = award(FIRM, concluded_on=date(2026, 5, 20), tender_id="TEN-0007")
    later = replace(won, tender_id="TEN-0001", value=kroner(5))
    first, second = exported(notice(2, K.RESULT, awards=(won,)), notice(3, kind, awards=(later,)))
    assert second["awards"][0]["id"] == first["awards"][0]["id"]
    ended = kind is K.COMPLETION
    assert second["contracts"][0]["status"] == ("terminated" if ended else "active")


def test_a_further_result_of_the_same_lot_and_firm_is_a_new_award() -> None:
    first, second = exported(
        notice(2, K.RESULT, awards=(award(FIRM),)), notice(3, K.RESULT, awards=(award(FIRM),))
    )
    assert first["awards"][0]["id"] != second["awards"][0]["id"]
