"""What a notice becomes: ids, tags, the tender and its lots."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from procmatch.errors import NotExportable
from procmatch.model.notice import (
    AwardCriterion,
    NoticeKind,
    SelectionCriterion,
    Strategic,
    Term,
)
from procmatch.model.values import Money, Place, Text
from tests.ocds.made import BUYER, correction, exported, kroner, lot, notice, said

K = NoticeKind


def test_a_release_is_named_after_procedure_and_notice() -> None:
    (release,) = exported(notice())
    assert release["ocid"] == "ocds-xxxxxx-11111111-1111-4111-8111-111111111111"
    assert release["id"] == "00000000-0000-4000-8000-000000000001-01"
    assert release["date"] == "2026-05-01T10:00:00Z"
    assert (release["initiationType"], release["language"]) == ("tender", "no")
    assert release["tender"]["id"] == "11111111-1111-4111-8111-111111111111"


def test_without_a_procedure_the_ocid_is_made_of_the_publication() -> None:
    (release,) = exported(notice(procedure_id=None))
    assert release["ocid"] == "ocds-xxxxxx-doffin-2026-100001"
    assert release["tender"]["id"] == "doffin:2026-100001"


@pytest.mark.parametrize(
    ("kind", "tag", "status"),
    [
        (K.PLANNING, ["planning"], "planned"),
        (K.COMPETITION, ["tender"], "active"),
        (K.RESULT, ["award"], "complete"),
        (K.DIRECT_AWARD, ["award"], "complete"),
        (K.MODIFICATION, ["awardUpdate", "contractUpdate"], None),
        (K.COMPLETION, ["contractTermination"], "complete"),
        (K.CHANGE, ["tenderUpdate"], None),
    ],
)
def test_the_kind_of_notice_says_tag_and_status(
    kind: NoticeKind, tag: list[str], status: str | None
) -> None:
    (release,) = exported(notice(kind=kind))
    assert release["tag"] == tag
    assert release["tender"].get("status") == status


def test_a_correction_names_what_it_changes() -> None:
    first = notice()
    change = correction(
        first,
        text=said("Ny frist"),
        description=said("Fristen er flyttet."),
        sections=("LOT-0001",),
    )
    _, second = exported(first, notice(2, changes=change))
    assert second["tag"] == ["tenderUpdate"]
    assert second["tender"]["amendments"] == [
        {
            "id": "00000000-0000-4000-8000-000000000002-01",
            "date": "2026-05-02T10:00:00Z",
            "rationale": "Ny frist",
            "rationaleClassifications": [
                {"scheme": "eu-change-corrig-justification", "id": "update-add"}
            ],
            "description": "Fristen er flyttet.",
            "amendsReleaseID": "00000000-0000-4000-8000-000000000001-01",
            "releaseID": "00000000-0000-4000-8000-000000000002-01",
            "relatedLots": ["LOT-0001"],
        }
    ]


def test_a_change_of_a_doffin_id_is_resolved_and_an_unknown_one_kept() -> None:
    known = replace(correction(notice()), notice="2026-100001")
    unknown = replace(known, notice="2022-919032")
    _, by_id, lost = exported(notice(), notice(2, changes=known), notice(3, changes=unknown))
    assert by_id["tender"]["amendments"][0]["amendsReleaseID"].endswith("1-01")
    assert lost["tender"]["amendments"][0]["amendsReleaseID"] == "2022-919032"


def test_a_cancelled_procedure_is_said_to_be() -> None:
    first = notice()
    _, second = exported(first, notice(2, changes=correction(first, "cancel")))
    assert second["tag"] == ["tenderCancellation"]
    assert second["tender"]["status"] == "cancelled"
    assert [one["status"] for one in second["tender"]["lots"]] == ["cancelled"]


def test_a_lot_that_a_correction_drops_is_cancelled() -> None:
    first = notice(lots=(lot("LOT-0001"), lot("LOT-0002")))
    _, second = exported(first, notice(2, changes=correction(first), lots=(lot("LOT-0002"),)))
    assert [(one["id"], one["status"]) for one in second["tender"]["lots"]] == [
        ("LOT-0002", "active"),
        ("LOT-0001", "cancelled"),
    ]


def test_texts_stand_in_the_main_language_and_the_others_with_a_suffix() -> None:
    (release,) = exported(notice(title=said("Bakervarer", NNO="Bakarvarer", ENG="Bakery goods")))
    tender = release["tender"]
    assert (tender["title"], tender["title_nn"]) == ("Bakervarer", "Bakarvarer")
    assert tender["title_en"] == "Bakery goods"
    assert "title_no" not in tender


def test_a_text_without_the_main_language_says_which_it_is_in() -> None:
    (release,) = exported(notice(title=Text(versions=(("ENG", "Bakery goods"), ("", "?")))))
    tender = release["tender"]
    assert (tender["title"], tender["title_en"]) == ("Bakery goods", "Bakery goods")


def test_the_tender_tells_method_category_value_and_law() -> None:
    (release,) = exported(
        notice(
            procedure_type="restricted",
            nature="supplies",
            value=kroner("1200000.50"),
            legal_basis="32014L0024",
            description=said("Brød til alle"),
        )
    )
    tender = release["tender"]
    assert tender["procurementMethod"] == "selective"
    assert tender["procurementMethodDetails"] == "Restricted procedure"
    assert tender["mainProcurementCategory"] == "goods"
    assert tender["value"] == {"amount": 1200000.5, "currency": "NOK"}
    assert tender["legalBasis"] == {"scheme": "CELEX", "id": "32014L0024"}
    assert tender["description"] == "Brød til alle"


def test_what_has_no_counterpart_is_left_out_not_guessed() -> None:
    (release,) = exported(
        notice(procedure_type="oth-single", nature="combined", legal_basis="other")
    )
    tender = release["tender"]
    assert "procurementMethod" not in tender
    assert tender["procurementMethodDetails"] == "Other procedure in one stage"
    assert "mainProcurementCategory" not in tender
    assert "legalBasis" not in tender


def test_a_lot_tells_its_terms() -> None:
    one = lot(
        description=said("Daglig levering"),
        nature="supplies",
        value=kroner(800000),
        framework="fa-wo-rc",
        framework_participants=3,
        framework_maximum=kroner(2000000),
        dps="dps-list",
        deadline=datetime(2026, 6, 11, 22, tzinfo=UTC),
        question_deadline=datetime(2026, 6, 1, 10, tzinfo=UTC),
        reserved=("res-ws",),
        reserved_execution=True,
        sme_suitable=True,
        variants="not-allowed",
        electronic_catalogue="required",
        submission_url="https://tilbud.example/1",
        tender_languages=("NOR", "SMA"),
        term=Term(
            length=2,
            unit="YEAR",
            start=date(2026, 9, 1),
            end=date(2028, 8, 31),
            renewals=2,
            renewal_description=said("Ett år om gangen"),
        ),
    )
    (release,) = exported(notice(lots=(one,)))
    assert release["tender"]["lots"] == [
        {
            "id": "LOT-0001",
            "title": "Brød",
            "description": "Daglig levering",
            "status": "active",
            "value": {"amount": 800000, "currency": "NOK"},
            "mainProcurementCategory": "goods",
            "tenderPeriod": {"endDate": "2026-06-11T22:00:00Z"},
            "enquiryPeriod": {"endDate": "2026-06-01T10:00:00Z"},
            "contractPeriod": {
                "startDate": "2026-09-01T00:00:00Z",
                "endDate": "2028-08-31T23:59:59Z",
                "durationInDays": 730,
            },
            "hasRenewal": True,
            "renewal": {"maximumRenewals": 2, "description": "Ett år om gangen"},
            "submissionMethodDetails": "https://tilbud.example/1",
            "submissionTerms": {
                "languages": ["no", "sma"],
                "variantPolicy": "notAllowed",
                "electronicCatalogPolicy": "required",
            },
            "suitability": {"sme": True},
            "otherRequirements": {"reservedParticipation": ["shelteredWorkshop"]},
            "contractTerms": {"reservedExecution": True},
            "techniques": {
                "hasFrameworkAgreement": True,
                "frameworkAgreement": {
                    "method": "withoutReopeningCompetition",
                    "maximumParticipants": 3,
                    "value": {"amount": 2000000, "currency": "NOK"},
                },
                "hasDynamicPurchasingSystem": True,
                "dynamicPurchasingSystem": {"type": "closed"},
            },
        }
    ]
    assert release["tender"]["techniques"] == {"hasFrameworkAgreement": True}
    assert release["tender"]["tenderPeriod"] == {"endDate": "2026-06-11T22:00:00Z"}


def test_lots_that_close_on_different_days_leave_the_tender_without_one() -> None:
    days = (datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 2, tzinfo=UTC), None)
    lots = tuple(lot(f"LOT-000{number}", deadline=day) for number, day in enumerate(days, start=1))
    for some in (lots[:2], lots[1:]):
        (release,) = exported(notice(lots=some))
        assert "tenderPeriod" not in release["tender"]
    (release,) = exported(notice(lots=lots[:1]))
    assert release["tender"]["tenderPeriod"] == {"endDate": "2026-06-01T00:00:00Z"}


def test_no_renewal_is_an_answer_and_silence_is_none() -> None:
    (said_no,) = exported(notice(lots=(lot(term=Term(renewals=0)),)))
    assert said_no["tender"]["lots"][0]["hasRenewal"] is False
    (silent,) = exported(notice(lots=(lot(term=Term(other="UNLIMITED")),)))
    assert "hasRenewal" not in silent["tender"]["lots"][0]
    assert silent["tender"]["lots"][0]["contractPeriod"] == {"description": "UNLIMITED"}


def test_criteria_are_told_with_their_weights() -> None:
    one = lot(
        award_criteria=(
            AwardCriterion(type="price", name=said("Pris"), weight=60.0, weight_kind="per-exa"),
            AwardCriterion(type="quality-nor-env-30", description=said("Miljø"), weight=30.5),
        ),
        selection_criteria=(
            SelectionCriterion(
                type="slc-stand-refs", name=said("Soliditet"), description=said("A")
            ),
            SelectionCriterion(type="tp-abil", description=said("Erfaring")),
            SelectionCriterion(type="slc-sche-qu-cert-indep"),
        ),
    )
    (release,) = exported(notice(lots=(one,)))
    told = release["tender"]["lots"][0]
    assert told["awardCriteria"]["criteria"] == [
        {
            "type": "price",
            "name": "Pris",
            "numbers": [{"number": 60, "weight": "percentageExact"}],
        },
        {"type": "quality", "description": "Miljø", "numbers": [{"number": 30.5}]},
    ]
    assert told["selectionCriteria"]["criteria"] == [
        {"type": "economic", "description": "Soliditet: A"},
        {"type": "technical", "description": "Erfaring"},
        {"type": "other"},
    ]


def test_strategic_aims_become_sustainability() -> None:
    one = lot(
        strategic=Strategic(
            strategic=("env-imp", "soc-obj"),
            environmental=("circ-econ",),
            gpp=("national",),
            accessibility=("inc",),
            description=said("Ombruk"),
        )
    )
    (release,) = exported(notice(lots=(one,)))
    told = release["tender"]["lots"][0]
    assert told["hasSustainability"] is True
    assert [aim.get("goal") for aim in told["sustainability"]] == [
        "environmental.circularEconomy",
        "social",
        None,
    ]
    assert told["sustainability"][0]["description"] == "Ombruk"
    assert told["sustainability"][2] == {"strategies": ["nationalGPPCriteria"]}
    assert told["hasAccessibilityCriteria"] is True


def test_items_carry_cpv_and_places() -> None:
    places = (
        Place(nuts="NO0Z1", city="Fjordvik", postcode="9801", country="NOR"),
        Place(region="anyw-cou", country="NOR"),
        Place(country="XKX"),
    )
    one = lot(cpv_additional=("15811100", "15811000"), places=places)
    (release,) = exported(notice(lots=(one,)))
    assert release["tender"]["items"] == [
        {
            "id": "LOT-0001",
            "classification": {"scheme": "CPV", "id": "15811000"},
            "additionalClassifications": [{"scheme": "CPV", "id": "15811100"}],
            "deliveryAddresses": [
                {"locality": "Fjordvik", "postalCode": "9801", "region": "NO0Z1", "country": "NO"},
                {"country": "NO", "description": "Anywhere in the given country"},
            ],
            "relatedLot": "LOT-0001",
        }
    ]


def test_documents_are_the_notice_and_where_the_papers_are() -> None:
    lots = (
        lot("LOT-0001", documents_url="https://papirer.example/a b"),
        lot("LOT-0002", documents_url="www.papirer.example"),
        lot("LOT-0003", documents_url="https://papirer.example/a b"),
    )
    (release,) = exported(notice(lots=lots))
    assert release["tender"]["documents"] == [
        {
            "id": "doffin-2026-100001",
            "documentType": "tenderNotice",
            "url": "https://doffin.example/notices/2026-100001",
            "datePublished": "2026-05-01T00:00:00Z",
            "language": "no",
        },
        {
            "id": "biddingDocuments-1",
            "documentType": "biddingDocuments",
            "url": "https://papirer.example/a%20b",
            "relatedLots": ["LOT-0001", "LOT-0003"],
        },
        {
            "id": "biddingDocuments-2",
            "documentType": "biddingDocuments",
            "accessDetails": "www.papirer.example",
            "relatedLots": ["LOT-0002"],
        },
    ]


def test_each_part_of_a_plan_is_a_process_of_its_own() -> None:
    parts = (
        lot("PAR-0001", kind="part", title=said("Brød"), value=kroner(1)),
        lot("PAR-0002", kind="part", title=said("Kaker"), sme_suitable=True),
    )
    bread, cakes = exported(notice(kind=K.PLANNING, procedure_id=None, lots=parts))
    assert bread["ocid"] == "ocds-xxxxxx-doffin-2026-100001-PAR-0001"
    assert cakes["ocid"].endswith("PAR-0002")
    assert bread["id"] == cakes["id"]
    assert (bread["tender"]["id"], bread["tender"]["title"]) == ("PAR-0001", "Brød")
    assert bread["tender"]["status"] == "planned"
    assert cakes["tender"]["suitability"] == {"sme": True}
    assert "lots" not in cakes["tender"]
    assert [one["id"] for one in cakes["tender"]["items"]] == ["PAR-0002"]


def test_earlier_plans_are_related_by_ocid_where_they_are_known() -> None:
    (release,) = exported(
        notice(previous_planning=("2023/S 193-601506", "abc-01")),
        earlier={"abc-01": "doffin:2025-7-PAR-0001"},
    )
    assert release["relatedProcesses"] == [
        {
            "id": "2023/S 193-601506",
            "relationship": ["planning"],
            "scheme": "eu-oj",
            "identifier": "2023/S 193-601506",
        },
        {
            "id": "abc-01",
            "relationship": ["planning"],
            "scheme": "ocid",
            "identifier": "ocds-xxxxxx-doffin-2025-7-PAR-0001",
        },
    ]


def test_a_plan_of_the_same_process_is_no_other_process() -> None:
    own = notice().procedure_id
    assert own
    (release,) = exported(notice(previous_planning=("abc-01",)), earlier={"abc-01": own})
    assert "relatedProcesses" not in release


def test_withheld_fields_are_named() -> None:
    (release,) = exported(notice(withheld=("ten-val-lot", "ten-val-lot")))
    assert release["withheldInformation"] == [
        {"id": "ten-val-lot-00000000-0000-4000-8000-000000000001-01", "name": "ten-val-lot"}
    ]


def test_a_notice_without_a_date_is_refused_by_field_and_source() -> None:
    with pytest.raises(NotExportable, match=r"doffin 2026-100001: BT-05: no date"):
        exported(notice(dispatched_at=None, published_on=None))
    (release,) = exported(notice(dispatched_at=None))
    assert release["date"] == "2026-05-01T00:00:00Z"


def test_a_currency_that_there_is_none_is_refused() -> None:
    odd = Money(amount=kroner(1).amount, currency="KRO")
    with pytest.raises(NotExportable) as caught:
        exported(notice(lots=(lot(value=odd),)))
    assert (caught.value.where, caught.value.notice) == ("BT-27 LOT-0001", "doffin 2026-100001")


def test_no_field_is_told_empty() -> None:
    def empties(value: object) -> bool:
        if isinstance(value, dict):
            return any(map(empties, value.values())) or not value
        if isinstance(value, list):
            return any(map(empties, value)) or not value
        return value in {None, ""}

    bare = notice(lots=(lot(title=Text(), cpv_main=None),), title=Text(), language=None)
    (release,) = exported(replace(bare, buyers=(replace(BUYER, place=None),)))
    assert not empties(release)
