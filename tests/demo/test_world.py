"""The sample world is whole, readable and entirely fictional."""

from __future__ import annotations

import csv
import re
import uuid
from datetime import date
from pathlib import Path

import pytest

from procmatch.codes import builtin, orgnr
from procmatch.codes.place_tables import with_entries
from procmatch.demo import world
from procmatch.demo.world.register import rows
from procmatch.model.notice import NoticeKind
from procmatch.model.organisation import Organisation
from procmatch.sources import accounts, eforms, enhetsregisteret
from procmatch.store.documents import encode

NOTICES = {
    key: eforms.read(xml, source="doffin", source_id=key) for key, xml in world.notices().items()
}
NUMBERS = {row["number"] for name in ("buyers", "suppliers") for row in rows(name)}
TOWNS = {town["number"]: town for town in world.world()["municipalities"]}


def test_the_world_is_large_enough() -> None:
    assert len(NOTICES) == 26
    assert len(rows("suppliers")) >= 290
    kinds = [notice.kind for notice in NOTICES.values()]
    assert kinds.count(NoticeKind.PLANNING) == 2
    assert kinds.count(NoticeKind.RESULT) == 3
    assert kinds.count(NoticeKind.DIRECT_AWARD) == 1
    assert {"N16", "N4", "E3", "20", "29", "N29"} <= {str(n.subtype) for n in NOTICES.values()}


def test_numbers_are_valid_synthetic_and_unique() -> None:
    numbers = [
        row["number"] for name in ("buyers", "suppliers", "establishments") for row in rows(name)
    ]
    assert len(numbers) == len(set(numbers))
    for number in numbers:
        assert orgnr.is_valid(number)
        assert orgnr.is_synthetic(number)


@pytest.mark.parametrize("key", NOTICES)
def test_every_notice_names_units_of_the_register(key: str) -> None:
    notice = NOTICES[key]
    assert notice.lots
    assert uuid.UUID(notice.notice_id).version == 4
    parties = [*notice.buyers, *(w for award in notice.awards for w in award.winners)]
    assert parties
    for party in parties:
        assert party.number in NUMBERS or (party.number is None and key == "2026-200124")


def test_every_unit_is_read_as_the_real_register_is() -> None:
    found = [enhetsregisteret.read_unit(as_bytes(unit)) for unit in world.units()]
    living = [one for one in found if isinstance(one, Organisation)]
    assert len(found) - len(living) == 1
    for item in world.establishments():
        parent, _ = enhetsregisteret.read_establishment(as_bytes(item))
        assert parent in NUMBERS


def as_bytes(value: object) -> bytes:
    return encode(value).encode()


def test_accounts_are_read_as_the_real_ones_are() -> None:
    numbers = {row["number"] for row in rows("accounts")}
    assert numbers <= NUMBERS
    for number in numbers:
        (year,) = accounts.read(as_bytes(world.accounts(number)))
        assert year.year == 2025


def test_places_are_fictional_and_connected() -> None:
    real = builtin().places
    for number, town in TOWNS.items():
        assert number not in real.municipalities
        assert real.find_municipality(town["name"]) is None
        for other in town["neighbours"]:
            assert number in TOWNS[other]["neighbours"]
    for name in ("buyers", "suppliers", "establishments"):
        for row in rows(name):
            assert row["municipality"] in TOWNS or row["municipality"] in real.municipalities


def test_no_person_stands_in_the_notices() -> None:
    for xml in world.notices().values():
        text = xml.decode()
        assert "<cac:Contact>" not in text
        assert not re.search(r"[\w.]+@[\w.]+", text)


def test_evidence_without_a_number_is_a_matter_for_linkage() -> None:
    found = world.evidence()
    without = [row for row in found if not row["number"]]
    assert len(found) > 100
    assert len(without) > 10
    assert {row["number"] for row in found if row["number"]} <= NUMBERS


@pytest.mark.shared
def test_no_postcode_is_a_real_one(shared_data: Path) -> None:
    path = shared_data / "suppliers" / "geo" / "postcodes_2026.csv"
    with path.open(encoding="utf-8") as file:
        real = {row["postnummer"] for row in csv.DictReader(file)}
    own = {code for town in TOWNS.values() for code, *_ in town["postcodes"]}
    assert own.isdisjoint(real)
    assert with_entries([]).postcodes == {}


FOOD = ("01", "03", "10", "46.3", "56")
#: The selection criteria of eForms (BT-809, and BT-747 before it) that the world uses.
SELECTION = {
    "ef-stand", "sui-act", "tp-abil",
    "slc-abil-facil-tools", "slc-abil-mgmt-env", "slc-abil-mgmt-supply", "slc-abil-qual-inst",
    "slc-abil-ref-services", "slc-abil-ref-supply", "slc-abil-ref-work", "slc-sche-qu-cert-indep",
    "slc-sec-inf", "slc-stand-ins", "slc-stand-other", "slc-stand-to-gen", "slc-suit-auth-mbrshp",
    "slc-suit-reg-trade",
}  # fmt: skip


def test_selection_criteria_are_codes_of_the_list_old_and_new() -> None:
    used = {c.type for n in NOTICES.values() for lot in n.lots for c in lot.selection_criteria}
    assert used <= SELECTION
    assert "ef-stand" in used
    assert "slc-stand-to-gen" in used


def test_two_competitions_are_over_and_one_of_them_is_awarded() -> None:
    anchor = date.fromisoformat(world.world()["anchor"])
    over = {
        notice.procedure_id
        for notice in NOTICES.values()
        for lot in notice.lots
        if lot.deadline and lot.deadline.date() < anchor
    }
    awarded = {n.procedure_id for n in NOTICES.values() if n.kind is NoticeKind.RESULT}
    assert len(over) == 2
    assert len(over & awarded) == 1


def test_contracts_are_concluded_before_they_are_announced() -> None:
    issued = re.compile(r"<cbc:IssueDate>(\S{10})Z</cbc:IssueDate><cbc:IssueTime>")
    concluded = re.compile(r"<cbc:IssueDate>(\S{10})Z</cbc:IssueDate><cbc:Title")
    for xml in world.notices().values():
        text = xml.decode()
        (on,) = issued.findall(text)
        assert all(day <= on for day in concluded.findall(text))


def test_no_local_food_firm_has_the_turnover_of_the_single_lot_framework() -> None:
    turnover = {row["number"]: int(row["turnover"] or 0) for row in rows("accounts")}
    for row in rows("suppliers"):
        if row["municipality"] in TOWNS and row["industry_codes"].startswith(FOOD):
            assert turnover.get(row["number"], 0) < 100_000_000


def test_firms_tell_of_themselves_in_their_own_words() -> None:
    texts = [row["activity"] for row in rows("suppliers")]
    assert len(texts) == len(set(texts))


def test_dates_stand_in_elements_only() -> None:
    telling = re.compile(
        r"januar|februar|april|juni|juli|august|september|oktober|november|desember|\b20\d\d\b"
    )
    for xml in world.notices().values():
        words = re.findall(r"<cbc:(?:Name|Description|Title)[^>]*>([^<]+)", xml.decode())
        assert not [text for text in words if telling.search(text.casefold())]
