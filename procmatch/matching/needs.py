"""A need told in words, before any tender exists: who could meet it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from procmatch.codes import Codes
from procmatch.codes.cpv import normalise
from procmatch.matching.lacking import lacking
from procmatch.matching.ranking import Ranking
from procmatch.matching.relevance.places import RADIUS_KM
from procmatch.matching.relevance.policy import DEFAULT_POLICY, RelevancePolicy
from procmatch.matching.relevance.suggest import CpvModel, suggest_cpv
from procmatch.matching.score import rank_lots
from procmatch.matching.suppliers import SupplierIndex
from procmatch.model.notice import Lot, Notice, NoticeKind
from procmatch.model.organisation import Supplier
from procmatch.model.values import Money, Place, Text
from procmatch.text.messages import Message

__all__ = ["NeedAnswer", "match_need"]

#: A certainty below this is no proposal to go by.
_SURE_ENOUGH = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedAnswer:
    """Who could meet a need.

    Attributes:
        matches: those who can bid first, then by score; said when they are looked at.
        cpv: the codes it was matched by; proposed ones with their certainty 0..1, given ones with
            None.
        lacking: what the need does not say.
    """

    matches: Ranking
    cpv: tuple[tuple[str, float | None], ...]
    lacking: tuple[Message, ...] = ()


def match_need(
    text: str,
    *,
    cpv: Sequence[str] = (),
    place: str | None = None,
    value: Decimal | None = None,
    suppliers: SupplierIndex | Sequence[Supplier],
    codes: Codes | None = None,
    policy: RelevancePolicy = DEFAULT_POLICY,
    now: datetime | None = None,
    radius_km: float = RADIUS_KM,
    limit: int | None = None,
    within_km: float | None = None,
    model: CpvModel | None = None,
) -> NeedAnswer:
    """Rank suppliers for a need told in words, before any tender exists.

    Args:
        text: what is needed.
        cpv: codes, if known; else they are proposed from the words.
        place: the municipality where it is needed, four digits.
        value: NOK a year excl. VAT, if known.
        suppliers: an index, or suppliers to build one of.
        codes: code lists; None means those of the index.
        policy: weights of the criteria.
        now: aware UTC; None means now.
        radius_km: how far a supplier normally travels.
        limit: how many at the most.
        within_km: who is known to work farther away stands beside the ranking; None ranks all.
        model: proposes codes; None means by words and labels alone.

    Raises:
        CodeError: one of ``cpv`` is not a CPV code.
    """
    given = [normalise(code) for code in cpv]
    proposed = [] if given else suggest_cpv(text, model=model)
    believed = [(code, certainty) for code, certainty in proposed if certainty >= _SURE_ENOUGH]
    used = given or [code for code, _ in believed]
    index = (
        suppliers
        if isinstance(suppliers, SupplierIndex)
        else SupplierIndex.build(suppliers, codes=codes)
    )
    notice, lot = _as_lot(text, used, place, value)
    (ranking,) = rank_lots(
        [(notice, lot, None)],
        index,
        codes=codes,
        policy=policy,
        now=now,
        radius_km=radius_km,
        limit=limit,
        within_km=within_km,
    )
    named: tuple[tuple[str, float | None], ...] = tuple((code, None) for code in given)
    return NeedAnswer(
        matches=ranking.first(limit),
        cpv=named or tuple(believed),
        lacking=lacking(notice, lot, codes=codes or index.codes),
    )


def _as_lot(
    text: str, cpv: Sequence[str], municipality: str | None, value: Decimal | None
) -> tuple[Notice, Lot]:
    """Return a need as the only lot of a plan."""
    title = Text(versions=(("NOR", text),)) if text.strip() else Text()
    lot = Lot(
        id="LOT-0000",
        title=title,
        cpv_main=cpv[0] if cpv else None,
        cpv_additional=tuple(cpv[1:]),
        places=(Place(municipality=municipality),) if municipality else (),
        value=Money(amount=value, currency="NOK") if value is not None else None,
    )
    notice = Notice(
        notice_id="need", version="01", kind=NoticeKind.PLANNING, title=title, lots=(lot,)
    )
    return notice, lot
