"""Invented nightly files of the business register, as large as asked for, the same every time.

Shape and size follow the register's documentation: about 1.3 kB a unit, keys left out when there is
nothing to say, one JSON array, gzipped. Every name, number and address is made up.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

from procmatch.codes import orgnr

_SEED = 20261123
_API = "https://data.brreg.no/enhetsregisteret/api"
_FIRST = ("NORD", "FJORD", "VARDE", "BREKKE", "SOLLI", "TINDEN", "HAVGLØTT", "ÅSEN", "LIA", "ELVA")
_SECOND = ("BYGG", "RENHOLD", "BAKERI", "RØR", "ELEKTRO", "TRANSPORT", "GARTNERI", "DATA", "MASKIN")
_FORMS = {
    "AS": "Aksjeselskap", "ENK": "Enkeltpersonforetak", "FLI": "Forening/lag/innretning",
    "NUF": "Norskregistrert utenlandsk foretak", "SA": "Samvirkeforetak", "STI": "Stiftelse",
}  # fmt: skip
_SHARES = (40, 39, 12, 4, 3, 2)
_TOWNS = ("STORFJORD", "NORDVIK", "ØVRE ÅSDAL", "LILLEHAVN", "SØRBYGDA", "TANGEN", "HEIM", "VESTØY")
_INDUSTRY = ("Bygging av boliger", "Rengjøring av bygninger", "Produksjon av brød og ferske bakervarer",
             "Elektrisk installasjonsarbeid", "Programmeringstjenester", "Utleie av egen fast eiendom")  # fmt: skip
_PURPOSE = (
    "Selskapets virksomhet er å drive handel, produksjon og utleie, samt å",
    "delta i andre foretak med liknende formål, og alt som naturlig står i",
    "forbindelse med dette, herunder kjøp og salg av varer og tjenester, og",
    "forvaltning av eiendom i inn- og utland etter styrets bestemmelse.",
)


def numbers(start: int = 81_000_000) -> Iterator[str]:
    """Yield valid organisation numbers in rising order."""
    for body in range(start, 100_000_000):
        digit = orgnr.check_digit(str(body))
        if digit is not None:
            yield f"{body}{digit}"


def unit(number: str, dice: random.Random) -> dict[str, object]:
    """Return one invented unit as the register would print it."""
    form = dice.choices(tuple(_FORMS), _SHARES)[0]
    company, staff = form in {"AS", "SA", "NUF"}, dice.random()
    founded = _date(dice)
    found: dict[str, object] = {
        "organisasjonsnummer": number,
        "navn": f"{dice.choice(_FIRST)} {dice.choice(_SECOND)} {dice.randrange(99999)} {form}",
        "organisasjonsform": {
            "kode": form,
            "beskrivelse": _FORMS[form],
            "_links": {"self": {"href": f"{_API}/organisasjonsformer/{form}"}},
        },
        "hjemmeside": f"www.firma{number}.example" if dice.random() < 0.1 else None,
        "postadresse": _address(dice) if dice.random() < 0.4 else None,
        "registreringsdatoEnhetsregisteret": founded,
        "registrertIMvaregisteret": dice.random() < 0.4,
        "naeringskode1": _industry(dice) if dice.random() < 0.95 else None,
        "naeringskode2": _industry(dice) if dice.random() < 0.04 else None,
        "antallAnsatte": dice.randrange(5, 400) if staff < 0.06 else None,
        "harRegistrertAntallAnsatte": staff < 0.2,
        "forretningsadresse": _address(dice),
        "stiftelsesdato": founded if company else None,
        "institusjonellSektorkode": {
            "kode": "2100" if company else "8200",
            "beskrivelse": "Private aksjeselskaper mv." if company else "Personlig næringsdrivende",
        },
        "registrertIForetaksregisteret": company,
        "registrertIStiftelsesregisteret": form == "STI",
        "registrertIFrivillighetsregisteret": form == "FLI" and dice.random() < 0.5,
        "sisteInnsendteAarsregnskap": "2025" if company else None,
        "konkurs": dice.random() < 0.004,
        "underAvvikling": dice.random() < 0.01,
        "underTvangsavviklingEllerTvangsopplosning": False,
        "maalform": "Nynorsk" if dice.random() < 0.1 else "Bokmål",
        "vedtektsdato": founded if company else None,
        "vedtektsfestetFormaal": list(_PURPOSE) if company else None,
        "aktivitet": [f"{dice.choice(_INDUSTRY)} og det som hører til. "] if company else None,
        "epostadresse": f"post@firma{number}.example" if dice.random() < 0.5 else None,
        "mobil": f"4{dice.randrange(10**7):07d}" if dice.random() < 0.5 else None,
        "_links": {"self": {"href": f"{_API}/enheter/{number}"}},
    }
    if company and dice.random() < 0.1:
        former = {"navn": f"{dice.choice(_FIRST)} HOLDING AS", "tilDato": f"{_date(dice)} 00:00:00"}
        found["historiskeNavn"] = [former]
    return {key: value for key, value in found.items() if value is not None}


def establishment(number: str, parent: str, dice: random.Random) -> dict[str, object]:
    """Return one invented establishment of ``parent``."""
    found: dict[str, object] = {
        "organisasjonsnummer": number,
        "navn": f"{dice.choice(_FIRST)} {dice.choice(_SECOND)} AVD {dice.choice(_TOWNS)}",
        "organisasjonsform": {
            "kode": "BEDR",
            "beskrivelse": "Underenhet til næringsdrivende og offentlig forvaltning",
            "_links": {"self": {"href": f"{_API}/organisasjonsformer/BEDR"}},
        },
        "registreringsdatoEnhetsregisteret": _date(dice),
        "registrertIMvaregisteret": dice.random() < 0.4,
        "naeringskode1": _industry(dice),
        "antallAnsatte": dice.randrange(5, 400) if dice.random() < 0.1 else None,
        "harRegistrertAntallAnsatte": dice.random() < 0.3,
        "overordnetEnhet": parent,
        "oppstartsdato": _date(dice),
        "beliggenhetsadresse": _address(dice),
        "_links": {
            "self": {"href": f"{_API}/underenheter/{number}"},
            "overordnetEnhet": {"href": f"{_API}/enheter/{parent}"},
        },
    }
    return {key: value for key, value in found.items() if value is not None}


def write(
    path: Path, count: int, *, changed: float = 0.0, kind: str = "units", shuffled: bool = False
) -> int:
    """Write a nightly file and return how many bytes it holds when inflated.

    Args:
        path: where to. count: how many records.
        changed: this share of the records has another name than in the file with 0.
        kind: ``units`` or ``establishments``.
        shuffled: not in the order of their numbers.
    """
    dice, other = random.Random(_SEED), random.Random(_SEED + 1)
    given = numbers()
    ids = [next(given) for _ in range(count)]
    if shuffled:
        dice.shuffle(ids)
    size = 1
    with gzip.open(path, "wb", compresslevel=4) as file:
        for position, number in enumerate(ids):
            if kind == "units":
                record = unit(number, dice)
            else:
                record = establishment(number, ids[position // 2], dice)
            if other.random() < changed:
                record["navn"] = f"NYTT NAVN {number}"
            text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
            data = (("," if position else "[") + text).encode()
            file.write(data)
            size += len(data)
        file.write(b"]")
    return size


def _date(dice: random.Random) -> str:
    return f"{dice.randrange(1960, 2026)}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}"


def _industry(dice: random.Random) -> dict[str, str]:
    code = f"{dice.randrange(10, 96)}.{dice.randrange(1, 9)}00"
    return {"kode": code, "beskrivelse": dice.choice(_INDUSTRY)}


def _address(dice: random.Random) -> dict[str, object]:
    # As in Norway: five thousand postcodes, each of one town and one municipality.
    postcode = dice.randrange(1, 5001)
    town = f"{_TOWNS[postcode % len(_TOWNS)]} {postcode // 100}"
    return {
        "land": "Norge",
        "landkode": "NO",
        "postnummer": f"{postcode:04d}",
        "poststed": town,
        "adresse": [f"Storgata {dice.randrange(1, 400)}"],
        "kommune": town,
        "kommunenummer": f"{3000 + postcode % 357}",
    }
