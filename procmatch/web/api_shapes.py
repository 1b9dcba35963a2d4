"""What the JSON API answers with: flat, named in the field's words, documented for OpenAPI."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from procmatch.alerts.phrases import text_in
from procmatch.insight.radar import Agreement, plan_from
from procmatch.insight.supply import Depth
from procmatch.model.match import Match
from procmatch.model.notice import Lot, Notice
from procmatch.model.organisation import Supplier
from procmatch.model.values import Money
from procmatch.text.messages import say
from procmatch.workflows.municipality_view import OwnLot

__all__ = [
    "AgreementOut",
    "DepthOut",
    "FirmOut",
    "LotOut",
    "OwnLotOut",
    "RankedOut",
    "TenderOut",
    "agreement_out",
    "depth_out",
    "firm_out",
    "own_lot_out",
    "ranked_out",
    "tender_out",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LotOut:
    """A lot. ``value`` excludes VAT; None where it is not told."""

    id: str
    title: str
    cpv: Sequence[str]
    deadline: datetime | None
    value: float | None
    currency: str | None
    reserved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderOut:
    """A tender as it stands today; ``notice`` is its id at the source."""

    notice: str
    source: str
    title: str
    buyers: Sequence[str]
    deadline: datetime | None
    lots: Sequence[LotOut]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedOut:
    """A firm in the order in which firms fit; ``verdict``: eligible, perhaps or not.

    ``score`` tells how well trade, words and place fit, 0..1; it is no forecast.
    """

    rank: int
    number: str
    name: str
    town: str
    distance_km: float | None
    verdict: str
    score: float
    sizes: Sequence[str]
    reasons: Sequence[str]
    hurdles: Sequence[str]
    evidence: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmOut:
    """A firm as the register and evidence have it. Sole proprietors are left out: persons."""

    number: str
    name: str
    legal_form: str | None
    status: str
    industry_codes: Sequence[str]
    employees: int | None
    size: str
    activity: str
    evidence: Sequence[str]
    past_awards: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementOut:
    """What is locked until when; None where it is not told."""

    notice: str
    lot: str
    title: str
    suppliers: Sequence[str]
    end: date | None
    last_end: date | None
    plan_from: date | None
    one_supplier: bool | None
    value: float | None
    currency: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLotOut:
    """A lot that is out: how many small firms nearby could bid, how many are stopped, by what."""

    notice: str
    lot: LotOut
    fitting: int
    stopped: int
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthOut:
    """How deep a market is.

    ``within``: kilometres -> firms, the last as far away as is asked for. ``small``, of
    ``unknown_size``: by what is known. ``free``: nothing known stands in the way. ``proven``: with
    evidence of being social, green or innovative. ``thin``: few to choose between.
    """

    firms: int
    within: dict[str, int]
    free: int
    small: int
    unknown_size: int
    proven: int
    organic: int
    inspected: int
    unknown_place: int
    thin: bool


def _amount(value: Money | None) -> tuple[float | None, str | None]:
    return (float(value.amount), value.currency) if value else (None, None)


def _lot_out(lot: Lot, language: str) -> LotOut:
    value, currency = _amount(lot.value or lot.framework_maximum)
    return LotOut(
        id=lot.id,
        title=text_in(lot.title, language),
        cpv=lot.cpv,
        deadline=lot.deadline,
        value=value,
        currency=currency,
        reserved=bool(lot.reserved),
    )


def tender_out(notice: Notice, language: str) -> TenderOut:
    """Return a notice as the API has it."""
    return TenderOut(
        notice=notice.source_id or notice.notice_id,
        source=notice.source,
        title=text_in(notice.title, language),
        buyers=[buyer.name for buyer in notice.buyers],
        deadline=notice.deadline,
        lots=[_lot_out(lot, language) for lot in notice.lots],
    )


def ranked_out(rank: int, one: Match, town: str, language: str) -> RankedOut:
    """Return one firm of a ranking."""
    return RankedOut(
        rank=rank,
        number=one.supplier.number,
        name=one.supplier_name,
        town=town,
        distance_km=one.distance_km,
        verdict=one.verdict.value,
        score=round(one.score, 4),
        sizes=[size.value for size in one.sizes],
        reasons=[say(reason, language) for reason in one.reasons],
        hurdles=[say(hurdle.reason, language) for hurdle in one.hurdles],
        evidence=[say(fact, language) for fact in one.evidence],
    )


def firm_out(one: Supplier) -> FirmOut:
    """Return a firm."""
    unit = one.organisation
    return FirmOut(
        number=unit.id.number,
        name=unit.name,
        legal_form=unit.legal_form,
        status=unit.status.value,
        industry_codes=[f"{code.revision} {code.code}" for code in unit.industry_codes],
        employees=unit.employees,
        size=one.size.value,
        activity=unit.activity,
        evidence=[fact.kind for fact in one.evidence],
        past_awards=one.past_awards,
    )


def agreement_out(one: Agreement) -> AgreementOut:
    """Return an agreement."""
    value, currency = _amount(one.value)
    return AgreementOut(
        notice=one.notice,
        lot=one.lot,
        title=one.title,
        suppliers=[who.name for who in one.suppliers],
        end=one.end,
        last_end=one.span.last_end,
        plan_from=plan_from(one),
        one_supplier=one.exclusive,
        value=value,
        currency=currency,
    )


def depth_out(one: Depth) -> DepthOut:
    """Return how deep a market is."""
    return DepthOut(
        firms=one.firms,
        within={f"{km:g}": firms for km, firms in one.within},
        free=one.free,
        small=one.small,
        unknown_size=one.unknown_size,
        proven=one.proven,
        organic=one.organic,
        inspected=one.inspected,
        unknown_place=one.unknown_place,
        thin=one.is_thin,
    )


def own_lot_out(one: OwnLot, language: str) -> OwnLotOut:
    """Return a lot that a municipality has out."""
    notice = one.tender.stored.notice
    return OwnLotOut(
        notice=notice.source_id or notice.notice_id,
        lot=_lot_out(one.lot, language),
        fitting=one.near.fitting,
        stopped=one.near.stopped,
        reasons=[say(reason, language) for reason, _firms in one.near.reasons],
    )
