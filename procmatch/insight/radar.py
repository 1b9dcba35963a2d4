"""Framework radar: what is locked until when, with whom, and when to start planning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from procmatch.insight.spans import Span, add_months, span
from procmatch.model.notice import Award, Lot, Notice, OrganisationRef
from procmatch.model.values import Money

__all__ = ["PLANNING_MONTHS", "Agreement", "agreements", "ending_within", "plan_from"]

#: Planning starts so long before the end: market dialogue, lots and requirements take their time.
PLANNING_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One contract or framework of one lot.

    Attributes:
        procedure: its id in the store. notice: source id of the result, else of the competition.
        lot: BT-137. title: of the lot, else of the notice.
        buyers, suppliers: as printed. cpv: of the lot, main first.
        framework: BT-765; None for a plain contract.
        exclusive: one supplier alone holds it; None when the number is not told.
        value: of the contract, else estimated, NOK or other, excl. VAT. value_field: which.
        span: when it ends.
    """

    procedure: str
    notice: str
    lot: str
    title: str
    buyers: tuple[OrganisationRef, ...]
    suppliers: tuple[OrganisationRef, ...]
    cpv: tuple[str, ...]
    framework: str | None
    exclusive: bool | None
    value: Money | None
    value_field: str
    span: Span

    @property
    def end(self) -> date | None:
        """The first day on which it may end."""
        return self.span.first_end


def plan_from(agreement: Agreement) -> date | None:
    """Return when to start planning what follows; None when the end is not known."""
    return add_months(agreement.end, -PLANNING_MONTHS) if agreement.end else None


def _lots(notice: Notice, competition: Notice | None) -> dict[str, Lot]:
    """Return the lots by id; the competition's where the result repeats nothing of its term."""
    found = {lot.id: lot for lot in (competition.lots if competition else ())}
    for lot in notice.lots:
        if lot.id not in found or (lot.term and not found[lot.id].term):
            found[lot.id] = lot
    return found


def _exclusive(lot: Lot | None, awards: Sequence[Award]) -> bool | None:
    won = [award for award in awards if award.winners]
    if lot and lot.framework_participants is not None:
        return lot.framework_participants == 1
    return len(won) == 1 if won else None


def agreements(
    procedure: str, result: Notice, competition: Notice | None = None
) -> list[Agreement]:
    """Return what a result notice says was signed, lot by lot.

    Args:
        procedure: id of the procedure.
        result: of kind RESULT; lots without a winner give nothing.
        competition: its announcement, for what the result does not repeat.
    """
    lots = _lots(result, competition)
    by_lot: dict[str, list[Award]] = {}
    for award in result.awards:
        if award.winners:
            by_lot.setdefault(award.lot or "", []).append(award)
    found = []
    for name, awards in by_lot.items():
        lot = lots.get(name) or (next(iter(lots.values())) if len(lots) == 1 else None)
        concluded = min((one.concluded_on for one in awards if one.concluded_on), default=None)
        value, field = _value(lot, awards)
        found.append(
            Agreement(
                procedure=procedure,
                notice=result.source_id or result.notice_id,
                lot=name,
                title=str(lot.title) if lot and lot.title else str(result.title),
                buyers=result.buyers,
                suppliers=tuple(dict.fromkeys(who for one in awards for who in one.winners)),
                cpv=(lot.cpv if lot else ()) or tuple(filter(None, (result.cpv_main,))),
                framework=lot.framework if lot else None,
                exclusive=_exclusive(lot, awards),
                value=value,
                value_field=field,
                span=span(lot.term if lot else None, concluded),
            )
        )
    return found


def _value(lot: Lot | None, awards: Sequence[Award]) -> tuple[Money | None, str]:
    for field, of_award in (("BT-709", "framework_maximum"), ("BT-720", "value")):
        known = [money for one in awards if (money := getattr(one, of_award))]
        if known and len({money.currency for money in known}) == 1:
            # Suppliers of one framework share its maximum; parallel contracts add up.
            amount = max(m.amount for m in known) if field == "BT-709" else None
            total = sum((m.amount for m in known), start=known[0].amount * 0)
            return Money(amount=amount or total, currency=known[0].currency), field
    if lot and (money := lot.framework_maximum or lot.value):
        return money, "BT-271" if lot.framework_maximum else "BT-27"
    return None, ""


def ending_within(
    every: Iterable[Agreement], today: date, months: int = PLANNING_MONTHS
) -> list[Agreement]:
    """Return agreements whose first end comes within so many months, soonest first.

    Those whose end is not known are left out here; pages list them apart as unknown.
    """
    last = add_months(today, months)
    near = [one for one in every if one.end and today - timedelta(days=1) < one.end <= last]
    return sorted(near, key=lambda one: (one.end or today, one.notice, one.lot))
