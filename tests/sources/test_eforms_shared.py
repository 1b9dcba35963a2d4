"""The reader against real notices and a table of what they say."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from procmatch.errors import SourceRefused
from procmatch.model.notice import Notice
from procmatch.model.plain import notice_as_dict
from procmatch.sources import eforms

TENDERS = Path(__file__).resolve().parents[3] / "shared" / "data" / "tenders"
DOFFIN = TENDERS / "doffin_xml"
FOLDERS = ("doffin_xml", "ted_xml", "derived_ted_side", "eforms_sdk_examples")

pytestmark = pytest.mark.shared


def rows(name: str) -> list[dict[str, str]]:
    path = DOFFIN / name
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


INDEX = rows("index.csv")
PARTIES = rows("result_parties.csv")
FILES = sorted(path for folder in FOLDERS for path in (TENDERS / folder).glob("*.xml"))
TEMPLATES = sorted((TENDERS / "eforms_sdk_nor_tests").glob("*.xml"))
PLACEHOLDERS = {
    b"${EFORMS_MINOR}": b"1.13",
    b"${ISSUEDATE}": b"2026-05-01Z",
    b"${ISSUETIME}": b"10:00:00Z",
}

#: The table says something else than the XML; each with the reason why the XML is right.
FAR_FUTURE = {
    # The converter says in a comment that no deadline was found and that it made one up.
    "2023-607152.xml",
    "2023-653367.xml",
}


def read(path: Path) -> Notice:
    return eforms.read(path.read_bytes(), source="doffin", source_id=path.stem)


def joined(values: list[str | None]) -> str:
    return "+".join(dict.fromkeys(value for value in values if value))


def unique(text: str) -> set[str]:
    return set(filter(None, text.split("+")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_notice_is_read(path: Path) -> None:
    notice = read(path)
    assert notice.notice_id
    assert str(notice.title)
    assert notice.buyers
    assert all(buyer.name for buyer in notice.buyers)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_is_refused_until_it_is_filled_in(path: Path) -> None:
    xml = path.read_bytes()
    with pytest.raises(SourceRefused, match="template"):
        eforms.read(xml)
    for placeholder, value in PLACEHOLDERS.items():
        xml = xml.replace(placeholder, value)
    assert eforms.read(xml).regime in path.name


@pytest.mark.parametrize("row", INDEX, ids=lambda row: row["file"])
def test_the_notice_says_what_the_table_says(row: dict[str, str]) -> None:
    notice: dict[str, Any] = notice_as_dict(read(DOFFIN / row["file"]))
    lots, awards = notice["lots"], notice["awards"]
    places = {place for one in (notice, *lots) for place in one["places"]}
    assert {
        "customization": notice["sdk"],
        "subtype": notice["subtype"],
        "notice_type": notice["notice_type"],
        "notice_id": notice["notice_id"],
        "version": notice["version"],
        "procedure_id": notice["procedure_id"] or "",
        "changed": notice["changes"] or "",
        "change_reason": notice["change_reason"] or "",
        "lang": "+".join(notice["languages"]),
        "lots": str(len(lots)),
        "cpv_main": notice["cpv_main"] or "",
        "fa": joined([lot["framework"] for lot in lots]),
        "reserved": joined([lot["reserved"] for lot in lots]),
    } == {
        **{name: row[name] for name in ("customization", "subtype", "notice_type")},
        **{name: row[name] for name in ("notice_id", "version", "procedure_id")},
        **{name: row[name] for name in ("changed", "change_reason", "lang", "lots", "cpv_main")},
        # The table prints "none" where we say nothing.
        **{name: row[name].replace("none", "") for name in ("fa", "reserved")},
    }
    assert places == unique(row["nuts"])
    value = notice["value"]
    assert (value and value["amount"]) == (float(row["est_value"]) if row["est_value"] else None)
    criteria = [criterion["type"] for lot in lots for criterion in lot["award_criteria"]]
    assert set(filter(None, criteria)) == unique(row["award_types"])
    assert {kind for award in awards for kind in award["received"]} == unique(row["stats"])


def in_oslo(printed: str, *, converted: bool) -> datetime:
    """The table's date and time as one moment; converted notices tell the time on the wall."""
    on, _, at = printed.partition("T")
    if converted:
        naive = datetime.fromisoformat(f"{on[:10]}T{at[:8]}")
        return naive.replace(tzinfo=ZoneInfo("Europe/Oslo")).astimezone(UTC)
    return datetime.fromisoformat(f"{on[:10]}T{at}").astimezone(UTC)


@pytest.mark.parametrize("row", INDEX, ids=lambda row: row["file"])
def test_the_deadline_for_tenders_is_the_tables(row: dict[str, str]) -> None:
    notice = read(DOFFIN / row["file"])
    tender = [lot.deadline for lot in notice.lots if lot.deadline_kind == "tender"]
    printed = "" if row["file"] in FAR_FUTURE else row["deadline"]
    converted = "#extended" not in notice.sdk
    assert min(filter(None, tender), default=None) == (
        in_oslo(printed, converted=converted) if printed else None
    )


@pytest.mark.parametrize("row", INDEX, ids=lambda row: row["file"])
def test_winners_are_the_tables_and_losers_never_win(row: dict[str, str]) -> None:
    notice = read(DOFFIN / row["file"])
    found = sorted(
        (
            award.tender_id or "",
            award.lot or "",
            winner.ref,
            winner.name,
            winner.number or "",
            winner.size or "",
            f"{award.value.amount:.2f} {award.value.currency}" if award.value else "",
        )
        for award in notice.awards
        for winner in award.winners
    )
    told = sorted(
        (
            *(party[name] for name in ("tender_id", "lot_id", "org_ref", "name")),
            *(party[name] for name in ("orgnr", "size")),
            f"{float(party['value']):.2f} {party['currency']}" if party["value"] else "",
        )
        for party in PARTIES
        if party["doffin_id"] == row["doffin_id"] and party["role"] == "winner"
    )
    assert found == told


def test_the_first_organisation_of_the_pool_need_not_be_the_buyer() -> None:
    names = [buyer.name for buyer in read(DOFFIN / "2026-107028.xml").buyers]
    assert not any("Inventura" in name for name in names)


def test_doubly_encoded_texts_are_mended() -> None:
    assert str(read(DOFFIN / "2023-100718.xml").title).startswith("Forhåndskunngjøring: Angio")
