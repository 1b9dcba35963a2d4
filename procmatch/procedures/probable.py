"""The last resort: publications that name nothing in common and yet are surely one purchase.

Buyers' systems send results under a procedure id that no competition has, and old planning notices
twice without a link. What is put together here is flagged, and taken apart again when a
publication turns up that says better.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from rapidfuzz import fuzz

from procmatch.model.notice import NoticeKind
from procmatch.model.procedure import Publication, Ref
from procmatch.procedures.chain import AFTER_AWARD
from procmatch.text.folding import fold

__all__ = ["attach"]

_ALIKE = 95
#: token_set_ratio calls "Renhold" and "Renhold av skoler i Asker" the same; these are not.
_LENGTHS = 0.7
_SENT_TWICE = timedelta(days=3)
_LONGEST_WAIT = timedelta(days=3 * 365)
_DIGITS = re.compile(r"\d+")

Group = Sequence[Publication]


def _alike(first: str, second: str) -> bool:
    one, other = fold(first), fold(second)
    if not one or not other or sorted(_DIGITS.findall(one)) != sorted(_DIGITS.findall(other)):
        return False
    shorter, longer = sorted((len(one), len(other)))
    return shorter >= _LENGTHS * longer and fuzz.token_set_ratio(one, other) >= _ALIKE


def _same_purchase(one: Publication, other: Publication) -> bool:
    return (
        one.cpv_main is not None
        and one.cpv_main == other.cpv_main
        and not set(one.buyers).isdisjoint(other.buyers)
        and _alike(one.title, other.title)
    )


def _came_of(result: Publication, competition: Publication) -> bool:
    if result.at is None or competition.at is None or not _same_purchase(result, competition):
        return False
    begun = max(competition.at, competition.deadline or competition.at)
    return begun <= result.at <= competition.at + _LONGEST_WAIT


def _own_procedure(group: Group) -> bool:
    """Whether a member has a procedure id of the kind that eForms systems make."""
    return any(one.procedure_uuid for one in group)


def _sent_twice(group: Group, host: Group) -> bool:
    return any(
        one.kind == other.kind
        and one.ref.source == other.ref.source
        and one.at is not None
        and other.at is not None
        and abs(one.at - other.at) <= _SENT_TWICE
        and _same_purchase(one, other)
        for one in group
        for other in host
    )


def _kinds(group: Group) -> set[NoticeKind]:
    return {one.kind for one in group}


def attach(found: Sequence[Group]) -> dict[int, int]:
    """Return group -> the group it probably belongs to, as positions in ``found``.

    A result without a competition belongs to the newest competition without a result that the
    same buyer (by number) announced under the same main CPV and title, if its deadline had passed.
    Two notices of one kind, one buyer, CPV and title sent within three days are one purchase where
    at least one of them has no procedure id of its own.
    """
    hosts: dict[int, int] = {}
    competitions = [
        at
        for at, group in enumerate(found)
        if NoticeKind.COMPETITION in _kinds(group) and AFTER_AWARD.isdisjoint(_kinds(group))
    ]
    for at, group in enumerate(found):
        if not _kinds(group) <= AFTER_AWARD:
            continue
        fitting = [
            (max(one.at for one in found[host] if one.at), _first(found[host]), host)
            for host in competitions
            if any(_came_of(result, one) for result in group for one in _competitions(found[host]))
        ]
        if fitting:
            hosts[at] = max(fitting)[-1]
    by_age = sorted(range(len(found)), key=lambda at: _first(found[at]))
    for later, at in enumerate(by_age):
        if at in hosts:
            continue
        for host in by_age[:later]:
            both_own = _own_procedure(found[at]) and _own_procedure(found[host])
            if host not in hosts and not both_own and _sent_twice(found[at], found[host]):
                hosts[at] = host
                break
    return {at: _root(at, hosts) for at in hosts}


def _root(at: int, hosts: Mapping[int, int]) -> int:
    """Follow hosts that have hosts: of two that were sent twice, one may have a result."""
    while at in hosts:
        at = hosts[at]
    return at


def _competitions(group: Group) -> list[Publication]:
    return [one for one in group if one.kind is NoticeKind.COMPETITION]


def _first(group: Group) -> tuple[str, Ref]:
    return min((one.at.isoformat() if one.at else "", one.ref) for one in group)
