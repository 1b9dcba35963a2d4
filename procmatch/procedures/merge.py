"""The merged state of one purchase, derived from its notices; nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from procmatch.model.notice import Award, Notice, NoticeKind
from procmatch.model.procedure import (
    Cancellation,
    Procedure,
    ProcedureState,
    Publication,
    Ref,
    Revision,
)
from procmatch.procedures.chain import AFTER_AWARD, COMPETITIVE, in_order, parents, twins
from procmatch.procedures.differences import between

__all__ = ["assemble", "identify"]

#: BT-142: nobody won and the lot is closed.
_CLOSED, _WON = "clos-nw", "selec-w"


@dataclass(frozen=True, slots=True)
class _Group:
    """One purchase, oldest first: copies at other sources apart."""

    members: Sequence[Publication]
    notices: Mapping[Ref, Notice]
    copies: Mapping[Ref, Ref]

    @property
    def masters(self) -> list[Publication]:
        return [one for one in self.members if one.ref not in self.copies]

    def of(self, kinds: Collection[NoticeKind]) -> list[Publication]:
        return [one for one in self.masters if one.kind in kinds]


def identify(members: Sequence[Publication], *, probable: Collection[Ref] = frozenset()) -> str:
    """Name the procedure after BT-04, in the oldest publication that prints a UUID there.

    Without one, after that oldest publication. What belongs by likeness only has no say.
    """
    ordered = in_order(members)
    certain = [one for one in ordered if one.ref not in probable] or ordered
    for one in certain:
        if one.procedure_uuid is not None:
            return one.procedure_uuid
    return f"{certain[0].ref.source}:{certain[0].ref.id}"


def _current(group: _Group) -> Publication:
    """Choose what holds today: the newest competition notice, as whole a one as there is."""
    for kinds in (COMPETITIVE, {NoticeKind.DIRECT_AWARD}, {NoticeKind.PLANNING}):
        fitting = group.of(kinds)
        whole = [one for one in fitting if group.notices[one.ref].lots]
        # The old form 99 tells a change in words; what it changes still says what is bought.
        full = [one for one in whole if one.kind is not NoticeKind.CHANGE]
        for choice in (full, whole, fitting):
            if choice:
                return choice[-1]
    return group.masters[-1]


def _revisions(group: _Group) -> Iterator[Revision]:
    stated = parents(group.members)
    before: Publication | None = None
    for one in group.masters:
        of = stated.get(one.ref)
        if of is None and one.kind in COMPETITIVE and before is not None:
            of = before.ref
        if one.kind in COMPETITIVE:
            before = one
        if of is None:
            continue
        notice = group.notices[one.ref]
        change = notice.changes
        yield Revision(
            by=one.ref,
            of=of,
            at=one.at,
            reason=change.reason if change else None,
            text=str(change.text or change.description) if change else "",
            differences=between(group.notices[of], notice),
            stated=one.ref in stated,
        )


def _outcomes(group: _Group) -> Iterator[tuple[Publication, Award]]:
    for one in group.of(AFTER_AWARD):
        for award in group.notices[one.ref].awards:
            yield one, award


def _closed_lots(group: _Group) -> tuple[str, ...]:
    """Return the lots whose newest word is that nobody won."""
    last: dict[str, bool] = {}
    for _, award in _outcomes(group):
        if award.lot and (award.winners or award.result in {_CLOSED, _WON}):
            last[award.lot] = not award.winners and award.result == _CLOSED
    return tuple(sorted(lot for lot, closed in last.items() if closed))


def _called_off_by_change(group: _Group) -> Cancellation | None:
    """Return the newest cancelling change, unless a later one announces the purchase anew."""
    competitive = [one for one in group.masters if one.kind not in AFTER_AWARD]
    if not competitive or not competitive[-1].cancels:
        return None
    last = competitive[-1]
    change = group.notices[last.ref].changes
    return Cancellation(
        how="change", by=last.ref, at=last.at, reason=change.reason if change else None
    )


def _called_off_by_result(group: _Group) -> Cancellation | None:
    outcomes = list(_outcomes(group))
    if any(award.winners or award.result == _WON for _, award in outcomes):
        return None
    closed = [(one, award) for one, award in outcomes if award.result == _CLOSED]
    lots = {lot.id for lot in group.notices[_current(group).ref].lots}
    told = {award.lot for _, award in closed}
    if not closed or not (None in told or lots <= told):
        return None
    one, award = closed[-1]
    return Cancellation(how="result", by=one.ref, at=one.at, reason=award.reason)


def _called_off_in_the_list(group: _Group) -> Cancellation | None:
    """The list speaks of each publication; one that was replaced has no say."""
    current = _current(group)
    return (
        Cancellation(how="listing", by=current.ref, at=None)
        if current.status == "CANCELLED"
        else None
    )


def _state(group: _Group, cancelled: Cancellation | None) -> ProcedureState:
    if cancelled:
        return ProcedureState.CANCELLED
    awarded = any(award.winners or award.result == _WON for _, award in _outcomes(group))
    after = group.of({NoticeKind.MODIFICATION, NoticeKind.COMPLETION})
    if awarded or after or _current(group).status == "AWARDED":
        return ProcedureState.AWARDED
    if group.of(COMPETITIVE):
        return ProcedureState.COMPETITION
    if group.of({NoticeKind.RESULT}):
        # A result that is still open, or names nobody, without its competition.
        return ProcedureState.AWARDED
    if group.of({NoticeKind.DIRECT_AWARD}):
        return ProcedureState.INTENDED
    return ProcedureState.PLANNED


def assemble(
    members: Sequence[Publication],
    notices: Mapping[Ref, Notice],
    *,
    probable: Collection[Ref] = frozenset(),
) -> Procedure:
    """Merge the publications of one purchase.

    Args:
        members: at least one publication; the order does not matter.
        notices: the notice of each of them.
        probable: those that belong by likeness only.
    """
    ordered = in_order(members)
    copies = twins(ordered)
    group = _Group(members=ordered, notices=notices, copies=copies)
    cancelled = (
        _called_off_by_change(group)
        or _called_off_by_result(group)
        or _called_off_in_the_list(group)
    )
    return Procedure(
        id=identify(ordered, probable=probable),
        state=_state(group, cancelled),
        current=_current(group).ref,
        publications=tuple(one.ref for one in ordered),
        twins=tuple(sorted(copies.items())),
        revisions=tuple(_revisions(group)),
        results=tuple(one.ref for one in group.of({NoticeKind.RESULT})),
        probable=tuple(sorted(probable)),
        cancelled=cancelled,
        closed_lots=_closed_lots(group),
    )
