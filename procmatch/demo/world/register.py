"""The sample world's register: CSV rows expanded into the JSON that the live registers serve."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from procmatch.codes import builtin

__all__ = ["accounts", "establishments", "evidence", "rows", "units"]

_HERE = Path(__file__).parent
_LINE = 70
_FORMS = {
    "AS": "Aksjeselskap",
    "SA": "Samvirkeforetak",
    "STI": "Stiftelse",
    "DA": "Selskap med delt ansvar",
    "NUF": "Norskregistrert utenlandsk foretak",
    "KOMM": "Kommune",
    "FYLK": "Fylkeskommune",
    "IKS": "Interkommunalt selskap",
    "ORGL": "Organisasjonsledd",
    "SF": "Statsforetak",
    "BEDR": "Underenhet til næringsdrivende og offentlig forvaltning",
}
_SECTORS = {
    "2100": "Private aksjeselskaper mv.",
    "7000": "Ideelle organisasjoner",
    "2300": "Personlige foretak",
    "6500": "Kommuneforvaltningen",
}
_LINK = "https://data.brreg.no/enhetsregisteret/api/{}/{}"
_OUTSIDE = {"0301": "OSLO", "4601": "BERGEN"}
_DELETED_ON = "2026-03-15"


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of ``<name>.csv``."""
    with (_HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _towns() -> Mapping[str, str]:
    world = json.loads((_HERE / "world.json").read_text(encoding="utf-8"))
    return {town["number"]: town["name"].upper() for town in world["municipalities"]} | _OUTSIDE


@cache
def _places() -> Mapping[str, str]:
    world = json.loads((_HERE / "world.json").read_text(encoding="utf-8"))
    return {
        code: place for town in world["municipalities"] for code, place, *_ in town["postcodes"]
    }


def _wrapped(text: str) -> list[str]:
    """Break a text as the register does: hard, at about 70 characters."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= _LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _address(row: Mapping[str, str]) -> dict[str, Any]:
    town = _towns()[row["municipality"]]
    return {
        "land": "Norge",
        "landkode": "NO",
        "postnummer": row["postcode"],
        "poststed": _places().get(row["postcode"], town),
        "adresse": [row["street"]],
        "kommune": town,
        "kommunenummer": row["municipality"],
    }


def _industries(codes: str) -> dict[str, Any]:
    known = builtin().industry
    return {
        f"naeringskode{place}": {"kode": code, "beskrivelse": known.label("SN2025", code)}
        for place, code in enumerate(filter(None, codes.split(";")), start=1)
    }


def _staff(row: Mapping[str, str]) -> dict[str, Any]:
    """One to four employees are told only as "has employees"."""
    staff: dict[str, Any] = {"harRegistrertAntallAnsatte": row.get("has_employees") != "false"}
    if row["employees"]:
        staff["antallAnsatte"] = int(row["employees"])
    return staff


def _form(code: str) -> dict[str, str]:
    return {"kode": code, "beskrivelse": _FORMS[code]}


def _links(kind: str, number: str) -> dict[str, Any]:
    return {"self": {"href": _LINK.format(kind, number)}}


def _gone(row: Mapping[str, str]) -> dict[str, Any]:
    """A deleted unit's short body, or the even shorter one of a unit removed by law."""
    body: dict[str, Any] = {
        "organisasjonsnummer": row["number"],
        "slettedato": _DELETED_ON,
        "_links": _links("enheter", row["number"]),
    }
    if row["status"] == "removed":
        return {**body, "respons_klasse": "Fjernet"}
    return {
        **body,
        "navn": row["name"],
        "organisasjonsform": _form(row["legal_form"]),
        "respons_klasse": "SlettetEnhet",
    }


def _unit(row: Mapping[str, str]) -> dict[str, Any]:
    status = row.get("status", "active")
    if status in {"deleted", "removed"}:
        return _gone(row)
    unit: dict[str, Any] = {
        "organisasjonsnummer": row["number"],
        "navn": row["name"],
        "organisasjonsform": _form(row["legal_form"]),
        "registreringsdatoEnhetsregisteret": row["founded"],
        "registrertIMvaregisteret": row.get("vat") == "true",
        **_industries(row["industry_codes"]),
        **_staff(row),
        "forretningsadresse": _address(row),
        "stiftelsesdato": row["founded"],
        "institusjonellSektorkode": {
            "kode": row["sector"],
            "beskrivelse": _SECTORS[row["sector"]],
        },
        "registrertIForetaksregisteret": row["legal_form"] in {"AS", "SA", "NUF", "DA"},
        "registrertIStiftelsesregisteret": row["legal_form"] == "STI",
        "registrertIFrivillighetsregisteret": False,
        "konkurs": status == "bankrupt",
        "underAvvikling": status == "dissolving",
        "underTvangsavviklingEllerTvangsopplosning": False,
        "maalform": row["language"],
        "erIKonsern": bool(row.get("group_parent")),
        "_links": _links("enheter", row["number"]),
        "respons_klasse": "Enhet",
    }
    optional = {
        "hjemmeside": row["website"],
        "overordnetEnhet": row.get("parent"),
        "sisteInnsendteAarsregnskap": row.get("last_accounts_year"),
        "vedtektsfestetFormaal": _wrapped(row.get("purpose") or ""),
        "aktivitet": _wrapped(row.get("activity") or ""),
        "historiskeNavn": [
            {
                "navn": name,
                "fraDato": f"{row['founded']} 00:00:00",
                "tilDato": "2021-05-04 07:12:33",
            }
            for name in filter(None, (row.get("former_names") or "").split(";"))
        ],
    }
    return unit | {name: value for name, value in optional.items() if value}


@cache
def _all_units() -> tuple[dict[str, Any], ...]:
    return tuple(_unit(row) for row in [*rows("buyers"), *rows("suppliers")])


def units() -> list[dict[str, Any]]:
    """Return all units in the shape of Enhetsregisteret v2 (*enheter*)."""
    return list(_all_units())


def establishments() -> list[dict[str, Any]]:
    """Return all establishments in the shape of Enhetsregisteret v2 (*underenheter*)."""
    return [
        {
            "organisasjonsnummer": row["number"],
            "navn": row["name"],
            "organisasjonsform": _form("BEDR"),
            "registreringsdatoEnhetsregisteret": "2012-01-01",
            "registrertIMvaregisteret": True,
            **_industries(row["industry_codes"]),
            **_staff(row),
            "overordnetEnhet": row["parent"],
            "oppstartsdato": "2012-01-01",
            "beliggenhetsadresse": _address(row),
            "_links": {
                **_links("underenheter", row["number"]),
                "overordnetEnhet": {"href": _LINK.format("enheter", row["parent"])},
            },
            "respons_klasse": "Underenhet",
        }
        for row in rows("establishments")
    ]


@cache
def _all_accounts() -> Mapping[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows("accounts"):
        income = {"sumDriftsinntekter": float(row["turnover"])} if row["turnover"] else {}
        found.setdefault(row["number"], []).append(
            {
                "id": len(found) + 1,
                "journalnr": f"2026{len(found):06d}",
                "regnskapstype": "SELSKAP",
                "virksomhet": {"organisasjonsnummer": row["number"], "morselskap": False},
                "regnskapsperiode": {
                    "fraDato": f"{row['year']}-01-01",
                    "tilDato": f"{row['year']}-12-31",
                },
                "valuta": row["currency"],
                "avviklingsregnskap": False,
                "oppstillingsplan": "smaa",
                # The two misspelt keys are the source's own.
                "regnkapsprinsipper": {
                    "smaaForetak": True,
                    "regnskapsregler": "regnskapslovenAlminneligRegler",
                },
                "egenkapitalGjeld": {
                    "sumEgenkapitalGjeld": float(row["balance"]),
                    "egenkapital": {
                        "sumEgenkapital": float(row["equity"]),
                        "innskuttEgenkapital": {"sumInnskuttEgenkaptial": 30000.0},
                    },
                },
                "eiendeler": {"sumEiendeler": float(row["balance"])},
                "resultatregnskapResultat": {
                    "aarsresultat": float(row["profit"]),
                    "driftsresultat": {"driftsinntekter": income},
                },
            }
        )
    return found


def accounts(number: str) -> list[dict[str, Any]]:
    """Return the accounts of a unit in the shape of Regnskapsregisteret; empty when it has none."""
    return _all_accounts().get(number, [])


def evidence() -> list[dict[str, str]]:
    """Return evidence rows; a third names the firm only, spelled otherwise than the register."""
    return rows("evidence")
