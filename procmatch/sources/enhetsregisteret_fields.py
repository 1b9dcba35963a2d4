"""Every field of the register's JSON, by the register's own names: read, or ignored by name.

A field that stands in none of these classes is unknown: the answer is refused as
:class:`~procmatch.errors.SourceChanged`, so that a person decides what it means for us. ``Ignored``
marks what is known and not wanted: phones and e-mail addresses belong to people, the rest says
nothing that matching uses. The register leaves out what it does not know; null means the same.
"""

# ruff: noqa: N815  the names are the register's own

from __future__ import annotations

from datetime import date
from typing import Any, TypeAlias

from msgspec import Struct

__all__ = ["Address", "Code", "EstablishmentFields", "FormerName", "UnitFields"]

Ignored: TypeAlias = Any


class Code(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code and its label: legal form, industry, sector, helper unit."""

    kode: str
    beskrivelse: Ignored = None
    utgaatt: Ignored = None
    _links: Ignored = None


class Address(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address. Abroad there is no postcode and no municipality."""

    adresse: list[str | None] | None = None
    postnummer: str | None = None
    poststed: str | None = None
    kommunenummer: str | None = None
    landkode: str | None = None
    kommune: Ignored = None
    land: Ignored = None


class FormerName(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name the unit has had, from and until when."""

    navn: str
    tilDato: str | None = None
    fraDato: Ignored = None


class _Shared(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What units and establishments have in common."""

    organisasjonsnummer: str
    navn: str | None = None
    organisasjonsform: Code | None = None
    slettedato: date | None = None
    naeringskode1: Code | None = None
    naeringskode2: Code | None = None
    naeringskode3: Code | None = None
    antallAnsatte: int | None = None
    overordnetEnhet: str | None = None

    postadresse: Address | None = None
    historiskeNavn: list[FormerName] | None = None
    hjelpeenhetskode: Code | None = None
    harRegistrertAntallAnsatte: bool | None = None
    hjemmeside: str | None = None
    registreringsdatoEnhetsregisteret: date | None = None
    registrertIMvaregisteret: bool | None = None

    epostadresse: Ignored = None
    telefon: Ignored = None
    mobil: Ignored = None
    frivilligMvaRegistrertBeskrivelser: Ignored = None
    registreringsdatoAntallAnsatteEnhetsregisteret: Ignored = None
    registreringsdatoAntallAnsatteNAVAaregisteret: Ignored = None
    registreringsdatoFrivilligMerverdiavgiftsregisteret: Ignored = None
    registreringsdatoMerverdiavgiftsregisteret: Ignored = None
    registreringsdatoMerverdiavgiftsregisteretEnhetsregisteret: Ignored = None
    respons_klasse: Ignored = None
    _links: Ignored = None


class UnitFields(_Shared, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A unit (*enhet*), living, deleted or removed."""

    forretningsadresse: Address | None = None
    stiftelsesdato: date | None = None
    institusjonellSektorkode: Code | None = None
    registrertIForetaksregisteret: bool | None = None
    registrertIStiftelsesregisteret: bool | None = None
    registrertIFrivillighetsregisteret: bool | None = None
    sisteInnsendteAarsregnskap: str | None = None
    konkurs: bool | None = None
    underAvvikling: bool | None = None
    underTvangsavviklingEllerTvangsopplosning: bool | None = None
    underRekonstruksjonsforhandlingDato: date | None = None
    underUtenlandskInsolvensbehandlingDato: date | None = None
    maalform: str | None = None
    aktivitet: list[str] | None = None
    vedtektsfestetFormaal: list[str] | None = None
    erIKonsern: bool | None = None
    underlagtLovgivningLandKode: str | None = None

    foretaksformIHjemlandet: Ignored = None
    fravalgRevisjonBeslutningsDato: Ignored = None
    fravalgRevisjonDato: Ignored = None
    kapital: Ignored = None
    konkursdato: Ignored = None
    paategninger: Ignored = None
    registreringsdatoForetaksregisteret: Ignored = None
    registreringsdatoFrivillighetsregisteret: Ignored = None
    registreringsdatoPartiregisteret: Ignored = None
    registreringsnummerIHjemlandet: Ignored = None
    registrertIPartiregisteret: Ignored = None
    tvangsavvikletPgaManglendeSlettingDato: Ignored = None
    tvangsopplostPgaMangelfulltStyreDato: Ignored = None
    tvangsopplostPgaManglendeDagligLederDato: Ignored = None
    tvangsopplostPgaManglendeRegnskapDato: Ignored = None
    tvangsopplostPgaManglendeRevisorDato: Ignored = None
    underAvviklingDato: Ignored = None
    underlagtLovgivningLand: Ignored = None
    utenlandskRegisterAdresse: Ignored = None
    utenlandskRegisterNavn: Ignored = None
    vedtektsdato: Ignored = None


class EstablishmentFields(_Shared, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An establishment (*underenhet*), living, deleted or removed."""

    beliggenhetsadresse: Address | None = None
    nedleggelsesdato: date | None = None

    oppstartsdato: Ignored = None
    datoEierskifte: Ignored = None
