"""Every field of the register's JSON, by the register's own names: read, or ignored by name.

A field that stands in none of these classes is unknown: the answer is refused as
:class:`~procmatch.errors.SourceChanged`, so that a person decides what it means for us. ``Ignored``
marks what is known and not wanted: phones and e-mail addresses belong to people, the rest says
nothing that matching uses. The register leaves out what it does not know; null means the same.
"""

# ruff: noqa: N815  the names are the register's own

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from msgspec import Raw, Struct

__all__ = ["Address", "Code", "EstablishmentFields", "FormerName", "UnitFields"]

#: Passed over without being taken apart.
Ignored: TypeAlias = Raw
_NOT_READ = Raw()


class Code(Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """A code and its label: legal form, industry, sector, helper unit."""

    kode: str
    beskrivelse: Ignored = _NOT_READ
    utgaatt: Ignored = _NOT_READ
    _links: Ignored = _NOT_READ


class Address(Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """An address. Abroad there is no postcode and no municipality."""

    adresse: list[str | None] | None = None
    postnummer: str | None = None
    poststed: str | None = None
    kommunenummer: str | None = None
    landkode: str | None = None
    kommune: Ignored = _NOT_READ
    land: Ignored = _NOT_READ


class FormerName(Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """A name the unit has had, from and until when."""

    navn: str
    tilDato: str | None = None
    fraDato: Ignored = _NOT_READ


class _Shared(Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
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

    epostadresse: Ignored = _NOT_READ
    telefon: Ignored = _NOT_READ
    mobil: Ignored = _NOT_READ
    frivilligMvaRegistrertBeskrivelser: Ignored = _NOT_READ
    registreringsdatoAntallAnsatteEnhetsregisteret: Ignored = _NOT_READ
    registreringsdatoAntallAnsatteNAVAaregisteret: Ignored = _NOT_READ
    registreringsdatoFrivilligMerverdiavgiftsregisteret: Ignored = _NOT_READ
    registreringsdatoMerverdiavgiftsregisteret: Ignored = _NOT_READ
    registreringsdatoMerverdiavgiftsregisteretEnhetsregisteret: Ignored = _NOT_READ
    respons_klasse: Ignored = _NOT_READ
    _links: Ignored = _NOT_READ


class UnitFields(_Shared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
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

    foretaksformIHjemlandet: Ignored = _NOT_READ
    fravalgRevisjonBeslutningsDato: Ignored = _NOT_READ
    fravalgRevisjonDato: Ignored = _NOT_READ
    kapital: Ignored = _NOT_READ
    konkursdato: Ignored = _NOT_READ
    paategninger: Ignored = _NOT_READ
    registreringsdatoForetaksregisteret: Ignored = _NOT_READ
    registreringsdatoFrivillighetsregisteret: Ignored = _NOT_READ
    registreringsdatoPartiregisteret: Ignored = _NOT_READ
    registreringsnummerIHjemlandet: Ignored = _NOT_READ
    registrertIPartiregisteret: Ignored = _NOT_READ
    tvangsavvikletPgaManglendeSlettingDato: Ignored = _NOT_READ
    tvangsopplostPgaMangelfulltStyreDato: Ignored = _NOT_READ
    tvangsopplostPgaManglendeDagligLederDato: Ignored = _NOT_READ
    tvangsopplostPgaManglendeRegnskapDato: Ignored = _NOT_READ
    tvangsopplostPgaManglendeRevisorDato: Ignored = _NOT_READ
    underAvviklingDato: Ignored = _NOT_READ
    underlagtLovgivningLand: Ignored = _NOT_READ
    utenlandskRegisterAdresse: Ignored = _NOT_READ
    utenlandskRegisterNavn: Ignored = _NOT_READ
    vedtektsdato: Ignored = _NOT_READ


class EstablishmentFields(_Shared, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """An establishment (*underenhet*), living, deleted or removed."""

    beliggenhetsadresse: Address | None = None
    nedleggelsesdato: date | None = None

    oppstartsdato: Ignored = _NOT_READ
    datoEierskifte: Ignored = _NOT_READ
