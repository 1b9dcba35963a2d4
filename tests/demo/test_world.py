"""The sample world is whole, readable and entirely fictional."""

from __future__ import annotations

import csv
import re
import uuid
from pathlib import Path

import pytest

from procmatch.codes import builtin, orgnr
from procmatch.codes.places import with_entries
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
    assert len(NOTICES) == 25
    assert len(rows("suppliers")) >= 280
    kinds = [notice.kind for notice in NOTICES.values()]
    assert kinds.count(NoticeKind.PLANNING) == 2
    assert kinds.count(NoticeKind.RESULT) == 2
    assert kinds.count(NoticeKind.DIRECT_AWARD) == 1
    assert {"N16", "N4", "E3", "20", "29"} <= {str(n.subtype) for n in NOTICES.values()}


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
