"""What came of a tender: awards, contracts, and how many bids there were."""

from __future__ import annotations

from procmatch.model.notice import Award, Lot, Notice, NoticeKind
from procmatch.ocds.award_ids import release_id
from procmatch.ocds.chain import Chain
from procmatch.ocds.parties import suppliers
from procmatch.ocds.tables import STATISTICS
from procmatch.ocds.values import Json, kept, money, start_of

__all__ = ["awards_and_contracts", "bids", "lot_status"]

_YES_OR_NO = {"yes": True, "no": False}
_NO_WINNER = "clos-nw"
_STILL_OPEN = "open-nw"


def awards_and_contracts(notice: Notice, chain: Chain) -> tuple[list[Json], list[Json]]:
    """Return the awards of a notice, one a winning tender or lot without winner, and contracts.

    A lot that is still open has no award.

    Raises:
        NotExportable: a sum in no currency of ISO 4217.
    """
    awards: dict[str, Json] = {}
    contracts: dict[str, Json] = {}
    maxima: set[str | None] = set()
    for position, award in enumerate(notice.awards):
        if award.result == _STILL_OPEN:
            continue
        key = chain.awards[release_id(notice), position]
        # The ceiling is the lot's: told once, so that adding awards up is right.
        ceiling = award.framework_maximum if award.lot not in maxima else None
        maxima.add(award.lot)
        private = any(chain.withheld_id(winner) for winner in award.winners)
        awards[key] = kept(
            id=key,
            title=None if private else award.contract_title,
            status=_status(award, notice),
            statusDetails=award.reason,
            value=money(award.value, notice, f"BT-720 {award.tender_id or award.lot}"),
            maximumValue=money(ceiling, notice, f"BT-709 {award.lot}"),
            suppliers=suppliers(award.winners, chain),
            relatedLots=[award.lot] if award.lot else [],
            hasSubcontracting=_YES_OR_NO.get(award.subcontracted or ""),
        )
        if contract := _contract(award, notice, private=private):
            contracts[key] = {"id": key, "awardID": key, **contract}
    return list(awards.values()), list(contracts.values())


def _status(award: Award, notice: Notice) -> str:
    if notice.changes and notice.changes.cancels:
        return "cancelled"
    if award.result == _NO_WINNER:
        return "unsuccessful"
    # An intention to award directly is no award yet.
    return "pending" if notice.kind is NoticeKind.DIRECT_AWARD else "active"


def _contract(award: Award, notice: Notice, *, private: bool) -> Json:
    """Return what a contract adds to its award; ``{}`` where there is none (yet)."""
    concluded = award.concluded_on is not None or award.contract_id is not None
    if not concluded or notice.kind is NoticeKind.DIRECT_AWARD or award.result == _NO_WINNER:
        return {}
    ended = notice.kind is NoticeKind.COMPLETION
    return kept(
        title=None if private else award.contract_title,
        status="terminated" if ended else "active" if award.concluded_on else "pending",
        value=money(award.value, notice, f"BT-720 {award.tender_id or award.lot}"),
        dateSigned=start_of(award.concluded_on),
        identifiers=[{"id": award.contract_id}] if award.contract_id and not private else [],
    )


def lot_status(lot: Lot, notice: Notice, otherwise: str | None) -> str | None:
    """Return the status of a lot: what its results say, else that of the tender."""
    results = {award.result for award in notice.awards if award.lot == lot.id}
    if notice.kind is not NoticeKind.RESULT or otherwise == "cancelled" or not results:
        return otherwise
    if "selec-w" in results or None in results:
        return "complete"
    return "active" if _STILL_OPEN in results else "unsuccessful"


def bids(notice: Notice) -> Json:
    """Return how many bids each lot got (BT-759, BT-760); ``{}`` when nothing is said.

    The number of tenders is the reader's, which knows better than a 0 beside electronic ones.
    """
    found: dict[str, Json] = {}
    for award in notice.awards:
        counts = {STATISTICS[code]: count for code, count in award.received if code in STATISTICS}
        if award.tenders_received is not None:
            counts["bids"] = award.tenders_received
        for measure, count in counts.items():
            key = f"{award.lot}-{measure}" if award.lot else measure
            found[key] = kept(id=key, measure=measure, value=count, relatedLot=award.lot)
    return kept(statistics=list(found.values()))
