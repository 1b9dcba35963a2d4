"""Enhetsregisteret, the Norwegian register of units: JSON answers and bulk files to the model.

Source: Brønnøysundregistrene, open data, licence NLOD 2.0. Fields: see
:mod:`procmatch.sources.enhetsregisteret_fields`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from procmatch.codes import orgnr
from procmatch.codes.revision import has_two_meanings, revision_of
from procmatch.errors import CodeError, SourceChanged, SourceError
from procmatch.model.organisation import (
    NORWAY,
    Establishment,
    IndustryCode,
    Organisation,
    OrgId,
    OrgStatus,
)
from procmatch.model.values import Place
from procmatch.sources import json_stream
from procmatch.sources.building import builder
from procmatch.sources.country_codes import three_letters
from procmatch.sources.enhetsregisteret_fields import (
    Address,
    Code,
    EstablishmentFields,
    FormerName,
    UnitFields,
)

__all__ = [
    "SOURCE",
    "Removed",
    "number_of",
    "plain_number_of",
    "read_establishment",
    "read_unit",
    "stream",
]

SOURCE = "enhetsregisteret"

_LANGUAGES = {"Bokmål": "nb", "Nynorsk": "nn"}
_NUMBER = re.compile(rb'"organisasjonsnummer"\s*:\s*"([^"]*)"')
_NINE_DIGITS = re.compile(rb'"organisasjonsnummer"\s*:\s*"([0-9]{9})"')
#: How nearly all records begin.
_BEGINNING = b'{"organisasjonsnummer":"'
_NUMBER_FROM, _NUMBER_TO = len(_BEGINNING), len(_BEGINNING) + 9
_UNKNOWN_FIELD = re.compile(r"unknown field `(?P<field>[^`]*)`")
#: What a record holds must not make an error that nobody can read.
_LONGEST = 200
#: More than live on earth; the store keeps counts of 64 bits.
_MOST_EMPLOYEES = 10**10
_YEAR = re.compile(r"\d{4}", re.ASCII)
_PATH = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")

_ORGANISATION = builder(Organisation)
_UNIT = msgspec.json.Decoder(UnitFields)
_ESTABLISHMENT = msgspec.json.Decoder(EstablishmentFields)
_NOWHERE = Place()
#: There are some five thousand postcodes and a thousand industries; a million units share them.
_SHARED = 16_384

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A unit that the register had to remove (HTTP 410): our copy must go as well.

    Attributes:
        id: which one. removed_on: *slettedato*, if told.
    """

    id: OrgId
    removed_on: date | None = None


def stream(chunks: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Yield the JSON of the units in a bulk file, gzipped or plain, some hundreds at a time.

    Args:
        chunks: the file, cut anywhere; it is never held in memory as a whole.

    Raises:
        SourceError: it is no JSON array, or ends too early; all complete units came before.
    """
    return json_stream.groups(json_stream.inflate(chunks, source=SOURCE), source=SOURCE)


def number_of(data: bytes) -> str:
    """Return the organisation number as printed in a record, also one that cannot be read.

    Returns:
        The first *organisasjonsnummer*, or ``""`` when there is none.
    """
    found = _NUMBER.search(data)
    return found[1].decode("utf-8", "replace") if found else ""


def plain_number_of(data: bytes) -> int:
    """Return the first *organisasjonsnummer* of nine plain digits as an integer, or 0."""
    if data.startswith(_BEGINNING) and (digits := data[_NUMBER_FROM:_NUMBER_TO]).isdigit():
        return int(digits)
    found = _NINE_DIGITS.search(data)
    return int(found[1]) if found else 0


def read_unit(
    data: bytes | Mapping[str, Any], *, revision: str | None = None
) -> Organisation | Removed:
    """Read one unit (*enhet*): living, deleted (status ``deleted``) or removed.

    Of a sole proprietor no address is kept, only the municipality.

    Args:
        data: JSON of the unit, as bytes or already decoded.
        revision: which list the industry codes belong to; by default told from the codes and
            their labels. The register has served SN2025 since 2025, files from before hold SN2007.

    Raises:
        SourceChanged: a field, language or country that we do not know.
        SourceError: no JSON object, or no valid organisation number or name.
    """
    fields = _decode(data, _UNIT)
    identity = OrgId(NORWAY, _number(fields.organisasjonsnummer, "organisasjonsnummer"))
    if fields.navn is None and fields.slettedato is not None:
        return Removed(id=identity, removed_on=fields.slettedato)
    person = fields.organisasjonsform is not None and fields.organisasjonsform.kode == "ENK"
    business, postal = fields.forretningsadresse, fields.postadresse
    return _ORGANISATION(
        id=identity,
        name=_name(fields.navn),
        former_names=_former(fields.historiskeNavn) if fields.historiskeNavn else (),
        legal_form=_code(fields.organisasjonsform),
        status=_status(fields),
        deleted_on=fields.slettedato,
        industry_codes=_industry(fields, revision),
        is_helper_unit=fields.hjelpeenhetskode is not None,
        business_place=_place(business, "forretningsadresse", person=person),
        postal_place=_NOWHERE if person else _place(postal, "postadresse"),
        street=None if person else _street(business),
        employees=None if fields.antallAnsatte is None else _employees(fields.antallAnsatte),
        has_employees=fields.harRegistrertAntallAnsatte,
        founded_on=fields.stiftelsesdato,
        registered_on=fields.registreringsdatoEnhetsregisteret,
        sector=_code(fields.institusjonellSektorkode),
        vat_registered=fields.registrertIMvaregisteret,
        in_business_register=fields.registrertIForetaksregisteret,
        is_foundation=fields.registrertIStiftelsesregisteret,
        is_voluntary=fields.registrertIFrivillighetsregisteret,
        last_accounts_year=_year(fields.sisteInnsendteAarsregnskap),
        website=_text(fields.hjemmeside) if fields.hjemmeside else None,
        language=_language(fields.maalform),
        activity=_join(fields.aktivitet) if fields.aktivitet else "",
        purpose=_join(fields.vedtektsfestetFormaal) if fields.vedtektsfestetFormaal else "",
        parent=_optional_number(fields.overordnetEnhet) if fields.overordnetEnhet else None,
        in_group=fields.erIKonsern,
        country=_home(fields),
    )


def read_establishment(
    data: bytes | Mapping[str, Any], *, revision: str | None = None
) -> tuple[str, Establishment]:
    """Read one establishment (*underenhet*).

    Args:
        data: as for :func:`read_unit`.
        revision: likewise.

    Returns:
        The number of the unit it belongs to, and the establishment. A deleted one no longer tells
        whose it was: the number is ``""``; a removed one (HTTP 410) has an empty name as well.

    Raises:
        SourceChanged, SourceError: as for :func:`read_unit`.
    """
    fields = _decode(data, _ESTABLISHMENT)
    closed = fields.nedleggelsesdato or fields.slettedato
    if fields.overordnetEnhet is None and closed is None:
        raise SourceError("missing", source=SOURCE, where="overordnetEnhet")
    return _optional_number(fields.overordnetEnhet) or "", Establishment(
        number=_number(fields.organisasjonsnummer, "organisasjonsnummer"),
        name=_name(fields.navn) if closed is None else (fields.navn or ""),
        place=_place(fields.beliggenhetsadresse, "beliggenhetsadresse"),
        industry_codes=_industry(fields, revision),
        employees=_employees(fields.antallAnsatte),
        closed_on=closed,
    )


def _decode(data: bytes | Mapping[str, Any], decoder: msgspec.json.Decoder[T]) -> T:
    try:
        return decoder.decode(msgspec.json.encode(data) if isinstance(data, Mapping) else data)
    except msgspec.ValidationError as error:
        raise _changed(str(error), data) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"not JSON: {error}", source=SOURCE) from None
    except RecursionError:
        raise SourceError("nested too deeply", source=SOURCE) from None


def _changed(message: str, data: bytes | Mapping[str, Any]) -> SourceChanged:
    """Say in the register's words what msgspec found: which field, and of which unit."""
    number = (
        str(data.get("organisasjonsnummer", "")) if isinstance(data, Mapping) else number_of(data)
    )
    path = found["path"] if (found := _PATH.search(message)) else ""
    reason = _PATH.sub("", message)
    if unknown := _UNKNOWN_FIELD.search(message):
        path = f"{path}.{unknown['field']}" if path else unknown["field"]
        reason = "unknown field"
    return SourceChanged(
        f"{reason[:_LONGEST]} (unit {number[:_LONGEST] or '?'})",
        source=SOURCE,
        where=path[:_LONGEST],
    )


def _number(text: str, where: str) -> str:
    if orgnr.is_valid(text):
        return text
    try:
        return orgnr.clean(text)
    except CodeError as error:
        raise SourceError(str(error), source=SOURCE, where=where) from None


def _optional_number(text: str | None) -> str | None:
    return _number(text, "overordnetEnhet") if text else None


def _name(text: str | None) -> str:
    if not text or not text.strip():
        raise SourceError("missing", source=SOURCE, where="navn")
    return text.strip()


def _former(names: list[FormerName]) -> tuple[str, ...]:
    """Return former names, newest first, each once."""
    by_date = sorted(names, key=lambda name: name.tilDato or "", reverse=True)
    return tuple(dict.fromkeys(name.navn.strip() for name in by_date))


def _text(text: str | None) -> str | None:
    return (text or "").strip() or None


def _code(code: Code | None) -> str | None:
    return code.kode if code else None


def _status(fields: UnitFields) -> OrgStatus:
    """The worst of what is said, as one bankrupt may be dissolving too."""
    if fields.slettedato:
        return OrgStatus.DELETED
    if fields.konkurs:
        return OrgStatus.BANKRUPT
    if fields.underAvvikling or fields.underTvangsavviklingEllerTvangsopplosning:
        return OrgStatus.DISSOLVING
    if fields.underRekonstruksjonsforhandlingDato or fields.underUtenlandskInsolvensbehandlingDato:
        return OrgStatus.RECONSTRUCTION
    return OrgStatus.ACTIVE


def _industry(
    fields: UnitFields | EstablishmentFields, revision: str | None
) -> tuple[IndustryCode, ...]:
    first, second, third = fields.naeringskode1, fields.naeringskode2, fields.naeringskode3
    if second is None and third is None:
        if first is None:
            return ()
        if revision is None and (certain := _certain(first.kode)):
            return certain
        known = revision or revision_of([(first.kode, _label(first))])
        return (_industry_code(known, first.kode),)
    codes = [code for code in (first, second, third) if code]
    known = revision or revision_of((code.kode, _label(code)) for code in codes)
    return tuple(_industry_code(known, code.kode) for code in codes)


@lru_cache(_SHARED)
def _certain(code: str) -> tuple[IndustryCode, ...]:
    """Return a single code with its revision; nothing where its label must be asked."""
    return () if has_two_meanings(code) else (_industry_code(revision_of([(code, "")]), code),)


def _label(code: Code) -> str:
    """Return the label of a code that means nothing certain without it, else ``""``."""
    raw = bytes(code.beskrivelse)
    if not raw or not has_two_meanings(code.kode):
        return ""
    label = msgspec.json.decode(raw)
    return label if isinstance(label, str) else ""


_industry_code = lru_cache(_SHARED)(IndustryCode)


def _place(address: Address | None, where: str, *, person: bool = False) -> Place:
    if address is None:
        return _NOWHERE
    if person:
        return _place_of(None, None, address.kommunenummer, address.landkode, where)
    return _place_of(
        address.poststed, address.postnummer, address.kommunenummer, address.landkode, where
    )


@lru_cache(_SHARED)
def _place_of(
    city: str | None, postcode: str | None, municipality: str | None, land: str | None, where: str
) -> Place:
    country = land and three_letters(land, source=SOURCE, where=f"{where}.landkode")
    return Place(
        city=_text(city),
        postcode=_text(postcode),
        country=country or None,
        municipality=_text(municipality),
    )


def _street(address: Address | None) -> str | None:
    if address is None or not address.adresse:
        return None
    for line in address.adresse:
        if line and (text := line.strip()):
            return text
    return None


def _join(lines: list[str]) -> str:
    """Join hard-wrapped lines; the last may hold one blank only."""
    return " ".join(filter(None, map(str.strip, lines)))


@lru_cache(_SHARED)
def _year(text: str | None) -> int | None:
    if not text:
        return None
    if not _YEAR.fullmatch(text):
        raise SourceError(
            f"{text[:40]!r} is not a year", source=SOURCE, where="sisteInnsendteAarsregnskap"
        )
    return int(text)


def _employees(count: int | None) -> int | None:
    if count is not None and not 0 <= count < _MOST_EMPLOYEES:
        raise SourceError(
            f"{str(count)[:40]} is not a headcount", source=SOURCE, where="antallAnsatte"
        )
    return count


@lru_cache(_SHARED)
def _language(text: str | None) -> str | None:
    if not text:
        return None
    if text not in _LANGUAGES:
        raise SourceChanged(f"unknown language {text[:40]!r}", source=SOURCE, where="maalform")
    return _LANGUAGES[text]


def _home(fields: UnitFields) -> str:
    """The home country: of a branch (*NUF*) the law it is under, else where it has its address."""
    if fields.organisasjonsform is None or fields.organisasjonsform.kode != "NUF":
        return "NO"
    address = fields.forretningsadresse
    return fields.underlagtLovgivningLandKode or (address.landkode if address else None) or "NO"
