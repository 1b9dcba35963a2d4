"""The four criteria of the policy: points 0..1, the two values that met, and a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from procmatch.codes import Codes
from procmatch.matching.affinity import affinity
from procmatch.matching.need import Wanted
from procmatch.matching.place import Nearness, nearness, reach_km
from procmatch.matching.profile import Profile
from procmatch.matching.size import turnover_nok
from procmatch.model.match import Criterion
from procmatch.text.messages import Message

__all__ = ["ACCOUNTS", "STAFF", "WORK_TRAINING", "Judged", "can_carry", "judge"]

_NEUTRAL = 0.5
#: So much telling text in common is as good as certain (sum of weight x rarity).
_ENOUGH_TEXT = 12.0
_SHOWN_WORDS = 4
_POINTS_BY_RELATION = {"same": 1.0, "neighbour": 0.9, "near": 0.85}
#: Turnover a head, NOK: a plain guess for firms whose accounts are not known.
_NOK_PER_HEAD = 1_200_000
_HIDDEN_STAFF = 2.5
_MILLION = 1_000_000
_LEAST_TURNOVER = 100_000
#: Where a turnover comes from: known accounts, or a guess from the number of staff.
ACCOUNTS, STAFF = "regnskap", "antallAnsatte"
#: Work training and sheltered work (SN2025).
WORK_TRAINING = "88.993"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A pair's criteria, and what else the hurdles need: nearness, role, trade strength."""

    criteria: tuple[Criterion, ...]
    near: Nearness | None
    role: str
    radius_km: float


def _label(codes: Codes, kind: str, code: str) -> Message:
    """A code's label in each language that has one; nynorsk falls back on bokmål."""
    words = []
    for language in ("nb", "nn", "en"):
        if kind == "cpv":
            words.append((language, codes.cpv.label(code, language)))
        else:
            words.append((language, codes.industry.label("SN2025", code, language)))
    return Message(code, words=tuple((name, _lower(text)) for name, text in words if text))


def _lower(text: str) -> str:
    """Begin with a small letter, unless it is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _industry(wanted: Wanted, one: Profile, codes: Codes, weight: float) -> tuple[Criterion, str]:
    points, best_code, best_trade, role = 0.0, "", "", ""
    rest = 0.0
    for at, (code, share) in enumerate(wanted.cpv):
        found = affinity(code, one.trades)
        if at == 0:
            points, best_trade, role = found.strength, found.code, found.role
            best_code = code if found.strength else ""
        else:
            rest += share * found.strength
            if found.strength and not best_code:
                best_code, best_trade, role = code, found.code, found.role
    points = min(1.0, points + (1 - points) * min(1.0, rest) * 0.5)
    reserved = "res-ws" in wanted.lot.reserved
    if reserved and any(trade.startswith(WORK_TRAINING) for trade, _ in one.trades):
        points, role = max(points, 0.9), role or "service"
        best_trade = WORK_TRAINING
        best_code = best_code or (wanted.cpv[0][0] if wanted.cpv else "")
    if not wanted.cpv:
        reason = Message("The announcement names no CPV code, so the trade could not be compared.")
        points = _NEUTRAL
    elif not one.trades:
        reason = Message("The register names no trade for this supplier.")
    elif points:
        reason = Message(
            "Trade: {trade}. The lot is for {goods}.",
            (
                ("trade", _label(codes, "industry", best_trade)),
                ("goods", _label(codes, "cpv", best_code)),
            ),
        )
    else:
        reason = Message("The trade does not answer the lot's codes.")
    main = wanted.cpv[0][0] if wanted.cpv else ""
    criterion = Criterion(
        name="industry",
        points=points,
        weight=weight,
        lot_value=best_code or main,
        supplier_value=best_trade or (one.trades[0][0] if one.trades else ""),
        lot_source="BT-262",
        supplier_source="naeringskode",
        reason=reason,
    )
    return criterion, role


def _text(wanted: Wanted, one: Profile, rarity: Mapping[str, float], weight: float) -> Criterion:
    gains = {
        word: how * rarity.get(word, 0.0) for word, how in wanted.words.items() if word in one.words
    }
    total = sum(gains.values())
    points = 1 - math.exp(-2 * total / _ENOUGH_TEXT)
    telling = sorted((word for word in gains if gains[word]), key=lambda word: (-gains[word], word))
    # Whole words as the lot spells them: a stem ("skol") is no word to show to people.
    shown = list(dict.fromkeys(wanted.spelled[word] for word in telling))[:_SHOWN_WORDS]
    if shown:
        reason = Message(
            "What the supplier does and what the lot asks for share: {words}.",
            (("words", ", ".join(shown)),),
        )
    else:
        reason = Message("What the supplier says it does shares no telling word with the lot.")
    return Criterion(
        name="text",
        points=min(1.0, points),
        weight=weight,
        lot_value=", ".join(shown),
        supplier_value=", ".join(shown),
        lot_source="BT-21, BT-24",
        supplier_source="aktivitet, vedtektsfestetFormaal",
        reason=reason,
    )


def _place(
    wanted: Wanted, one: Profile, codes: Codes, radius_km: float, weight: float
) -> tuple[Criterion, Nearness | None]:
    near = nearness(wanted.municipalities, one.municipalities, codes.places)
    names = codes.places.municipalities

    def name(number: str) -> str:
        return names[number].name if number in names else number

    if near is None:
        points = _NEUTRAL
        if wanted.municipalities:
            reason = Message("Where the supplier works is not known.")
        else:
            reason = Message("The lot is not tied to a place.")
    else:
        points = _POINTS_BY_RELATION.get(near.relation, 0.0)
        if not points:
            distance = near.distance_km if near.distance_km is not None else radius_km
            points = 0.8 * max(0.0, 1 - distance / (2 * radius_km))
        reason = _place_reason(near, name)
    criterion = Criterion(
        name="place",
        points=points,
        weight=weight,
        lot_value=name(near.lot) if near else ", ".join(map(name, sorted(wanted.municipalities))),
        supplier_value=name(near.supplier) if near else ", ".join(map(name, one.municipalities)),
        lot_source=wanted.place_field,
        supplier_source="beliggenhetsadresse",
        reason=reason,
    )
    return criterion, near


def _place_reason(near: Nearness, name: object) -> Message:
    assert callable(name)
    town, own = str(name(near.lot)), str(name(near.supplier))
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


def can_carry(one: Profile) -> tuple[float | None, str]:
    """Return what a supplier turns over a year in NOK, and where that comes from.

    Known accounts, else a plain guess from the number of staff, else None.
    """
    known = turnover_nok(one.supplier)
    if known is not None:
        return float(known), ACCOUNTS
    unit = one.supplier.organisation
    staff = (
        unit.employees
        if unit.employees is not None
        else (_HIDDEN_STAFF if unit.has_employees else None)
    )
    return (None, "") if staff is None else (max(1.0, staff) * _NOK_PER_HEAD, STAFF)


def _millions(amount: float) -> float:
    return round(amount / _MILLION, 1)


def _capacity(wanted: Wanted, one: Profile, weight: float) -> Criterion:
    turnover, source = can_carry(one)
    if wanted.yearly is None or turnover is None:
        points = _NEUTRAL
        reason = Message("Value or capacity is not known, so they could not be compared.")
    else:
        # A firm that turned over nothing yet can carry little, not infinitely less.
        load = float(wanted.yearly) / max(turnover, _LEAST_TURNOVER)
        points = 1.0 if load <= _NEUTRAL else max(0.0, 1 - (load - _NEUTRAL) / 2.5)
        values = (
            ("value", _millions(float(wanted.yearly))),
            ("turnover", _millions(turnover)),
        )
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
    return Criterion(
        name="capacity",
        points=points,
        weight=weight,
        lot_value="" if wanted.yearly is None else f"{wanted.yearly:.0f} NOK/year",
        supplier_value="" if turnover is None else f"{turnover:.0f} NOK/year",
        lot_source="BT-27",
        supplier_source=source,
        reason=reason,
    )


def judge(
    wanted: Wanted,
    one: Profile,
    *,
    codes: Codes,
    rarity: Mapping[str, float],
    weights: Mapping[str, float],
    radius_km: float,
) -> Judged:
    """Return all criteria of one pair."""
    industry, role = _industry(wanted, one, codes, weights["industry"])
    reach = reach_km(role, radius_km)
    place, near = _place(wanted, one, codes, reach, weights["place"])
    return Judged(
        criteria=(
            industry,
            _text(wanted, one, rarity, weights["text"]),
            place,
            _capacity(wanted, one, weights["capacity"]),
        ),
        near=near,
        role=role,
        radius_km=reach,
    )
