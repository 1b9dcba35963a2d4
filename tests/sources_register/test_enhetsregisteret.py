from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from procmatch.errors import SourceChanged, SourceError
from procmatch.model.organisation import NORWAY, IndustryCode, Organisation, OrgId, OrgStatus
from procmatch.model.values import Place
from procmatch.sources.enhetsregisteret import (
    Removed,
    number_of,
    read_establishment,
    read_unit,
)

ADDRESS = {
    "land": "Norge",
    "landkode": "NO",
    "postnummer": "1387",
    "poststed": "ASKER",
    "adresse": ["", None, "Eksempelveien 1", "Oppgang B"],
    "kommune": "ASKER",
    "kommunenummer": "3203",
}
UNIT: dict[str, Any] = {
    "organisasjonsnummer": "923609016",
    "navn": "EKSEMPEL BAKERI AS",
    "organisasjonsform": {"kode": "AS", "beskrivelse": "Aksjeselskap", "_links": {}},
    "naeringskode1": {"kode": "10.710", "beskrivelse": "Bakeri"},
    "forretningsadresse": ADDRESS,
    "postadresse": ADDRESS | {"postnummer": "1372"},
    "maalform": "Nynorsk",
    "telefon": "00 00 00 00",
    "epostadresse": "post@example.com",
}


def unit(**changes: object) -> Organisation:
    found = read_unit(json.dumps(UNIT | changes).encode())
    assert isinstance(found, Organisation)
    return found


def test_a_unit_is_read() -> None:
    found = unit(
        historiskeNavn=[
            {
                "navn": "ELDST AS",
                "fraDato": "2001-01-01 10:00:00",
                "tilDato": "2005-01-01 10:00:00",
            },
            {
                "navn": "NYEST AS",
                "fraDato": "2005-01-01 10:00:00",
                "tilDato": "2010-01-01 10:00:00",
            },
        ],
        stiftelsesdato="2001-02-03",
        sisteInnsendteAarsregnskap="2025",
        hjelpeenhetskode={"kode": "70.100"},
        aktivitet=["Baking av brød og", "rundstykker.", " "],
        vedtektsfestetFormaal=["Drive bakeri."],
    )
    assert found.id == OrgId(NORWAY, "923609016")
    assert found.former_names == ("NYEST AS", "ELDST AS")
    assert found.industry_codes == (IndustryCode("SN2025", "10.710"),)
    assert found.business_place == Place(
        city="ASKER", postcode="1387", country="NOR", municipality="3203"
    )
    assert found.postal_place.postcode == "1372"
    assert found.street == "Eksempelveien 1"
    assert found.language == "nn"
    assert found.founded_on == date(2001, 2, 3)
    assert found.last_accounts_year == 2025
    assert found.is_helper_unit
    assert found.activity == "Baking av brød og rundstykker."
    assert found.purpose == "Drive bakeri."
    assert found.country == "NO"


def test_a_decoded_unit_reads_the_same() -> None:
    assert read_unit(UNIT) == unit()


def test_the_revision_of_the_industry_codes_is_the_readers_word() -> None:
    found = read_unit(UNIT, revision="SN2007")
    assert isinstance(found, Organisation)
    assert found.industry_codes == (IndustryCode("SN2007", "10.710"),)


@pytest.mark.parametrize(
    ("fields", "employees", "has_employees"),
    [
        ({"antallAnsatte": 12, "harRegistrertAntallAnsatte": True}, 12, True),
        ({"harRegistrertAntallAnsatte": True}, None, True),  # one to four
        ({"harRegistrertAntallAnsatte": False}, None, False),
        ({}, None, None),
    ],
)
def test_hidden_head_counts_are_not_zero(
    fields: dict[str, Any], employees: int | None, has_employees: bool | None
) -> None:
    found = unit(**fields)
    assert (found.employees, found.has_employees) == (employees, has_employees)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, OrgStatus.ACTIVE),
        ({"konkurs": True, "underAvvikling": True}, OrgStatus.BANKRUPT),
        ({"underAvvikling": True}, OrgStatus.DISSOLVING),
        ({"underTvangsavviklingEllerTvangsopplosning": True}, OrgStatus.DISSOLVING),
        ({"underRekonstruksjonsforhandlingDato": "2026-09-02"}, OrgStatus.RECONSTRUCTION),
        ({"underUtenlandskInsolvensbehandlingDato": "2026-09-02"}, OrgStatus.RECONSTRUCTION),
        ({"slettedato": "2026-01-01", "konkurs": True}, OrgStatus.DELETED),
    ],
)
def test_the_worst_that_is_said_decides_the_status(
    fields: dict[str, Any], status: OrgStatus
) -> None:
    assert unit(**fields).status is status


def test_of_a_sole_proprietor_only_the_municipality_is_kept() -> None:
    found = unit(organisasjonsform={"kode": "ENK"})
    assert found.is_person
    assert found.business_place == Place(country="NOR", municipality="3203")
    assert found.postal_place == Place()
    assert found.street is None


def test_phones_and_mail_addresses_are_nowhere() -> None:
    assert "00 00 00 00" not in repr(unit())
    assert "example.com" not in repr(unit())


def test_a_foreign_branch_has_a_home_country() -> None:
    abroad = {"land": "Tyskland", "landkode": "DE", "poststed": "DE-92711 Parkstein"}
    branch = {"kode": "NUF"}
    found = unit(organisasjonsform=branch, forretningsadresse=abroad)
    assert found.country == "DE"
    assert found.business_place == Place(city="DE-92711 Parkstein", country="DEU")
    law = {"underlagtLovgivningLandKode": "SE", "underlagtLovgivningLand": "Sverige"}
    assert unit(organisasjonsform=branch, **law).country == "SE"


def test_a_removed_unit_must_go() -> None:
    data = b'{"organisasjonsnummer":"923609016","slettedato":"2025-05-24","_links":{}}'
    assert read_unit(data) == Removed(id=OrgId(NORWAY, "923609016"), removed_on=date(2025, 5, 24))


@pytest.mark.parametrize(
    ("changes", "where", "reason"),
    [
        ({"nyttFelt": 1}, "nyttFelt", "unknown field"),
        ({"forretningsadresse": {"bydel": "x"}}, "forretningsadresse.bydel", "unknown field"),
        ({"konkurs": "ja"}, "konkurs", "bool"),
        ({"maalform": "Riksmål"}, "maalform", "Riksmål"),
        ({"postadresse": {"landkode": "QQ"}}, "postadresse.landkode", "QQ"),
        ({"stiftelsesdato": "i går"}, "stiftelsesdato", "date"),
    ],
)
def test_what_no_rule_knows_is_named(changes: dict[str, Any], where: str, reason: str) -> None:
    with pytest.raises(SourceChanged, match=reason) as caught:
        unit(**changes)
    assert caught.value.where == where
    assert caught.value.source == "enhetsregisteret"


def test_the_unit_with_an_unknown_field_is_named() -> None:
    with pytest.raises(SourceChanged, match="923609016"):
        unit(nyttFelt=1)


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"<html>", ""),
        (b'{"organisasjonsnummer":"923609016","navn":" "}', "navn"),
        (b'{"organisasjonsnummer":"923609017","navn":"X"}', "organisasjonsnummer"),
        (
            b'{"organisasjonsnummer":"923609016","navn":"X","sisteInnsendteAarsregnskap":"i fjor"}',
            "sisteInnsendteAarsregnskap",
        ),
        (b'{"organisasjonsnummer":"923609016","navn":"\xff"}', ""),
    ],
)
def test_what_cannot_be_used_is_a_source_error(data: bytes, where: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_unit(data)
    assert caught.value.where == where


ESTABLISHMENT = {
    "organisasjonsnummer": "983498221",
    "navn": "EKSEMPEL BAKERI AS AVD ASKER",
    "organisasjonsform": {"kode": "BEDR"},
    "overordnetEnhet": "923609016",
    "beliggenhetsadresse": ADDRESS,
    "naeringskode1": {"kode": "47.240"},
    "antallAnsatte": 7,
}


def test_an_establishment_comes_with_the_unit_it_belongs_to() -> None:
    parent, found = read_establishment(ESTABLISHMENT)
    assert parent == "923609016"
    assert found.number == "983498221"
    assert found.place.municipality == "3203"
    assert found.industry_codes == (IndustryCode("SN2025", "47.240"),)
    assert found.employees == 7
    assert found.closed_on is None


def test_a_living_establishment_without_a_unit_is_an_error() -> None:
    orphan = {name: value for name, value in ESTABLISHMENT.items() if name != "overordnetEnhet"}
    with pytest.raises(SourceError, match="overordnetEnhet"):
        read_establishment(orphan)


@pytest.mark.parametrize(
    ("data", "number"),
    [
        (b'{"organisasjonsnummer" : "12", "x":{}}', "12"),
        (b'{"overordnetEnhet":"1"}', ""),
        (b"not JSON", ""),
    ],
)
def test_the_number_of_an_unreadable_record_is_found(data: bytes, number: str) -> None:
    assert number_of(data) == number


def captures(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """(unit or establishment, record) of every such record in real answers."""
    found: list[tuple[str, dict[str, Any]]] = []
    for path in sorted((folder / "suppliers" / "brreg_raw").rglob("*.json")):
        answer = json.loads(path.read_bytes())
        if not isinstance(answer, dict):
            continue
        page = answer.get("_embedded", {})
        found += (("unit", record) for record in page.get("enheter", []))
        found += (("establishment", record) for record in page.get("underenheter", []))
        if "organisasjonsnummer" in answer and "children" not in answer:
            found.append(("establishment" if "underenhet" in path.name else "unit", answer))
    return found


@pytest.mark.shared
def test_every_real_capture_is_read_or_refused_for_its_invented_number(shared_data: Path) -> None:
    read, refused = 0, set()
    for kind, record in captures(shared_data):
        reader = read_unit if kind == "unit" else read_establishment
        try:
            reader(json.dumps(record).encode())
        except SourceError as error:
            refused.add(error.where)
        else:
            read += 1
    assert read >= 20
    # Some captures were made anonymous with numbers that fail their check digit.
    assert refused <= {"organisasjonsnummer", "overordnetEnhet"}


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("enhet-915330193-konkurs.json", OrgStatus.BANKRUPT),
        ("enhet-983830196-rekonstruksjon.json", OrgStatus.RECONSTRUCTION),
        ("enhet-999288774-nuf-utenlandsk.json", OrgStatus.ACTIVE),
    ],
)
def test_real_states_are_told_apart(shared_data: Path, name: str, status: OrgStatus) -> None:
    path = shared_data / "suppliers" / "brreg_raw" / "brreg_snap_2026-09" / name
    found = read_unit(path.read_bytes())
    assert isinstance(found, Organisation)
    assert found.status is status


FLAGS = ("harRegistrert", "registrertI", "konkurs", "underA", "underT", "erI")
ODD_NAMES = {
    "registreringsdatoenhetsregisteret": "registreringsdatoEnhetsregisteret",
    "registrertIMvaRegisteret": "registrertIMvaregisteret",
}


def as_json(row: dict[str, str]) -> dict[str, Any]:
    """One row of the register's CSV in the shape of its JSON: absent instead of empty."""
    record: dict[str, Any] = {}
    for column, text in row.items():
        if not text or column.startswith("_"):
            continue
        name, _, part = ODD_NAMES.get(column, column).partition(".")
        value: Any = text
        if part == "adresse" or name in {"aktivitet", "vedtektsfestetFormaal"}:
            value = text.split("\n")
        elif name == "antallAnsatte":
            value = int(text)
        elif text in {"true", "false"} and name.startswith(FLAGS):
            value = text == "true"
        if part:
            record.setdefault(name, {})[part] = value
        else:
            record[name] = value
    return record


@pytest.mark.shared
def test_all_rows_of_the_real_excerpt_are_read(shared_data: Path) -> None:
    path = shared_data / "suppliers" / "brreg" / "enheter_real_no_enk.csv"
    with path.open(encoding="utf-8", newline="") as file:
        units = [read_unit(as_json(row), revision="SN2007") for row in csv.DictReader(file)]
    living = [found for found in units if isinstance(found, Organisation)]
    assert len(living) == 3200
    assert sum(bool(found.industry_codes) for found in living) > 2800
    assert sum(found.business_place.municipality is not None for found in living) > 3000
