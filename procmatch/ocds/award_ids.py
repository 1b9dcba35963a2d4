"""Which award is which: the same one must have the same id in every notice that tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from procmatch.model.notice import Award, Notice, NoticeKind
from procmatch.text.normalise import fold

__all__ = ["award_ids", "release_id"]

#: Kind of notice -> kinds whose awards it speaks of again. A further result speaks of new ones: in
#: a framework or a purchasing system the same firm may win the same lot many times.
_AGAIN = {
    NoticeKind.RESULT: {NoticeKind.DIRECT_AWARD},
    NoticeKind.MODIFICATION: {
        NoticeKind.DIRECT_AWARD,
        NoticeKind.RESULT,
        NoticeKind.MODIFICATION,
    },
    NoticeKind.COMPLETION: {
        NoticeKind.DIRECT_AWARD,
        NoticeKind.RESULT,
        NoticeKind.MODIFICATION,
        NoticeKind.COMPLETION,
    },
}


def release_id(notice: Notice) -> str:
    """Return the id of a notice's release, as BT-758 of later notices prints it."""
    return f"{notice.notice_id}-{notice.version}"


def award_ids(notices: Sequence[Notice], roots: Mapping[str, str]) -> Mapping[tuple[str, int], str]:
    """Return (release id, position of the award in the notice) -> the id of the award.

    It is made of the first notice in the line of corrections, lot and tender: technical ids begin
    anew in each notice. Where another kind of notice told of the same lot and winners before, the
    id is that of the award told of then.

    Args:
        notices: those of a procedure, oldest first.
        roots: release id -> id of the first notice in its line of corrections.
    """
    found: dict[tuple[str, int], str] = {}
    chosen: dict[str, str] = {}
    before: dict[tuple[NoticeKind, str | None, frozenset[str]], str] = {}
    for notice in notices:
        taken: set[str] = set()
        for position, award in enumerate(notice.awards):
            own = _own(award, roots[release_id(notice)], taken)
            taken.add(own)
            winners = _winners(award)
            if own not in chosen:
                again = (
                    before.get((kind, award.lot, winners))
                    for kind in _AGAIN.get(notice.kind, ())
                    if winners
                )
                chosen[own] = next(filter(None, again), own)
            found[release_id(notice), position] = chosen[own]
            before.setdefault((notice.kind, award.lot, winners), chosen[own])
    return found


def _own(award: Award, root: str, taken: set[str]) -> str:
    name = "-".join(filter(None, (root, award.lot, award.tender_id)))
    count = 1
    unique = name
    while unique in taken:
        count += 1
        unique = f"{name}-{count}"
    return unique


def _winners(award: Award) -> frozenset[str]:
    return frozenset(winner.number or fold(winner.name) for winner in award.winners)
