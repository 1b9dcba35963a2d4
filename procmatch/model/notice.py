"""A notice: one publication about a purchase, as eForms tells it (BT numbers in docstrings)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from procmatch.model.values import Money, Place, Text

__all__ = [
    "Award",
    "AwardCriterion",
    "Change",
    "Lot",
    "Notice",
    "NoticeKind",
    "OrganisationRef",
    "SelectionCriterion",
    "Strategic",
    "Term",
]


class NoticeKind(StrEnum):
    """What a notice is about, from form type (BT-03) and notice type (BT-02)."""

    PLANNING = "planning"
    COMPETITION = "competition"
    RESULT = "result"
    #: The buyer intends to award directly (``veat``); a plan, not an award.
    DIRECT_AWARD = "direct-award"
    #: A contract in force is modified (``can-modif``).
    MODIFICATION = "modification"
    #: A contract is completed (form E6 / ``compl``).
    COMPLETION = "completion"
    #: A correction in the old form 99, which has no lots of its own.
    CHANGE = "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRef:
    """An organisation as printed in a notice; linkage says later which register unit it is.

    Attributes:
        ref: technical id in the notice, e.g. ``"ORG-0001"``; ``""`` when the source has none.
        name: BT-500, as printed.
        number: BT-501 cleaned to nine digits when it passes MOD 11, else None.
        number_as_printed: BT-501 as printed, or None.
        place: BT-513 city, BT-512 postcode, BT-507 NUTS, BT-514 country.
        website: BT-505.
        size: BT-165 winner size: micro, small, medium, sme, large.
        group_lead: OPT-300 / GroupLeadIndicator: leads a consortium.
    """

    ref: str = ""
    name: str
    number: str | None = None
    number_as_printed: str | None = None
    place: Place | None = None
    website: str | None = None
    size: str | None = None
    group_lead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardCriterion:
    """One award criterion of a lot.

    Attributes:
        type: BT-539: price, cost, quality, or Norwegian ``quality-nor-env-*`` (FOA § 7-9).
        name: BT-734.
        description: BT-540.
        weight: BT-541, a number in the unit of ``weight_kind``; None when not given.
        weight_kind: BT-5421: ``per-exa`` %, ``poi-exa`` points, ``ord-imp`` rank, ...
    """

    type: str | None = None
    name: Text = Text()
    description: Text = Text()
    weight: float | None = None
    weight_kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionCriterion:
    """One requirement to the supplier (BT-747 until SDK 1.12, BT-809 ``slc-*`` since).

    Attributes:
        type: the code as published, e.g. ``"sui-act"``, ``"tp-abil"``, ``"slc-stand-refs"``.
        name: BT-749.
        description: BT-750, or the requirement's own description.
        source: BT-821: ``epo-notice``, ``epo-procurement-document``, ``epo-sub-espd``.
    """

    type: str | None = None
    name: Text = Text()
    description: Text = Text()
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategic:
    """Social, green and innovation markers of a lot, as codes; nearly empty in Norway.

    Attributes:
        strategic: BT-06: env-imp, soc-obj, inn-pur.
        environmental: BT-774. social: BT-775. innovative: BT-776. gpp: BT-805.
        accessibility: BT-754.
        description: BT-777.
    """

    strategic: tuple[str, ...] = ()
    environmental: tuple[str, ...] = ()
    social: tuple[str, ...] = ()
    innovative: tuple[str, ...] = ()
    gpp: tuple[str, ...] = ()
    accessibility: tuple[str, ...] = ()
    description: Text = Text()

    def __bool__(self) -> bool:
        return any((self.strategic, self.environmental, self.social, self.innovative, self.gpp))


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """How long a contract lasts.

    Attributes:
        length: BT-36 duration as a number; unit in ``unit`` (DAY, WEEK, MONTH, YEAR).
        start: BT-536. end: BT-537.
        other: BT-538: UNLIMITED or UNKNOWN.
        renewals: BT-58, how many times it may be renewed.
        renewal_description: BT-57.
    """

    length: float | None = None
    unit: str | None = None
    start: date | None = None
    end: date | None = None
    other: str | None = None
    renewals: int | None = None
    renewal_description: Text = Text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """A lot (or, in a planning notice, a part) of a procedure.

    Attributes:
        id: BT-137 lot, or part number in planning: ``LOT-0001``, ``PAR-0001``.
        kind: ``"lot"`` or ``"part"``.
        title: BT-21. description: BT-24.
        nature: BT-23: works, supplies, services.
        cpv_main: BT-262, eight digits. cpv_additional: BT-263.
        places: BT-5071, BT-727, BT-5131, BT-5121.
        value: BT-27 estimated value excl. VAT, the lot's own only.
        framework_maximum: BT-271.
        framework: BT-765: fa-wo-rc, fa-w-rc, fa-mix; None when there is none.
        dps: BT-766 dynamic purchasing system; None when there is none.
        framework_participants: BT-113, the most suppliers in the framework.
        term: BT-36, 536, 537, 538, 58.
        deadline: BT-131 tenders, else BT-1311 requests, else BT-630 expressions of interest; UTC.
        deadline_kind: which of them: ``"tender"``, ``"request"``, ``"interest"``.
        question_deadline: BT-13, UTC.
        reserved: BT-71 participation codes other than ``none``: res-ws, res-pub-ser.
        reserved_execution: BT-736 is ``yes``.
        sme_suitable: BT-726.
        award_criteria, selection_criteria: see their classes.
        strategic: BT-06, 774, 775, 776, 805, 754.
        variants: BT-63 code. electronic_catalogue: BT-764 code.
        guarantee_required: BT-751.
        documents_url: BT-15 or BT-615. submission_url: BT-18.
        tender_languages: BT-97.
    """

    id: str
    kind: str = "lot"
    title: Text = Text()
    description: Text = Text()
    nature: str | None = None
    cpv_main: str | None = None
    cpv_additional: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    value: Money | None = None
    framework_maximum: Money | None = None
    framework: str | None = None
    dps: str | None = None
    framework_participants: int | None = None
    term: Term | None = None
    deadline: datetime | None = None
    deadline_kind: str | None = None
    question_deadline: datetime | None = None
    reserved: tuple[str, ...] = ()
    reserved_execution: bool = False
    sme_suitable: bool | None = None
    award_criteria: tuple[AwardCriterion, ...] = ()
    selection_criteria: tuple[SelectionCriterion, ...] = ()
    strategic: Strategic = Strategic()
    variants: str | None = None
    electronic_catalogue: str | None = None
    guarantee_required: bool | None = None
    documents_url: str | None = None
    submission_url: str | None = None
    tender_languages: tuple[str, ...] = ()

    @property
    def cpv(self) -> tuple[str, ...]:
        """Main and additional CPV codes, main first, each once."""
        codes = (self.cpv_main, *self.cpv_additional) if self.cpv_main else self.cpv_additional
        return tuple(dict.fromkeys(code for code in codes if code))


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """What came of a lot: one winning tender, or none.

    A lot with three winners in a framework gives three awards; a lot without a winner one award
    with no winners.

    Attributes:
        lot: BT-13713 the lot's id; None where the source does not say.
        result: BT-142: selec-w, clos-nw, open-nw. reason: BT-144, why nobody won.
        winners: the parties of the winning tender (several in a consortium).
        value: BT-720 the winning tender's value excl. VAT.
        framework_maximum: BT-709.
        tenders_received: BT-759 where BT-760 is ``tenders``, else electronic submissions.
        received: every BT-760 code with its BT-759 number.
        concluded_on: BT-145. contract_title: BT-721. contract_id: BT-150.
        in_framework: BT-768.
        tender_id: technical id in the notice, e.g. ``TEN-0001``.
        subcontracted: BT-773 ``yes``/``no``.
    """

    lot: str | None = None
    result: str | None = None
    reason: str | None = None
    winners: tuple[OrganisationRef, ...] = ()
    value: Money | None = None
    framework_maximum: Money | None = None
    tenders_received: int | None = None
    received: tuple[tuple[str, int], ...] = ()
    concluded_on: date | None = None
    contract_title: str | None = None
    contract_id: str | None = None
    in_framework: bool | None = None
    tender_id: str | None = None
    subcontracted: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """That a notice changes an earlier one.

    Attributes:
        notice: BT-758 as printed: ``<uuid>-01``, a TED number or a Doffin id.
        reason: BT-140: cancel, update-add, info-release, mod-cir, ...
        text: BT-762. description: BT-141.
        sections: BT-13716: LOT-0001, PROCEDURE, ORG-0001.
    """

    notice: str
    reason: str | None = None
    text: Text = Text()
    description: Text = Text()
    sections: tuple[str, ...] = ()

    @property
    def cancels(self) -> bool:
        """Whether the change calls the procedure off."""
        return self.reason == "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One publication. ``(source, source_id)`` names it; ``(notice_id, version)`` its state.

    Attributes:
        source: ``doffin``, ``ted`` or ``file``. source_id: Doffin id or TED publication number.
        notice_id: BT-701. version: BT-757. procedure_id: BT-04, None on planning notices.
        kind: see :class:`NoticeKind`. notice_type: BT-02. subtype: OPP-070 (``16``, ``N16``,
            ``E3``, ...).
        sdk: OPT-002 customization as printed.
        regime: ``eu``, ``national`` or ``national-e`` (Norwegian tailoring), else ``""``.
        legal_basis: BT-01.
        language: BT-702 main. languages: main and additional, EU authority codes.
        dispatched_at: BT-05, UTC. published_on: the source's publication date.
        changes: BT-758 and friends, or None.
        title: BT-21. description: BT-24. nature: BT-23. procedure_type: BT-105.
        buyers: OPT-300. buyer_legal_types: BT-11. buyer_activities: BT-10.
        cpv_main: BT-262. cpv_additional: BT-263. places: as for a lot.
        value: BT-27 of the procedure. framework_maximum: BT-271 of the procedure.
        total_value: BT-161 of a result.
        lots, awards: see their classes.
        previous_planning: BT-125 planning notices this one follows.
        withheld: BT-195 fields kept secret for a time.
    """

    source: str = "file"
    source_id: str | None = None
    notice_id: str
    version: str
    procedure_id: str | None = None
    kind: NoticeKind
    notice_type: str | None = None
    subtype: str | None = None
    sdk: str = ""
    regime: str = ""
    legal_basis: str | None = None
    language: str | None = None
    languages: tuple[str, ...] = ()
    dispatched_at: datetime | None = None
    published_on: date | None = None
    changes: Change | None = None
    title: Text = Text()
    description: Text = Text()
    nature: str | None = None
    procedure_type: str | None = None
    buyers: tuple[OrganisationRef, ...] = ()
    buyer_legal_types: tuple[str, ...] = ()
    buyer_activities: tuple[str, ...] = ()
    cpv_main: str | None = None
    cpv_additional: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    value: Money | None = None
    framework_maximum: Money | None = None
    total_value: Money | None = None
    lots: tuple[Lot, ...] = ()
    awards: tuple[Award, ...] = ()
    previous_planning: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()

    @property
    def deadline(self) -> datetime | None:
        """The first deadline of any lot, UTC."""
        return min((lot.deadline for lot in self.lots if lot.deadline), default=None)
