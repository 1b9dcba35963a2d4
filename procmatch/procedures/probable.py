"""The last resort: publications that name nothing in common and yet are surely one purchase.

Buyers' systems send results under a procedure id that no competition has, and old planning notices
twice without a link. What is put together here is flagged, and taken apart again when a
publication turns up that says better.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from datetime import timedelta

from rapidfuzz import fuzz

from procmatch.model.notice import NoticeKind
from procmatch.model.procedure import Publication, Ref
from procmatch.procedures.chain import AFTER_AWARD, COMPETITIVE
from procmatch.text.folding import fold

__all__ = ["attach"]

_ALIKE = 95
#: token_set_ratio calls "Renhold" and "Renhold av skoler i Asker" the same; these are not.
_LENGTHS = 0.7
_SENT_TWICE = timedelta(days=3)
_LONGEST_WAIT = timedelta(days=3 * 365)
_CORRECTED = {NoticeKind.COMPETITION, NoticeKind.PLANNING}
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


def _near(found: Sequence[Group]) -> list[list[int]]:
    """Return for each group the others of a buyer and main CPV that it has, as positions."""
    shelves: dict[tuple[str, str], set[int]] = {}
    shelf_of: list[set[tuple[str, str]]] = []
    for at, group in enumerate(found):
        pairs = {(one.cpv_main, buyer) for one in group if one.cpv_main for buyer in one.buyers}
        shelf_of.append(pairs)
        for pair in pairs:
            shelves.setdefault(pair, set()).add(at)
    return [
        sorted(set().union(*(shelves[pair] for pair in pairs)) - {at})
        for at, pairs in enumerate(shelf_of)
    ]


def _result_host(group: Group, near: Sequence[int], found: Sequence[Group]) -> int | None:
    fitting = [
        (
            AFTER_AWARD.isdisjoint(_kinds(found[host])),
            one.kind is NoticeKind.COMPETITION,
            one.at,
            one.ref,
            host,
        )
        for host in near
        for one in found[host]
        if one.kind in COMPETITIVE and any(_came_of(result, one) for result in group)
    ]
    return max(fitting)[-1] if fitting else None


def _lost_corrections(group: Group, named: Container[str]) -> list[Publication]:
    """Return what changes a publication that nobody is, unless BT-04 says where it belongs."""
    if any(one.keys.procedure for one in group):
        return []
    return [
        one for one in group if one.keys.refers and not any(key in named for key in one.keys.refers)
    ]


def _correction_host(
    corrections: Sequence[Publication], near: Sequence[int], found: Sequence[Group]
) -> int | None:
    fitting = [
        (one.at, one.ref, host)
        for host in near
        for one in found[host]
        for correction in corrections
        if one.kind in _CORRECTED
        and correction.kind in {one.kind, NoticeKind.CHANGE}
        and one.at
        and correction.at
        and one.at <= correction.at <= one.at + _LONGEST_WAIT
        and _same_purchase(correction, one)
    ]
    return max(fitting)[-1] if fitting else None


def attach(found: Sequence[Group]) -> dict[int, int]:
    """Return group -> the group it probably belongs to, as positions in ``found``.

    A result without a competition belongs to one that the same buyer (by number) announced under
    the same main CPV and title, if its deadline had passed: the newest without a result, else the
    newest. A correction that names a number nobody has belongs to the newest such notice before
    it. Two notices of one kind, one buyer, CPV and title sent within three days are one purchase
    where at least one of them has no procedure id of its own.
    """
    near = _near(found)
    hosts: dict[int, int] = {}
    named = {key for group in found for one in group for key in one.keys.own}
    for at, group in enumerate(found):
        if _kinds(group) <= AFTER_AWARD:
            host = _result_host(group, near[at], found)
        else:
            host = _correction_host(_lost_corrections(group, named), near[at], found)
        if host is not None:
            hosts[at] = host
    own = [_own_procedure(group) for group in found]
    age = {at: _first(group) for at, group in enumerate(found)}
    for at in sorted(age, key=age.__getitem__):
        if at in hosts:
            continue
        older = [
            host
            for host in near[at]
            if age[host] < age[at] and host not in hosts and not (own[at] and own[host])
        ]
        for host in sorted(older, key=age.__getitem__):
            if _sent_twice(found[at], found[host]):
                hosts[at] = host
                break
    return {at: _root(at, hosts) for at in hosts}


def _root(at: int, hosts: Mapping[int, int]) -> int:
    """Follow hosts that have hosts: of two that were sent twice, one may have a result."""
    while at in hosts:
        at = hosts[at]
    return at


def _first(group: Group) -> tuple[str, Ref]:
    return min((one.at.isoformat() if one.at else "", one.ref) for one in group)
