"""``efac:NoticeResult``: who won what, one award a winning tender."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element

from procmatch.model.notice import Award, OrganisationRef
from procmatch.model.values import Money
from procmatch.sources._eforms import code_lists
from procmatch.sources._eforms.organisations import Pool
from procmatch.sources._eforms.shapes import EMPTY, Fields, inside, only, q, shape, take
from procmatch.sources._eforms.values import code, day, indicator, money, plain, text, whole
from procmatch.sources.building import builder

__all__ = ["read_awards"]

_RESULT = shape(
    "result",
    total="cbc:TotalAmount",
    lot_result="efac:LotResult",
    tender="efac:LotTender",
    contract="efac:SettledContract",
    party="efac:TenderingParty",
)
_LOT_RESULT = shape(
    "lot result",
    code="cbc:TenderResultCode",
    decision="efac:DecisionReason",
    tender="efac:LotTender",
    values="efac:FrameworkAgreementValues",
    received="efac:ReceivedSubmissionsStatistics",
    contract="efac:SettledContract",
    lot="efac:TenderLot",
)
_DECISION = shape("decision", code="efbc:DecisionReasonCode")
_VALUES = shape("framework values", maximum="cbc:MaximumValueAmount")
_RECEIVED = shape("received", code="efbc:StatisticsCode", number="efbc:StatisticsNumeric")
_TENDER = shape(
    "tender",
    id="cbc:ID",
    rank="cbc:RankCode",
    total="cac:LegalMonetaryTotal",
    subcontracting="efac:SubcontractingTerm",
    party="efac:TenderingParty",
    lot="efac:TenderLot",
)
_TOTAL = q("cbc:PayableAmount")
_SUBCONTRACTING = shape("subcontracting", code="efbc:TermCode")
_CONTRACT = shape(
    "contract",
    id="cbc:ID",
    issued="cbc:IssueDate",
    title="cbc:Title",
    framework="efbc:ContractFrameworkIndicator",
    reference="efac:ContractReference",
    tender="efac:LotTender",
)
_PARTY = shape("tendering party", id="cbc:ID", tenderer="efac:Tenderer")
_TENDERER = shape("tenderer", id="cbc:ID", lead="efbc:GroupLeadIndicator")
_REFERENCE = q("cbc:ID")

#: What the converter of old notices writes where it found no lot.
_NO_LOT = "MISSING"
_new_award = builder(Award)


@dataclass(slots=True, kw_only=True)
class _Chain:
    """The links of a result, by technical id."""

    pool: Pool
    #: The notice is a converted one, which names winners only and may lack contracts.
    converted: bool
    tenders: dict[str, Fields] = field(default_factory=dict)
    contracts: dict[str, Fields] = field(default_factory=dict)
    parties: dict[str, list[_Element]] = field(default_factory=dict)


def read_awards(
    nodes: Sequence[_Element], pool: Pool, *, converted: bool
) -> tuple[tuple[Award, ...], Money | None]:
    """Read what came of the lots.

    A contract names its tenders, a tender its tendering party, a party its organisations. Tenders
    that no contract names did not win. Where the contracts of a result name no tender of its lot,
    any contract's tenders of that lot are taken; where no contract names any, its tenders of rank
    1, else all tenders of a converted notice (which names winners only), else a lone tender.

    Args:
        nodes: ``efac:NoticeResult`` elements.
        pool: the organisations.
        converted: the notice is a converted old one.

    Returns:
        the awards, and the value of all contracts (BT-161).

    Raises:
        SourceError: a value that cannot be read, or (SourceChanged) that no rule knows.
    """
    awards: list[Award] = []
    total = None
    for node in nodes:
        fields = take(node, _RESULT)
        get = fields.get
        total = money("BT-161", get("total", EMPTY)) or total
        chain = _Chain(pool=pool, converted=converted)
        for name, table, place in (
            ("tender", _TENDER, chain.tenders),
            ("contract", _CONTRACT, chain.contracts),
        ):
            for item in get(name, EMPTY):
                taken = take(item, table)
                place[plain(taken.get("id", EMPTY)) or ""] = taken
        for item in get("party", EMPTY):
            taken = take(item, _PARTY)
            chain.parties[plain(taken.get("id", EMPTY)) or ""] = taken.get("tenderer", [])
        results = get("lot_result", EMPTY)
        for item in results:
            awards += _of_lot(take(item, _LOT_RESULT), chain)
        if not results:
            awards += _without_results(chain)
    return tuple(awards), total


def _ids(nodes: Sequence[_Element]) -> list[str]:
    found: dict[str, None] = {}
    for node in nodes:
        one = plain(only(node, _REFERENCE))
        if one:
            found[one] = None
    return list(found)


def _lots(fields: Fields) -> list[str]:
    return [one for one in _ids(fields.get("lot", EMPTY)) if one != _NO_LOT]


def _of_lot(fields: Fields, chain: _Chain) -> Iterator[Award]:
    get = fields.get
    result = code("BT-142", get("code", EMPTY), code_lists.WINNER)
    lot = next(iter(_lots(fields)), None)
    received, count = _received(get("received", EMPTY))
    maximum, reason = None, None
    for node in get("values", EMPTY):
        maximum = money("BT-709", inside((node,), _VALUES))
    for node in get("decision", EMPTY):
        reason = code("BT-144", inside((node,), _DECISION))
    winning = [] if result in {"clos-nw", "open-nw"} else _winning(fields, lot, chain)
    for tender, contract in winning or [("", {})]:
        yield _award(
            tender,
            contract,
            chain,
            known=_new_award(
                lot=lot,
                result=result,
                reason=reason,
                framework_maximum=maximum,
                tenders_received=count,
                received=received,
            ),
        )


def _winning(fields: Fields, lot: str | None, chain: _Chain) -> list[tuple[str, Fields]]:
    """Return the winning tenders of a lot, each with its contract."""
    listed = _ids(fields.get("tender", EMPTY))
    named = [one for one in _ids(fields.get("contract", EMPTY)) if one in chain.contracts]

    def belongs(tender: str, *, otherwise: bool) -> bool:
        # A tender's own lot is right where it contradicts the list of the result.
        lots = _lots(chain.tenders.get(tender, {}))
        return lot in lots if lots and lot else tender in listed or otherwise

    def of_contracts(ids: Iterable[str], *, otherwise: bool) -> dict[str, Fields]:
        return {
            tender: chain.contracts[one]
            for one in ids
            for tender in _ids(chain.contracts[one].get("tender", EMPTY))
            if belongs(tender, otherwise=otherwise)
        }

    found = of_contracts(named, otherwise=True)
    if not found:
        found = of_contracts(chain.contracts, otherwise=False)
        if len(named) == 1:
            found = dict.fromkeys(found, chain.contracts[named[0]])
    if not found and (chain.converted or not chain.contracts):
        ranks = {one: plain(chain.tenders.get(one, {}).get("rank", EMPTY)) for one in listed}
        first = [one for one in listed if ranks[one] == "1"]
        found = dict.fromkeys(
            first or (listed if chain.converted or len(listed) == 1 else []),
            chain.contracts[named[0]] if len(named) == 1 else {},
        )
    return list(found.items())


def _without_results(chain: _Chain) -> Iterator[Award]:
    for contract in chain.contracts.values():
        for tender in _ids(contract.get("tender", EMPTY)):
            lot = next(iter(_lots(chain.tenders.get(tender, {}))), None)
            yield _award(tender, contract, chain, known=_new_award(lot=lot))


def _award(tender: str, contract: Fields, chain: _Chain, *, known: Award) -> Award:
    fields = chain.tenders.get(tender, {})
    get = contract.get
    value, subcontracted = None, None
    for node in fields.get("total", EMPTY):
        value = money("BT-720", only(node, _TOTAL))
    for node in fields.get("subcontracting", EMPTY):
        subcontracted = code("BT-773", inside((node,), _SUBCONTRACTING))
    return _new_award(
        lot=known.lot,
        result=known.result,
        reason=known.reason,
        winners=_winners(_ids(fields.get("party", EMPTY)), chain),
        value=value,
        framework_maximum=known.framework_maximum,
        tenders_received=known.tenders_received,
        received=known.received,
        concluded_on=day("BT-145", get("issued", EMPTY)),
        contract_title=text(get("title", EMPTY)).best() or None,
        contract_id=next(iter(_ids(get("reference", EMPTY))), None),
        in_framework=indicator("BT-768", get("framework", EMPTY)),
        tender_id=tender or None,
        subcontracted=subcontracted,
    )


def _winners(parties: Sequence[str], chain: _Chain) -> tuple[OrganisationRef, ...]:
    found: dict[str, OrganisationRef] = {}
    for party in parties:
        for node in chain.parties.get(party, EMPTY):
            get = take(node, _TENDERER).get
            identifier = plain(get("id", EMPTY)) or ""
            lead = indicator("OPT-300", get("lead", EMPTY)) is True
            organisation = chain.pool.get(identifier, lead=lead)
            if organisation is not None:
                found[identifier] = organisation
    return tuple(found.values())


def _received(nodes: Sequence[_Element]) -> tuple[tuple[tuple[str, int], ...], int | None]:
    """Return all counts (BT-760, BT-759), and that of tenders.

    Some systems write 0 under ``tenders`` and the number under electronic submissions.
    """
    found: list[tuple[str, int]] = []
    for node in nodes:
        fields = take(node, _RECEIVED)
        count = whole("BT-759", fields.get("number", EMPTY))
        if count is not None:
            found.append((code("BT-760", fields.get("code", EMPTY)) or "", count))
    counts = dict(reversed(found))
    tenders = counts.get("tenders") or counts.get("")
    if not tenders:
        of_tenders = [count for kind, count in found if kind != "part-req"]
        tenders = max(of_tenders, default=None)
    return tuple(found), tenders
