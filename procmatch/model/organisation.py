"""Organisations of a business register, and what makes them small, social, green or innovative."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from procmatch.model.values import Place

__all__ = [
    "Accounts",
    "Establishment",
    "Evidence",
    "IndustryCode",
    "OrgId",
    "OrgStatus",
    "Organisation",
    "SizeClass",
    "Supplier",
]

#: org-id.guide scheme of the Norwegian Central Coordinating Register.
NORWAY = "NO-BRC"


@dataclass(frozen=True, slots=True, order=True)
class OrgId:
    """The key of an organisation: which register (org-id.guide scheme) and its number there."""

    register: str
    number: str

    def __hash__(self) -> int:
        # By the number alone, which hardly two registers share: a page looks up thousands.
        return hash(self.number)

    def __str__(self) -> str:
        return self.number if self.register == NORWAY else f"{self.register}:{self.number}"


@dataclass(frozen=True, slots=True, order=True)
class IndustryCode:
    """An industry code with the list it belongs to: the same digits may mean another thing.

    Attributes:
        revision: ``"SN2007"`` (NACE Rev. 2) or ``"SN2025"`` (NACE Rev. 2.1).
        code: e.g. ``"10.710"``.
    """

    revision: str
    code: str

    def __hash__(self) -> int:
        return hash(self.code)


class OrgStatus(StrEnum):
    """Whether an organisation can do business."""

    ACTIVE = "active"
    BANKRUPT = "bankrupt"
    #: Being wound up, by itself or by force.
    DISSOLVING = "dissolving"
    #: Under reconstruction negotiations or foreign insolvency: may trade, a warning.
    RECONSTRUCTION = "reconstruction"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Establishment:
    """A place where an organisation works (*underenhet*)."""

    number: str
    name: str
    place: Place = Place()
    industry_codes: tuple[IndustryCode, ...] = ()
    employees: int | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """One year's accounts (Regnskapsregisteret).

    Attributes:
        year: the year in which the period ends. months: length of the period.
        turnover: *sumDriftsinntekter* in ``currency``; None when not given, which is not 0.
        balance: *sumEiendeler*. result: *aarsresultat*. equity: *sumEgenkapital*.
        group: whether these are group accounts (*KONSERN*).
    """

    year: int
    months: int = 12
    currency: str = "NOK"
    turnover: Decimal | None = None
    balance: Decimal | None = None
    result: Decimal | None = None
    equity: Decimal | None = None
    group: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A unit of a business register (*enhet*).

    Attributes:
        id: register and number (*organisasjonsnummer*).
        name: *navn*. former_names: *historiskeNavn*, newest first.
        legal_form: *organisasjonsform.kode*: AS, SA, STI, KOMM, ...
        status: see :class:`OrgStatus`. deleted_on: *slettedato*.
        industry_codes: *naeringskode1..3*, main first.
        is_helper_unit: has a *hjelpeenhetskode*: works inside a group, sells nothing outside.
        business_place: *forretningsadresse*. postal_place: *postadresse*.
        street: first line of the business address.
        employees: *antallAnsatte*; None when unknown. The register hides 1-4.
        has_employees: *harRegistrertAntallAnsatte*; True with ``employees`` None means 1-4.
        founded_on: *stiftelsesdato*. registered_on: *registreringsdatoEnhetsregisteret*.
        sector: *institusjonellSektorkode.kode*.
        vat_registered, in_business_register, is_foundation, is_voluntary: the register's flags.
        last_accounts_year: *sisteInnsendteAarsregnskap*.
        website: *hjemmeside*. language: *maalform*: ``nb`` or ``nn``.
        activity: *aktivitet*, joined. purpose: *vedtektsfestetFormaal*, joined.
        parent: *overordnetEnhet* (public sector tree only). in_group: *erIKonsern*.
        country: ISO 3166-1 alpha-2 of the home country.
        establishments: where it works.
    """

    id: OrgId
    name: str
    former_names: tuple[str, ...] = ()
    legal_form: str | None = None
    status: OrgStatus = OrgStatus.ACTIVE
    deleted_on: date | None = None
    industry_codes: tuple[IndustryCode, ...] = ()
    is_helper_unit: bool = False
    business_place: Place = Place()
    postal_place: Place = Place()
    street: str | None = None
    employees: int | None = None
    has_employees: bool | None = None
    founded_on: date | None = None
    registered_on: date | None = None
    sector: str | None = None
    vat_registered: bool | None = None
    in_business_register: bool | None = None
    is_foundation: bool | None = None
    is_voluntary: bool | None = None
    last_accounts_year: int | None = None
    website: str | None = None
    language: str | None = None
    activity: str = ""
    purpose: str = ""
    parent: str | None = None
    in_group: bool | None = None
    country: str = "NO"
    establishments: tuple[Establishment, ...] = ()

    @property
    def is_person(self) -> bool:
        """Whether it is a sole proprietor (*ENK*), and so personal data."""
        return self.legal_form == "ENK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One fact that makes an organisation small, social, green, innovative or approved.

    No evidence means unknown, never "not sustainable".

    Attributes:
        kind: e.g. ``"organic_certificate"``, ``"eco_lighthouse"``, ``"work_inclusion"``.
        dimension: small, social, green, innovative or approval.
        source: who says so. reference: the source's own. url: where it can be looked up.
        text: what else the source says, e.g. the approved areas.
        valid_from, valid_to: None when not given.
        name: as printed in the source. org: the organisation it was tied to, if any.
        tied_by: ``"exact"`` (a number), ``"name"``, ``"declared"`` (by itself) or ``"register"``
            (a fact of the register's own). certainty: 0..1.
    """

    kind: str
    dimension: str
    source: str
    reference: str | None = None
    url: str | None = None
    text: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    name: str = ""
    org: OrgId | None = None
    tied_by: str | None = None
    certainty: float = 1.0


class SizeClass(StrEnum):
    """Enterprise size after Commission Recommendation 2003/361/EC."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """An organisation seen as a bidder.

    Attributes:
        size: the likeliest class by what is known; never a legal statement.
        sizes: every class that what is unknown leaves possible, smallest first; a filter by size
            goes by these.
        size_inputs: each input named with what is known, e.g. ``("employees", "1-4")``.
        past_awards: ids of the notices in which it won something.
        profile: what it says of itself, in its own words.
        asked_to_be_shown: a sole proprietor that wants to stand in lists.
    """

    organisation: Organisation
    size: SizeClass = SizeClass.UNKNOWN
    sizes: tuple[SizeClass, ...] = ()
    size_inputs: tuple[tuple[str, str], ...] = ()
    accounts: tuple[Accounts, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    past_awards: tuple[str, ...] = ()
    profile: str = ""
    asked_to_be_shown: bool = False

    @property
    def may_be_listed(self) -> bool:
        """Whether lists may show it: not a person, or one that asked for it."""
        return self.asked_to_be_shown or not self.organisation.is_person
