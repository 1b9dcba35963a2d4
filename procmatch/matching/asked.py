"""Hurdles from what the buyer asks for: what a supplier is not known to have, and the ways out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from procmatch.matching.asked_turnover import turnover_hurdle
from procmatch.matching.asked_words import ASKED
from procmatch.matching.need import Wanted
from procmatch.matching.place import Nearness, by_road_km
from procmatch.matching.profile import Profile
from procmatch.matching.requirements import Requirement
from procmatch.matching.size import newest_accounts, staff_range
from procmatch.matching.ways_out import filled
from procmatch.model.match import Hurdle
from procmatch.model.organisation import Evidence
from procmatch.text.dates import day_said
from procmatch.text.messages import Message

__all__ = ["PROOFS", "SURE", "asked_hurdles", "proven"]

#: Evidence tied less surely than this is a possibility to be shown, not a proof.
SURE = 0.9
#: Younger than this a firm has no accounts or references of the usual three years.
_YOUNG_YEARS = 3
#: How far one gets in an hour on Norwegian roads, on the whole.
_KM_AN_HOUR = 60
_DAYS_A_YEAR = 365.25

_NOTHING: frozenset[str] = frozenset()
_ENVIRONMENT = frozenset({"eco_lighthouse", "iso_14001", "emas"})
#: What is asked for -> kinds of evidence, any of which shows it.
PROOFS = {
    "quality_certificate": frozenset({"iso_9001"}),
    "quality_system": frozenset({"iso_9001"}),
    "environment_certificate": _ENVIRONMENT,
    "environment_system": _ENVIRONMENT,
    "security_certificate": frozenset({"iso_27001"}),
    "information_security": frozenset({"iso_27001"}),
    "reserved": frozenset({"social_enterprise", "work_inclusion"}),
    "apprentices": frozenset({"apprenticeship"}),
    "cleaning_register": frozenset({"cleaning_register"}),
    "central_approval": frozenset({"central_approval"}),
}
#: Told by the words alone, these leave the verdict open; the others are work to be done.
_DECIDING = frozenset(
    ("daily_delivery", "guarantee", "reserved", "nationwide", "local_presence", "cleaning_register")
)
_GRADE = re.compile(r"\((\d)\)")


def _holding(wanted: Wanted, one: Profile) -> Iterator[Evidence]:
    today = wanted.now.date()
    for fact in one.supplier.evidence:
        begun = fact.valid_from is None or fact.valid_from <= today
        if fact.certainty >= SURE and begun and (fact.valid_to is None or fact.valid_to >= today):
            yield fact


def proven(wanted: Wanted, one: Profile) -> set[str]:
    """Return the kinds of evidence that hold today and are surely this supplier's."""
    if not one.supplier.evidence:
        return set()
    return {fact.kind for fact in _holding(wanted, one)}


def _plain(wanted: Wanted, asked: Requirement) -> Hurdle:
    """Return the hurdle of a requirement of which nothing more is known."""
    reason, way_out = ASKED[asked.kind]
    return Hurdle(
        kind=asked.kind,
        blocking=False,
        decides=asked.kind in _DECIDING,
        reason=reason,
        way_out=filled(way_out, wanted),
        source=asked.field,
    )


def _age(wanted: Wanted, one: Profile) -> float | None:
    """Return how many years ago the firm was founded or registered, the earlier of the two."""
    unit = one.supplier.organisation
    began = min(filter(None, (unit.founded_on, unit.registered_on)), default=None)
    return None if began is None else (wanted.now.date() - began).days / _DAYS_A_YEAR


def _years(wanted: Wanted, one: Profile, asked: Requirement, plain: Hurdle) -> Hurdle | None:
    needed, age = asked.figure("years"), _age(wanted, one)
    if needed is None:
        return plain
    if age is None:
        reason = Message(
            "A firm at least {years} years old is asked for; the register does not say when this "
            "one began.",
            (("years", needed),),
        )
        return replace(plain, reason=reason, decides=True)
    if age >= needed:
        return None
    unit = one.supplier.organisation
    began = min(filter(None, (unit.founded_on, unit.registered_on)))
    reason = Message(
        "A firm at least {years} years old is asked for; this one began on {day}.",
        (("years", needed), ("day", day_said(began))),
    )
    source = f"{plain.source}, stiftelsesdato"
    return replace(plain, reason=reason, decides=True, source=source)


def _references(wanted: Wanted, one: Profile, asked: Requirement, plain: Hurdle) -> Hurdle:
    deliveries, years = asked.figure("deliveries"), asked.figure("years")
    told = plain
    if deliveries and years:
        reason = Message(
            "{deliveries} comparable deliveries from the last {years} years are asked for.",
            (("deliveries", deliveries), ("years", years)),
        )
        told = replace(plain, reason=reason)
    elif years:
        reason = Message(
            "Comparable deliveries from the last {years} years are asked for.", (("years", years),)
        )
        told = replace(plain, reason=reason)
    age = _age(wanted, one)
    if age is None or age >= _YOUNG_YEARS:
        return told
    way_out = Message(
        "The firm is young: show what it has delivered since it began, and what its key staff "
        "delivered before; ask the buyer {when} whether that counts."
    )
    source = f"{plain.source}, stiftelsesdato"
    return replace(told, way_out=filled(way_out, wanted), source=source)


def _staffing(_wanted: Wanted, one: Profile, asked: Requirement, plain: Hurdle) -> Hurdle | None:
    needed = asked.figure("people")
    least, most = staff_range(one.supplier)
    if needed is None:
        return plain
    if least >= needed:
        return None
    values: tuple[tuple[str, str | int], ...] = (("people", needed),)
    source = f"{plain.source}, antallAnsatte"
    if most is None:
        reason = Message(
            "At least {people} employees are asked for; how many this firm has is not known.",
            values,
        )
        return replace(plain, reason=reason, decides=True, source=source)
    own = str(most) if least == most else f"{least}-{most}"
    reason = Message(
        "At least {people} employees are asked for; {own} are registered.",
        (*values, ("own", own)),
    )
    return replace(plain, reason=reason, decides=True, source=source)


def _equity(_wanted: Wanted, one: Profile, asked: Requirement, plain: Hurdle) -> Hurdle | None:
    needed, accounts = asked.figure("percent"), newest_accounts(one.supplier, group=False)
    if needed is None:
        return plain
    if accounts is None or accounts.equity is None or not accounts.balance:
        reason = Message(
            "An equity of at least {percent} percent is asked for; this firm's is not known.",
            (("percent", needed),),
        )
        return replace(plain, reason=reason)
    own = float(100 * accounts.equity / accounts.balance)
    if own >= needed:
        return None
    reason = Message(
        "An equity of at least {percent} percent is asked for; the accounts show {own} percent.",
        (("percent", needed), ("own", round(own))),
    )
    return replace(plain, reason=reason, decides=True, source=f"{plain.source}, regnskap")


def _central_approval(
    wanted: Wanted, one: Profile, asked: Requirement, plain: Hurdle
) -> Hurdle | None:
    """An approval that names its classes shows no higher one."""
    needed = asked.figure("class")
    held = [fact.text for fact in _holding(wanted, one) if fact.kind == "central_approval"]
    if not held:
        return plain
    highest = max((int(grade) for text in held for grade in _GRADE.findall(text)), default=None)
    if needed is None or highest is None or highest >= needed:
        return None
    reason = Message(
        "Central approval of class {asked} is asked for; the register shows class {own}.",
        (("asked", needed), ("own", highest)),
    )
    source = f"{plain.source}, sentral godkjenning"
    return replace(plain, reason=reason, decides=True, source=source)


_Rule = Callable[[Wanted, Profile, Requirement, Hurdle], Hurdle | None]
#: Requirements whose figures meet what is known of the supplier.
_RULES: Mapping[str, _Rule] = {
    "years_trading": _years,
    "references": _references,
    "staffing": _staffing,
    "equity": _equity,
    "central_approval": _central_approval,
}


def _nearby(asked: Requirement, near: Nearness | None, plain: Hurdle) -> Hurdle | None:
    """Compare how near somebody has to be with the supplier's nearest place of work.

    Minutes are taken for a drive at 60 km an hour. Municipalities are points here, so that what is
    told is "about".
    """
    minutes = asked.figure("minutes away")
    reach = asked.figure("km") or (minutes and round(minutes * _KM_AN_HOUR / 60))
    if not reach:
        answer = asked.figure("minutes")
        if asked.kind != "response_time" or answer is None:
            return plain
        reason = Message(
            "An answer or a delivery within {minutes} minutes is asked for.", (("minutes", answer),)
        )
        return replace(plain, reason=reason)
    away = by_road_km(near)
    values = (("reach", reach), ("own", 0 if away is None else round(away)))
    source = f"{plain.source}, beliggenhetsadresse"
    if away is None:
        reason = Message(
            "A place of work within about {reach} km is asked for; how far this firm has is not "
            "known.",
            values[:1],
        )
        return replace(plain, reason=reason, decides=True)
    if away <= reach:
        return None
    reason = Message(
        "A place of work within about {reach} km is asked for; the nearest is about {own} km away.",
        values,
    )
    return replace(plain, reason=reason, decides=True, source=source)


def asked_hurdles(wanted: Wanted, one: Profile, near: Nearness | None) -> Iterator[Hurdle]:
    """Yield what a lot asks for that the supplier is not known to have.

    Args:
        wanted: the lot.
        one: the supplier.
        near: its place of work nearest to where the lot is performed, if known.
    """
    if not wanted.requirements:
        return
    shown = proven(wanted, one)
    for asked in wanted.requirements:
        hurdle: Hurdle | None
        if asked.kind == "turnover":
            hurdle = turnover_hurdle(wanted, one, asked)
        elif asked.kind in _RULES:
            hurdle = _RULES[asked.kind](wanted, one, asked, _plain(wanted, asked))
        elif asked.kind in {"response_time", "local_presence"}:
            hurdle = _nearby(asked, near, _plain(wanted, asked))
        else:
            met = PROOFS.get(asked.kind, _NOTHING) & shown
            hurdle = None if met else _plain(wanted, asked)
        if hurdle:
            yield hurdle
