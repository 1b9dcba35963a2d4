"""Publications into purchases, by the names they share; and which one follows which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from procmatch.model.notice import NoticeKind
from procmatch.model.procedure import Publication, Ref
from procmatch.model.references import parse

__all__ = ["AFTER_AWARD", "COMPETITIVE", "groups", "in_order", "parents", "twins"]

#: Kinds that speak of what came of a competition.
AFTER_AWARD = frozenset({NoticeKind.RESULT, NoticeKind.MODIFICATION, NoticeKind.COMPLETION})
#: Kinds that say what a competition is about; form 99 says what changed in one.
COMPETITIVE = frozenset({NoticeKind.COMPETITION, NoticeKind.CHANGE})

_LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
#: Whose copy of a notice is the one to read: Doffin has the Norwegian text and all criteria.
_MASTERS = {"doffin": 0, "ted": 1}


def groups(publications: Iterable[Publication]) -> list[list[Publication]]:
    """Return the purchases: publications that share a key, directly or through others.

    What a result builds on joins it to a competition; a planning notice stays a purchase of its
    own, because one may be followed by many competitions. The order of the input does not matter.
    """
    ordered = sorted(publications, key=lambda one: one.ref)
    leader: dict[str, str] = {}

    def find(key: str) -> str:
        root = key
        while leader.setdefault(root, root) != root:
            root = leader[root]
        while leader[key] != root:
            leader[key], key = root, leader[key]
        return root

    competitions = {
        key
        for one in ordered
        if one.kind in COMPETITIVE
        for key in one.keys.own | one.keys.procedure
    }
    for one in ordered:
        keys = {*one.keys.own, *one.keys.procedure, *one.keys.refers}
        if one.kind in AFTER_AWARD:
            keys |= one.keys.builds_on & competitions
        first, *others = sorted(keys)
        for key in others:
            leader[find(key)] = find(first)
    found: dict[str, list[Publication]] = {}
    for one in ordered:
        found.setdefault(find(min(one.keys.own)), []).append(one)
    return list(found.values())


def _time(one: Publication) -> datetime:
    return one.at or _LONG_AGO


def _master_first(one: Publication) -> tuple[int, Ref]:
    return (_MASTERS.get(one.ref.source, len(_MASTERS)), one.ref)


def twins(group: Sequence[Publication]) -> dict[Ref, Ref]:
    """Return copy -> master for notices (same id and version) that several sources publish."""
    states: dict[tuple[str, str], list[Publication]] = {}
    for one in sorted(group, key=_master_first):
        states.setdefault((one.notice_id.lower(), one.version), []).append(one)
    return {
        one.ref: same[0].ref
        for same in states.values()
        for one in same[1:]
        if one.ref.source != same[0].ref.source
    }


def _named(
    one: Publication, group: Sequence[Publication], copies: Mapping[Ref, Ref]
) -> list[Publication]:
    """Return the publications that ``one`` says it changes."""
    mine = {one.ref, copies.get(one.ref, one.ref)}
    others = [
        other
        for other in group
        if other.ref not in mine
        and copies.get(other.ref, other.ref) not in mine
        and other.keys.own & one.keys.refers
    ]
    stated = parse(one.changes or "")
    if stated is None or stated.version is None:
        return others
    exact = [other for other in others if other.version == stated.version]
    # What is named may never have been collected; a later version of it is not what was meant.
    return exact or [other for other in others if other.version < stated.version]


def _earlier_versions(one: Publication, group: Sequence[Publication]) -> list[Publication]:
    return [
        other
        for other in group
        if other.notice_id.lower() == one.notice_id.lower() and other.version < one.version
    ]


def parents(group: Sequence[Publication]) -> dict[Ref, Ref]:
    """Return later -> earlier publication, as far as the publications themselves say.

    By the stated reference first, on its version if there is such a one; else an earlier version
    under the same notice UUID. Of several, the newest that is not later than the child. Copies at
    another source are left out.
    """
    copies = twins(group)
    found: dict[Ref, Ref] = {}
    for one in sorted(group, key=lambda each: (_time(each), each.ref)):
        if one.ref in copies:
            continue
        candidates = [
            other
            for other in _named(one, group, copies) or _earlier_versions(one, group)
            if copies.get(other.ref, other.ref) == other.ref or copies[other.ref] != one.ref
        ]
        not_later = [other for other in candidates if _time(other) <= _time(one)]
        for other in sorted(
            not_later or candidates, key=lambda each: (_time(each), each.version, each.ref)
        )[::-1]:
            master = copies.get(other.ref, other.ref)
            if not _leads_to(master, one.ref, found):
                found[one.ref] = master
                break
    return found


def _leads_to(start: Ref, end: Ref, found: Mapping[Ref, Ref]) -> bool:
    at: Ref | None = start
    while at is not None:
        if at == end:
            return True
        at = found.get(at)
    return False


def in_order(group: Sequence[Publication]) -> list[Publication]:
    """Return the group oldest first; what changes a publication comes after it, whatever the clock.

    Ties: the lower version, then the master's copy first.
    """
    above = parents(group)
    by_ref = {one.ref: one for one in group}
    times: dict[Ref, datetime] = {}

    def settled(ref: Ref) -> datetime:
        chain = [ref]
        while chain[-1] not in times and chain[-1] in above:
            chain.append(above[chain[-1]])
        for each in reversed(chain):
            if each in times:
                continue
            own = _time(by_ref[each])
            parent = times.get(above[each]) if each in above else None
            late = parent is not None and own <= parent
            times[each] = parent + timedelta(microseconds=1) if late and parent else own
        return times[ref]

    copies = twins(group)
    return sorted(
        group,
        key=lambda one: (
            settled(copies.get(one.ref, one.ref)),
            one.version,
            _master_first(one),
        ),
    )
