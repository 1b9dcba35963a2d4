"""What each requirement of a lot does to the firms nearby that otherwise fit: leave one out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from procmatch.insight.bidders import Field, Standing
from procmatch.insight.naming import kind_named
from procmatch.insight.proportion import Proportion, proportion
from procmatch.matching.need import Wanted
from procmatch.matching.requirements import Requirement
from procmatch.model.match import Hurdle
from procmatch.model.notice import Lot
from procmatch.text.messages import Message

__all__ = ["UNREAD", "Effect", "LotHurdles", "hurdles_of", "is_unread"]

UNREAD = Message(
    "The criteria, or some of them, are in documents that cannot be read here: there may be more "
    "hurdles than are shown."
)
#: What firms lack that no requirement asks for.
_NO_FIT = frozenset(("goods", "reach", "status", "not_a_supplier"))
#: Of the lot itself: how large it is, and for whom.
_OF_THE_LOT = ("capacity", "reserved")
_IN_DOCUMENTS = "epo-procurement-document"
_REFERS = re.compile(
    r"konkurransegrunnlag|konkurransedokument|tilbudsdokument|procurement documents|"
    r"(?:se|sjå|jf\.?|i henhold til)\s+(?:eget\s+)?(?:vedlegg|dokument)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one requirement does.

    Attributes:
        kind: as in :class:`~procmatch.model.match.Hurdle`. said: as a sentence.
        requirement: as read from the lot; None for its size or its being reserved.
        stopped: firms of which it is known that they do not meet it.
        left_open: firms that may not meet it; what is known does not decide.
        to_show: firms that have to show something, and nothing is known against them.
        alone, alone_small: firms that nothing else stops or leaves open; without this requirement
            they could bid by all that is known.
        proportion: what is to be said of it, None for nothing.
    """

    kind: str
    said: Message
    requirement: Requirement | None
    stopped: int
    left_open: int
    to_show: int
    alone: int
    alone_small: int
    proportion: Proportion | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LotHurdles:
    """The requirements of a lot, those that keep most firms out first.

    Attributes:
        lot: which. fitting, fitting_small: firms whose trades answer all of it and that are near
            enough. free, free_small: those of them that nothing known stops or leaves open.
        effects: one for each requirement.
        unread: the criteria are, in part, in documents that cannot be read here.
        at_least: more firms may exist than were looked at.
    """

    lot: Lot
    fitting: int
    fitting_small: int
    free: int
    free_small: int
    effects: tuple[Effect, ...]
    unread: bool
    at_least: bool


def is_unread(lot: Lot) -> bool:
    """Tell whether a lot leaves its criteria, or some of them, to documents.

    It does where it names none, or says so by code (BT-821) or in words.
    """
    criteria = lot.selection_criteria
    return not criteria or any(
        one.source == _IN_DOCUMENTS or _REFERS.search(f"{one.name} {one.description}")
        for one in criteria
    )


def _weighs(hurdle: Hurdle) -> bool:
    return hurdle.blocking or hurdle.decides


def hurdles_of(wanted: Wanted, field: Field) -> LotHurdles:
    """Return what each requirement of a lot does.

    Args:
        wanted: the lot, prepared.
        field: the firms that are looked at.
    """
    stood = field.stand(wanted)
    fit = [one for one in stood if one.reached and not _NO_FIT & {own.kind for own in one.lacks}]
    asked: list[tuple[str, Requirement | None]] = [
        (one.kind, one) for one in wanted.requirements if one.kind != "reserved"
    ]
    met = {hurdle.kind for one in fit for hurdle in one.hurdles}
    asked += [(kind, None) for kind in _OF_THE_LOT if kind in met]
    effects = [_effect(wanted, kind, requirement, fit) for kind, requirement in asked]
    free = [one for one in fit if not any(map(_weighs, one.hurdles))]
    return LotHurdles(
        lot=wanted.lot,
        fitting=len(fit),
        fitting_small=_small(fit),
        free=len(free),
        free_small=_small(free),
        effects=tuple(sorted(effects, key=_most)),
        unread=is_unread(wanted.lot),
        at_least=2 * len(fit) >= field.looked_at,
    )


def _most(one: Effect) -> tuple[int, int, int, int]:
    return -one.alone, -one.stopped, -one.left_open, -one.to_show


def _small(some: Iterable[Standing]) -> int:
    return sum(one.small is True for one in some)


def _effect(
    wanted: Wanted, kind: str, requirement: Requirement | None, fit: Sequence[Standing]
) -> Effect:
    met = [[own for own in one.hurdles if own.kind == kind] for one in fit]
    alone = [
        one
        for one, own in zip(fit, met, strict=True)
        if any(map(_weighs, own)) and all(h.kind == kind for h in one.hurdles if _weighs(h))
    ]
    stopped = sum(any(one.blocking for one in own) for own in met)
    weighing = sum(any(map(_weighs, own)) for own in met)
    return Effect(
        kind=kind,
        said=kind_named(kind),
        requirement=requirement,
        stopped=stopped,
        left_open=weighing - stopped,
        to_show=sum(map(bool, met)) - weighing,
        alone=len(alone),
        alone_small=_small(alone),
        proportion=proportion(wanted, requirement) if requirement else None,
    )
