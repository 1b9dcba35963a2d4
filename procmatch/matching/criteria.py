"""The criteria of the policy said of one pair: points, the two values that met, a sentence.

Points come from the index, so that what is said and what ranked are one; here is looked up what
they rest on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from procmatch.codes import Codes
from procmatch.matching.capacity import ACCOUNTS, can_carry
from procmatch.matching.common import Shared
from procmatch.matching.judged import Judged
from procmatch.matching.need import Wanted
from procmatch.matching.place import Nearness
from procmatch.matching.profile import Profile
from procmatch.matching.relevance.arrays import Points
from procmatch.matching.relevance.places import NEUTRAL
from procmatch.matching.relevance.policy import RelevancePolicy
from procmatch.matching.relevance.trades import UNTOLD, WORK_TRAINING
from procmatch.model.match import Criterion
from procmatch.text.messages import Message

__all__ = ["columns_of", "criteria", "points_of", "total", "totals"]

_SHOWN_WORDS, _SHOWN_AWARDS = 4, 3
_MILLION = 1_000_000
#: Points are told apart in millionths.
_PARTS = 1e6
_NEWEST = "SN2025"
_TEXT = "BT-21, BT-24"
_OWN_TEXT = "navn, aktivitet, vedtektsfestetFormaal"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    wanted: Wanted
    one: Profile
    judged: Judged
    shared: Shared
    codes: Codes
    points: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What met, from which fields, as a sentence."""

    lot: str
    supplier: str
    lot_source: str
    supplier_source: str
    reason: Message


def points_of(wanted: Wanted, found: Mapping[str, float]) -> dict[str, float]:
    """Return points as they count: what the lot gives nothing to compare with is neutral."""
    points = {name: _rounded(min(1.0, max(0.0, one))) for name, one in found.items()}
    if not wanted.names_trade:
        points["trade"] = NEUTRAL
    return points


def columns_of(wanted: Wanted, found: Mapping[str, Sequence[float]]) -> dict[str, Points]:
    """Return the same, bit for bit, of many suppliers: criterion -> by supplier (float64)."""
    columns = {name: _all_rounded(np.clip(column, 0.0, 1.0)) for name, column in found.items()}
    if not wanted.names_trade:
        columns["trade"] = np.full_like(columns["trade"], NEUTRAL)
    return columns


def _rounded(one: float) -> float:
    """Round as NumPy does, so that one and many are rounded alike."""
    return round(one * _PARTS) / _PARTS


def _all_rounded(every: Points) -> Points:
    return np.asarray(np.rint(every * _PARTS) / _PARTS)


def total(points: Mapping[str, float], policy: RelevancePolicy) -> float:
    """Return the score: the mean of the points by the policy's weights."""
    found = 0.0
    for name, share in policy.shares.items():
        if share and name in points:
            found += share * points[name]
    return _rounded(min(1.0, found))


def totals(columns: Mapping[str, Points], policy: RelevancePolicy) -> list[float]:
    """Return the same, bit for bit, of many suppliers."""
    found = np.zeros(len(next(iter(columns.values()))))
    for name, share in policy.shares.items():
        if share and name in columns:
            found += share * columns[name]
    scores: list[float] = _all_rounded(np.minimum(1.0, found)).tolist()
    return scores


def criteria(
    wanted: Wanted,
    one: Profile,
    judged: Judged,
    *,
    shared: Shared,
    codes: Codes,
    points: Mapping[str, float],
    policy: RelevancePolicy,
) -> tuple[Criterion, ...]:
    """Return all criteria of a pair that count, in the order of the policy."""
    pair = _Pair(wanted=wanted, one=one, judged=judged, shared=shared, codes=codes, points=points)
    found, shares = [], policy.shares
    for row in policy.rows:
        if not row.weight or not (row.name in _SAY or row.name in points):
            continue
        said = _SAY[row.name](pair) if row.name in _SAY else _past(row.name, pair)
        found.append(
            Criterion(
                name=row.name,
                points=points.get(row.name, 0.0),
                weight=shares[row.name],
                lot_value=said.lot,
                supplier_value=said.supplier,
                lot_source=said.lot_source,
                supplier_source=said.supplier_source,
                reason=said.reason,
            )
        )
    return tuple(found)


def _cpv(codes: Codes, code: str) -> Message:
    words = ((language, codes.cpv.label(code, language)) for language in ("nb", "nn", "en"))
    return Message(code, words=tuple((name, _lower(text)) for name, text in words if text))


def _industry(codes: Codes, code: str) -> Message:
    words = (
        (language, codes.industry.label(_NEWEST, code, language)) for language in ("nb", "nn", "en")
    )
    return Message(code, words=tuple((name, _lower(text)) for name, text in words if text))


def _lower(text: str) -> str:
    """Begin with a small letter, unless it is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _trade(pair: _Pair) -> _Said:
    wanted, own, answer = pair.wanted, pair.one.trades, pair.judged.answer
    main = wanted.need.cpv[0] if wanted.need.cpv else ""
    code, trade = pair.judged.code or main, answer.code
    named = [name for name, _ in own if pair.codes.industry.label(_NEWEST, name)]
    shown = trade or next(iter((*named, *(name for name, _ in own))), "")
    if not wanted.need.cpv and not trade:
        reason = Message("The announcement names no CPV code, so the trade could not be compared.")
    elif main and not trade and not pair.codes.cpv.label(main):
        reason = Message(
            "The CPV code {code} is not known, so the trade could not be compared.",
            (("code", main),),
        )
        code = ""
    elif all(name.startswith(UNTOLD) for name, _ in own):
        reason = Message("The register names no trade for this supplier.")
        shown = ""
    elif pair.judged.code:
        reason = Message(
            "Trade: {trade}. The lot is for {goods}.",
            (("trade", _industry(pair.codes, trade)), ("goods", _cpv(pair.codes, code))),
        )
    elif trade.startswith(WORK_TRAINING):
        reason = Message(
            "Trade: {trade}. The lot is reserved for such firms.",
            (("trade", _industry(pair.codes, trade)),),
        )
    elif named:
        reason = _silent(pair.codes, shown)
    else:
        reason = Message(
            "The industry code {code} is not known, so the trade could not be compared.",
            (("code", shown),),
        )
        shown = ""
    reserved = not pair.judged.code and bool(trade)
    return _Said(
        lot="res-ws" if reserved else code,
        supplier=shown,
        lot_source="BT-71" if reserved else "BT-262",
        supplier_source="naeringskode",
        reason=reason,
    )


def _silent(codes: Codes, trade: str) -> Message:
    """Say that a trade does not answer; a code that is in no list is what stands above it there."""
    if codes.industry.knows(_NEWEST, trade):
        return Message("The trade does not answer the lot's codes.")
    return Message(
        "The industry code {code} is not known; what stands above it, {trade}, does not answer the "
        "lot's codes.",
        (("code", trade), ("trade", _industry(codes, trade))),
    )


def _branch(pair: _Pair) -> _Said:
    code, words = pair.shared.branch
    if code:
        reason = Message(
            "What the supplier says it does belongs to {goods}: {words}.",
            (("goods", _cpv(pair.codes, code)), ("words", ", ".join(words[:_SHOWN_WORDS]))),
        )
    else:
        reason = Message("What the supplier says it does names another branch, or none.")
    return _Said(
        lot=code,
        supplier=", ".join(words[:_SHOWN_WORDS]),
        lot_source=f"BT-262, {_TEXT}",
        supplier_source=_OWN_TEXT,
        reason=reason,
    )


def _words(pair: _Pair) -> _Said:
    shown = pair.shared.words[:_SHOWN_WORDS]
    if not pair.wanted.need.title and not pair.wanted.need.text:
        reason = Message("The announcement has no text, so words could not be compared.")
    elif shown:
        reason = Message(
            "What the supplier does and what the lot asks for share: {words}.",
            (("words", ", ".join(shown)),),
        )
    else:
        reason = Message("What the supplier says it does shares no telling word with the lot.")
    return _Said(
        lot=", ".join(shown),
        supplier=", ".join(pair.shared.own_words[:_SHOWN_WORDS]),
        lot_source=_TEXT,
        supplier_source=_OWN_TEXT,
        reason=reason,
    )


def _subwords(pair: _Pair) -> _Said:
    alike = pair.shared.alike[:_SHOWN_WORDS]
    if not pair.wanted.need.title and not pair.wanted.need.text:
        reason = Message("The announcement has no text, so words could not be compared.")
    elif alike:
        pairs = (asked if asked == own else f"{asked} ~ {own}" for asked, own in alike)
        reason = Message(
            "Words of the lot and of the supplier that are alike: {pairs}.",
            (("pairs", ", ".join(pairs)),),
        )
    else:
        reason = Message("No words of the lot and of the supplier are alike.")
    return _Said(
        lot=", ".join(asked for asked, _ in alike),
        supplier=", ".join(own for _, own in alike),
        lot_source=_TEXT,
        supplier_source=_OWN_TEXT,
        reason=reason,
    )


def _place(pair: _Pair) -> _Said:
    wanted, one, near = pair.wanted, pair.one, pair.judged.near
    names = pair.codes.places.municipalities

    def name(number: str) -> str:
        return names[number].name if number in names else number

    if near is not None:
        reason = _place_reason(near, name)
    elif wanted.municipalities:
        reason = Message("Where the supplier works is not known.")
    else:
        reason = Message("The lot is not tied to a place.")
    return _Said(
        lot=name(near.lot) if near else ", ".join(map(name, sorted(wanted.municipalities))),
        supplier=name(near.supplier) if near else ", ".join(map(name, one.municipalities)),
        lot_source=wanted.place_field,
        supplier_source="beliggenhetsadresse",
        reason=reason,
    )


def _place_reason(near: Nearness, name: Callable[[str], str]) -> Message:
    town, own = name(near.lot), name(near.supplier)
    if near.relation == "same":
        return Message("Works in {town}, where the contract is performed.", (("town", own),))
    if near.relation == "neighbour":
        return Message("Works in {own}, next to {town}.", (("own", own), ("town", town)))
    if near.distance_km is None:
        return Message("Works in {own}; the contract is in {town}.", (("own", own), ("town", town)))
    return Message(
        "Works in {own}, about {km} km from {town}.",
        (("own", own), ("km", round(near.distance_km)), ("town", town)),
    )


def _capacity(pair: _Pair) -> _Said:
    yearly = pair.wanted.yearly
    turnover, source = can_carry(pair.one)
    if yearly is None or turnover is None:
        reason = Message("Value or capacity is not known, so they could not be compared.")
    else:
        values = (("value", _millions(float(yearly))), ("turnover", _millions(turnover)))
        if source == ACCOUNTS:
            reason = Message(
                "The lot is worth {value} million kroner a year; the supplier turns over about "
                "{turnover} million.",
                values,
            )
        else:
            reason = Message(
                "The lot is worth {value} million kroner a year; accounts are not known, but going "
                "by its staff the supplier may turn over {turnover} million.",
                values,
            )
    return _Said(
        lot="" if yearly is None else f"{yearly:.0f} NOK/year",
        supplier="" if turnover is None else f"{turnover:.0f} NOK/year",
        lot_source="BT-27",
        supplier_source=source,
        reason=reason,
    )


def _millions(amount: float) -> float:
    return round(amount / _MILLION, 1)


#: What each criterion that looks at past awards says when it speaks.
_PAST = {
    "neighbours": Message("Has won a contract like this one before."),
    "series": Message("Has won in this buyer's series of contracts."),
    "buyer": Message("This buyer has chosen the supplier before."),
    "wins": Message("Has won in this branch before."),
}
_NO_PAST = Message("No past award speaks for the supplier here.")


def _past(name: str, pair: _Pair) -> _Said:
    speaks = pair.points[name] > 0
    return _Said(
        lot=", ".join(pair.wanted.need.cpv[:1]) if speaks else "",
        supplier=", ".join(pair.one.supplier.past_awards[-_SHOWN_AWARDS:]),
        lot_source="BT-262, BT-21",
        supplier_source="OPT-320",
        reason=_PAST[name] if speaks else _NO_PAST,
    )


_SAY: Mapping[str, Callable[[_Pair], _Said]] = {
    "trade": _trade,
    "branch": _branch,
    "words": _words,
    "subwords": _subwords,
    "place": _place,
    "capacity": _capacity,
}
