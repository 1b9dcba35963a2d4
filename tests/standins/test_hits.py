"""What Doffin's search says of a notice, from what the XML holds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from procmatch.demo.standins.hits import Override, publications
from procmatch.errors import SourceChanged
from tests.standins.small import RESULT, TODAY, notice

KEYS = {
    "id", "buyer", "heading", "description", "locationId", "estimatedValue", "type", "allTypes",
    "status", "issueDate", "deadline", "publicationDate", "receivedTenders", "allReceivedTenders",
    "cpvCodes", "limitedDataFlag", "doffinClassicUrl", "lots",
}  # fmt: skip


def hit(xml: bytes, override: Override | None = None) -> Mapping[str, Any]:
    """Return the hit of a notice that is alone in the world."""
    said = {"2026-1": override} if override else {}
    return publications({"2026-1": xml}, TODAY, said)["2026-1"].hit


def test_a_hit_has_the_eighteen_keys() -> None:
    assert set(hit(notice("a"))) == KEYS


def test_the_buyer_is_the_contracting_party_with_its_number_as_printed() -> None:
    expected = hashlib.md5(b"Asker kommuneOrg.nr. 999 601 391").hexdigest()
    assert hit(notice("a"))["buyer"] == [
        {"id": expected, "organizationId": "Org.nr. 999 601 391", "name": "Asker kommune"}
    ]
    assert hit(notice("a", buyer=""))["buyer"][0]["organizationId"] is None


def test_codes_come_with_those_above_and_the_main_one_is_not_marked() -> None:
    codes = hit(notice("a", cpv=("15811000", "48222000")))["cpvCodes"]
    assert set(codes) == {
        "15000000", "15800000", "15810000", "15811000",
        "48000000", "48200000", "48220000", "48222000",
    }  # fmt: skip
    assert codes != sorted(codes)


@pytest.mark.parametrize(
    ("given", "kind", "rollups"),
    [
        ({}, "ANNOUNCEMENT_OF_COMPETITION", ["COMPETITION"]),
        ({"dps": "dps-list"}, "DYNAMIC_PURCHASING_SCHEME", ["COMPETITION"]),
        ({"code": "qu-sy"}, "QUALIFICATION_SCHEME", ["COMPETITION"]),
        ({"code": "pin-cfc-social"}, "PRE_ANNOUNCEMENT", ["COMPETITION", "PLANNING"]),
        ({"code": "pin-only", "form": "planning"}, "ADVISORY_NOTICE", ["PLANNING"]),
        ({"code": "pin-buyer", "form": "planning"}, "NOTICE_ON_BUYER_PROFILE", ["PLANNING"]),
        ({"code": "veat", "form": "dir-awa-pre"}, "ANNOUNCEMENT_OF_INTENT", ["RESULT"]),
        (
            {"code": "can-modif", "form": "cont-modif"},
            "CHANGE_OF_CONCLUSION_OF_CONTRACT",
            ["RESULT"],
        ),
        (
            {"code": "can-standard", "form": "result", "result": RESULT.format(code="selec-w")},
            "ANNOUNCEMENT_OF_CONCLUSION_OF_CONTRACT",
            ["RESULT"],
        ),
        (
            {"code": "can-standard", "form": "result", "result": RESULT.format(code="clos-nw")},
            "CANCELLED_OR_MISSING_CONCLUSION_OF_CONTRACT",
            ["RESULT"],
        ),
    ],
)
def test_the_type_follows_from_form_code_and_result(
    given: dict[str, str], kind: str, rollups: list[str]
) -> None:
    found = hit(notice("a", **given))  # type: ignore[arg-type]
    assert (found["type"], found["allTypes"]) == (kind, [kind, *rollups])
    competition = "COMPETITION" in rollups
    assert (found["status"] is not None) is competition


@pytest.mark.parametrize(
    ("given", "other", "status"),
    [
        ({}, {}, "ACTIVE"),
        ({"deadline": ""}, {}, "ACTIVE"),
        ({"deadline": "2026-10-04T12:00:00+02:00"}, {}, "EXPIRED"),
        ({"deadline": "2026-10-05T12:00:00+02:00"}, {}, "ACTIVE"),
        ({}, {"form": "result", "result": RESULT.format(code="selec-w")}, "AWARDED"),
        ({}, {"form": "result", "result": RESULT.format(code="clos-nw")}, "CANCELLED"),
        ({}, {"changes": "a-01", "reason": "cancel"}, "CANCELLED"),
    ],
)
def test_the_status_follows_from_deadline_and_later_notices(
    given: dict[str, str], other: dict[str, str], status: str
) -> None:
    notices = {"2026-1": notice("a", folder="f", **given)}  # type: ignore[arg-type]
    if other:
        notices["2026-2"] = notice("b", folder="f", **other)  # type: ignore[arg-type]
    assert publications(notices, TODAY)["2026-1"].hit["status"] == status


@pytest.mark.parametrize(
    ("given", "issued", "deadline"),
    [
        (
            {"issued": "2026-09-01T10:00:00+02:00", "deadline": "2026-11-01T12:00:00+01:00"},
            "2026-09-01T08:00:00Z",
            "2026-11-01T11:00:00Z",
        ),
        # Legacy systems print Norwegian time and no offset.
        (
            {"issued": "2026-01-30T10:00:00", "deadline": "2026-07-01T12:00:00"},
            "2026-01-30T09:00:00Z",
            "2026-07-01T10:00:00Z",
        ),
        (
            {"issued": "2026-09-01Z", "deadline": "2026-11-01+01:00"},
            "2026-09-01T00:00:00Z",
            "2026-11-01T00:00:00Z",
        ),
        (
            {"issued": "2026-09-01T08:00:00.000Z", "deadline": ""},
            "2026-09-01T08:00:00Z",
            None,
        ),
    ],
)
def test_times_are_utc(given: dict[str, str], issued: str, deadline: str | None) -> None:
    found = hit(notice("a", **given))  # type: ignore[arg-type]
    assert (found["issueDate"], found["deadline"]) == (issued, deadline)


def test_planning_notices_never_show_a_deadline() -> None:
    found = hit(notice("a", code="pin-only", form="planning"))
    assert found["deadline"] is None


def test_publication_is_up_to_three_days_after_issue_and_always_the_same() -> None:
    notices = {f"2026-{n}": notice(f"u{n}") for n in range(40)}
    first, again = publications(notices, TODAY), publications(notices, TODAY)
    lags = {(one.published_on - one.issued_on).days for one in first.values()}
    assert lags == {0, 1, 2, 3}
    assert {key: one.hit for key, one in first.items()} == {
        key: one.hit for key, one in again.items()
    }


def test_an_override_wins() -> None:
    said = Override(publication_date=date(2026, 9, 9), status="CANCELLED")
    found = hit(notice("a"), said)
    assert (found["publicationDate"], found["status"]) == ("2026-09-09", "CANCELLED")


@pytest.mark.parametrize(
    ("reference", "searchable"),
    [
        ("a-01", False),
        ("a", False),
        ("2026-1", False),
        ("a-02", True),
        ("403922-2019", True),
    ],
)
def test_a_change_hides_what_it_changes_however_it_is_named(
    reference: str, *, searchable: bool
) -> None:
    notices = {"2026-1": notice("a"), "2026-2": notice("b", changes=reference)}
    assert publications(notices, TODAY)["2026-1"].searchable is searchable


def test_a_new_version_under_the_same_uuid_does_not_hide_itself() -> None:
    notices = {"2026-1": notice("a"), "2026-2": notice("a", version="02", changes="a-01")}
    found = publications(notices, TODAY)
    assert [one.searchable for one in found.values()] == [False, True]


def test_only_the_lot_that_was_won_names_the_winner() -> None:
    result = RESULT.format(code="selec-w")
    lots = hit(notice("a", form="result", code="can-standard", result=result))["lots"]
    assert [lot["heading"] for lot in lots] == ["Brød", "Kaker"]
    assert [[one["name"] for one in lot["winner"]] for lot in lots] == [["Bakeriet AS"], []]
    assert lots[0]["winner"][0]["organizationId"] == "NO 811 548 812 MVA"


def test_received_tenders_are_told_by_kind() -> None:
    result = RESULT.format(code="selec-w")
    found = hit(notice("a", form="result", result=result))
    assert found["allReceivedTenders"] == [{"type": "tenders", "total": 3}]
    assert found["receivedTenders"] == 3


@pytest.mark.parametrize(
    ("amount", "value"),
    [
        ("", None),
        ("4000000", {"currencyCode": "NOK", "amount": 4000000}),
        ("1.5", {"currencyCode": "NOK", "amount": 1.5}),
    ],
)
def test_the_value_is_one_number_or_none(amount: str, value: object) -> None:
    assert hit(notice("a", amount=amount))["estimatedValue"] == value


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (b"<broken", "not XML"),
        (b"<ContractNotice/>", "no date of issue"),
        (notice("a", issued="yesterday"), "Invalid isoformat"),
    ],
)
def test_what_cannot_be_indexed_is_named(xml: bytes, reason: str) -> None:
    with pytest.raises(SourceChanged, match=reason):
        publications({"2026-1": xml}, TODAY)
