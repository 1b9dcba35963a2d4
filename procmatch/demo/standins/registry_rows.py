"""Flat rows of the registers' CSV files turned back into the JSON that their APIs serve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = [
    "accounts_from_row",
    "establishment_from_row",
    "establishment_from_view",
    "unit_from_row",
]

_BOOLEANS = {
    "harRegistrertAntallAnsatte",
    "registrertIMvaRegisteret",
    "registrertIMvaregisteret",
    "registrertIFrivillighetsregisteret",
    "registrertIForetaksregisteret",
    "registrertIStiftelsesregisteret",
    "konkurs",
    "underAvvikling",
    "underTvangsavviklingEllerTvangsopplosning",
}
_LISTS = {"vedtektsfestetFormaal", "aktivitet", "adresse", "frivilligMvaRegistrertBeskrivelser"}
#: The CSV spells a few names otherwise than the JSON.
_JSON_NAMES = {
    "registreringsdatoenhetsregisteret": "registreringsdatoEnhetsregisteret",
    "registreringsdatoIEnhetsregisteret": "registreringsdatoEnhetsregisteret",
    "registrertIMvaRegisteret": "registrertIMvaregisteret",
}
_LINE = 70
_API = "https://data.brreg.no/enhetsregisteret/api"


def _wrapped(text: str) -> list[str]:
    """Break a text as the register does: hard, at about 70 characters."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > _LINE:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line] if line else lines


def _value(name: str, text: str) -> Any:  # noqa: ANN401 - any JSON value
    if name in _BOOLEANS:
        return text.lower() == "true"
    if name == "antallAnsatte":
        return int(text)
    if name in _LISTS:
        return [text] if name == "adresse" else _wrapped(text)
    return text


def _unflattened(row: Mapping[str, str]) -> dict[str, Any]:
    """Return dotted columns as objects; empty cells are absent keys."""
    found: dict[str, Any] = {}
    for column, text in row.items():
        if not text or column.startswith("_"):
            continue
        *path, name = column.split(".")
        target = found
        for part in path:
            target = target.setdefault(part, {})
        target[_JSON_NAMES.get(name, name)] = _value(name, text)
    return found


def _self(kind: str, number: str) -> dict[str, Any]:
    return {"self": {"href": f"{_API}/{kind}/{number}"}}


def unit_from_row(row: Mapping[str, str]) -> dict[str, Any]:
    """Return the v2 object of one CSV row of a unit."""
    unit = _unflattened(row)
    unit["_links"] = _self("enheter", unit["organisasjonsnummer"])
    return unit | {"respons_klasse": "Enhet"}


def establishment_from_row(row: Mapping[str, str]) -> dict[str, Any]:
    """Return the v2 object of one CSV row of an establishment."""
    found = _unflattened(row)
    found["_links"] = _self("underenheter", found["organisasjonsnummer"]) | {
        "overordnetEnhet": {"href": f"{_API}/enheter/{found.get('overordnetEnhet', '')}"}
    }
    return found | {"respons_klasse": "Underenhet"}


def _address(row: Mapping[str, str], kind: str) -> dict[str, str]:
    country = row[f"{kind}_country_iso_2"]
    return {
        "land": "Norge" if country == "NO" else "",
        "landkode": country,
        "postnummer": row[f"{kind}_postcode"],
        "poststed": row[f"{kind}_postplace"],
        "adresse": row[f"{kind}_address_part1"],
        "kommunenummer": row[f"{kind}_region_code"],
    }


def establishment_from_view(row: Mapping[str, str]) -> dict[str, Any]:
    """Return the v2 object of an establishment in the layout of a statistical business register."""
    flat = {
        "organisasjonsnummer": row["tax_ident"],
        "overordnetEnhet": row["legal_unit_tax_ident"],
        "navn": row["name"],
        "organisasjonsform.kode": "BEDR",
        "organisasjonsform.beskrivelse": "Underenhet til næringsdrivende og offentlig forvaltning",
        "oppstartsdato": row["birth_date"],
        "nedleggelsesdato": row["death_date"],
        "naeringskode1.kode": row["primary_activity_category_code"],
        "naeringskode2.kode": row["secondary_activity_category_code"],
        "antallAnsatte": row["employees"],
        "harRegistrertAntallAnsatte": str(bool(row["employees"])),
    }
    for name, kind in (("beliggenhetsadresse", "physical"), ("postadresse", "postal")):
        flat |= {f"{name}.{part}": text for part, text in _address(row, kind).items()}
    return establishment_from_row(flat)


def _sums(row: Mapping[str, str], **columns: str) -> dict[str, float]:
    return {name: float(row[column]) for name, column in columns.items() if row[column]}


def accounts_from_row(row: Mapping[str, str]) -> dict[str, Any]:
    """Return one year's accounts as Regnskapsregisteret serves them; a missing sum is absent."""
    year = row["regnskapsaar"]
    equity = _sums(row, sumEgenkapital="sum_egenkapital")
    paid_in = _sums(row, sumInnskuttEgenkaptial="innskutt_egenkapital")
    short = _sums(row, sumKortsiktigGjeld="sum_kortsiktig_gjeld")
    long = _sums(row, sumLangsiktigGjeld="sum_langsiktig_gjeld")
    return {
        "id": int(row["organisasjonsnummer"]) % 10_000_000,
        "journalnr": f"{year}{row['organisasjonsnummer'][-6:]}",
        "regnskapstype": "SELSKAP",
        "virksomhet": {"organisasjonsnummer": row["organisasjonsnummer"], "morselskap": False},
        "regnskapsperiode": {"fraDato": f"{year}-01-01", "tilDato": f"{year}-12-31"},
        "valuta": "NOK",
        "avviklingsregnskap": False,
        "oppstillingsplan": "smaa",
        "revisjon": {"ikkeRevidertAarsregnskap": False, "fravalgRevisjon": False},
        # The two misspelt keys are the source's own.
        "regnkapsprinsipper": {
            "smaaForetak": True,
            "regnskapsregler": "regnskapslovenAlminneligRegler",
        },
        "egenkapitalGjeld": _sums(row, sumEgenkapitalGjeld="sum_egenkapital_gjeld")
        | {
            "egenkapital": equity | {"opptjentEgenkapital": {}, "innskuttEgenkapital": paid_in},
            "gjeldOversikt": _sums(row, sumGjeld="sum_gjeld")
            | {"kortsiktigGjeld": short, "langsiktigGjeld": long},
        },
        "eiendeler": _sums(row, sumEiendeler="sum_eiendeler")
        | {
            "omloepsmidler": _sums(row, sumOmloepsmidler="sum_omloepsmidler"),
            "anleggsmidler": _sums(row, sumAnleggsmidler="sum_anleggsmidler"),
        },
        "resultatregnskapResultat": _result(row),
    }


def _result(row: Mapping[str, str]) -> dict[str, Any]:
    income = _sums(row, sumFinansinntekter="sum_finansinntekter")
    cost = _sums(row, sumFinanskostnad="sum_finanskostnad")
    return _sums(
        row,
        ordinaertResultatFoerSkattekostnad="ordinaert_resultat_foer_skatt",
        aarsresultat="aarsresultat",
        totalresultat="totalresultat",
    ) | {
        "finansresultat": _sums(row, nettoFinans="nettofinans")
        | {"finansinntekt": income, "finanskostnad": cost},
        "driftsresultat": _sums(row, driftsresultat="driftsresultat")
        | {
            # Holding companies have none: an empty object, not zero.
            "driftsinntekter": _sums(row, sumDriftsinntekter="sum_driftsinntekter"),
            "driftskostnad": _sums(row, sumDriftskostnad="sum_driftskostnad"),
        },
    }
