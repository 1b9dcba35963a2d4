"""What a purchase looks like when it is divided otherwise: pure changes of a notice's lots.

Nothing is made easier than the buyer's own words make it: every part keeps the requirements of the
lot that it comes from. What a division changes is value, goods and place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from procmatch.codes import Codes
from procmatch.insight.goods import goods_of
from procmatch.model.notice import Lot, Notice
from procmatch.model.values import Money, Place, Text

__all__ = ["Division", "Way", "divide", "in_one", "ways_for"]

_LEAST_PARTS, _MOST_PARTS = 2, 30
_RESERVED = "res-ws"


class Way(StrEnum):
    """How a lot is divided."""

    #: By product group: one part for each group of CPV codes.
    PRODUCT = "product"
    #: By place of performance: one part for each.
    PLACE = "place"
    #: By unit of the buyer that is delivered to.
    UNIT = "unit"
    #: Into equal parts by value.
    VALUE = "value"
    #: Into terms that follow each other.
    TIME = "time"
    #: One part set aside for firms that include people outside working life.
    RESERVED = "reserved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A way of dividing, with what it needs.

    Attributes:
        way: how. parts: into how many, for VALUE and TIME.
        share: of the value that the reserved part gets, for RESERVED, above 0 and below 1.
        units: (name, municipality) of each, for UNIT.
    """

    way: Way
    parts: int = 2
    share: float = 0.2
    units: tuple[tuple[str, str | None], ...] = ()


def _money(money: Money | None, share: Decimal) -> Money | None:
    return money and Money(
        amount=(money.amount * share).quantize(Decimal(1)), currency=money.currency
    )


def _part(lot: Lot, number: int, share: Decimal, name: str, **changes: object) -> Lot:
    """Return one part of a lot; its title says what it is."""
    title = f"{lot.title}: {name}" if name else str(lot.title)
    return replace(
        lot,
        id=f"{lot.id}-{number:02d}",
        title=Text(versions=(("NOR", title),)),
        value=_money(lot.value, share),
        framework_maximum=_money(lot.framework_maximum, share),
        **changes,  # type: ignore[arg-type]
    )


def _by_product(lot: Lot, codes: Codes) -> list[Lot]:
    """Return a part for each group (four digits) of the lot's codes; labels name them."""
    groups = goods_of(lot.cpv)
    share = Decimal(1) / max(1, len(groups))
    return [
        _part(
            lot,
            at,
            share,
            codes.cpv.label(some[0], "nb"),
            cpv_main=some[0],
            cpv_additional=tuple(some[1:]),
            # What the whole says of all its goods would make every part ask for all of them.
            description=Text(),
        )
        for at, some in enumerate(groups, start=1)
    ]


def _by_place(lot: Lot, codes: Codes) -> list[Lot]:
    share = Decimal(1) / max(1, len(lot.places))
    return [
        _part(lot, at, share, _place_name(place, codes), places=(place,))
        for at, place in enumerate(lot.places, start=1)
    ]


def _place_name(place: Place, codes: Codes) -> str:
    known = codes.places.municipality(place.municipality) if place.municipality else None
    return known.name if known else place.city or place.postcode or place.nuts or ""


def _by_unit(lot: Lot, units: Sequence[tuple[str, str | None]]) -> list[Lot]:
    share = Decimal(1) / max(1, len(units))
    return [
        _part(
            lot,
            at,
            share,
            name,
            places=(Place(municipality=municipality),) if municipality else lot.places,
        )
        for at, (name, municipality) in enumerate(units, start=1)
    ]


def _by_time(lot: Lot, parts: int) -> list[Lot]:
    """Return terms one after the other; the value a year stays, so a term costs its share."""
    term = lot.term
    if term is None or not term.length:
        return []
    short = replace(term, length=term.length / parts, start=None, end=None)
    return [
        _part(lot, at, Decimal(1) / parts, f"{at}/{parts}", term=short)
        for at in range(1, parts + 1)
    ]


def _reserved(lot: Lot, share: float) -> list[Lot]:
    own = Decimal(str(share))
    return [
        _part(lot, 1, 1 - own, ""),
        _part(lot, 2, own, "", reserved=tuple(dict.fromkeys((*lot.reserved, _RESERVED)))),
    ]


def ways_for(lot: Lot, codes: Codes) -> list[Way]:
    """Return the ways in which a lot can be divided by what it says itself."""
    found = [
        way
        for way in (Way.PRODUCT, Way.PLACE)
        if len(divide(lot, Division(way=way), codes)) >= _LEAST_PARTS
    ]
    found.append(Way.VALUE)
    if lot.term and lot.term.length:
        found.append(Way.TIME)
    if _RESERVED not in lot.reserved:
        found.append(Way.RESERVED)
    return found


def divide(lot: Lot, division: Division, codes: Codes) -> list[Lot]:
    """Return the parts of a lot; the lot itself where it cannot be divided that way.

    Values are shared evenly, since nothing says how they fall; the parts keep the requirements.

    Args:
        lot: as announced.
        division: how.
        codes: names of goods and places.

    Raises:
        ValueError: too few or too many parts, or a share outside 0..1.
    """
    if not _LEAST_PARTS <= division.parts <= _MOST_PARTS or len(division.units) > _MOST_PARTS:
        raise ValueError(f"parts: {division.parts}; from {_LEAST_PARTS} to {_MOST_PARTS}")
    if not 0 < division.share < 1:
        raise ValueError(f"share: {division.share}; above 0 and below 1")
    share = Decimal(1) / division.parts
    made: dict[Way, Callable[[], list[Lot]]] = {
        Way.PRODUCT: lambda: _by_product(lot, codes),
        Way.PLACE: lambda: _by_place(lot, codes),
        Way.UNIT: lambda: _by_unit(lot, division.units),
        Way.VALUE: lambda: [
            _part(lot, at, share, f"{at}/{division.parts}") for at in range(1, division.parts + 1)
        ],
        Way.TIME: lambda: _by_time(lot, division.parts),
        Way.RESERVED: lambda: _reserved(lot, division.share),
    }
    parts = made[division.way]()
    return parts if len(parts) >= _LEAST_PARTS else [lot]


def in_one(notice: Notice) -> Lot:
    """Return all lots of a notice as one: all goods, places and requirements, values added up.

    A reservation stays only where every lot has it. The earliest deadline and the longest term
    hold. A value is known only where every lot's is, or the notice's own.
    """
    lots = notice.lots
    first = lots[0]
    values = [lot.value for lot in lots]
    total = notice.value
    if total is None and all(values) and len({money.currency for money in values if money}) == 1:
        amounts = [money.amount for money in values if money]
        total = Money(amount=sum(amounts, Decimal(0)), currency=(values[0] or first.value).currency)  # type: ignore[union-attr]
    cpv = tuple(
        dict.fromkeys(filter(None, (notice.cpv_main, *(c for lot in lots for c in lot.cpv))))
    )
    texts = [str(lot.title) for lot in lots] + [str(lot.description) for lot in lots]
    deadlines = [lot.deadline for lot in lots if lot.deadline]
    terms = [lot.term for lot in lots if lot.term]
    return replace(
        first,
        id="LOT-0000",
        title=notice.title or first.title,
        description=Text(versions=(("NOR", ". ".join(filter(None, texts))),)),
        cpv_main=cpv[0] if cpv else None,
        cpv_additional=cpv[1:],
        places=tuple(dict.fromkeys(place for lot in lots for place in lot.places)),
        value=total,
        framework_maximum=notice.framework_maximum,
        deadline=min(deadlines, default=None),
        term=max(terms, key=lambda term: term.length or 0.0, default=None),
        reserved=tuple(sorted(set.intersection(*(set(lot.reserved) for lot in lots)))),
        selection_criteria=tuple(
            dict.fromkeys(one for lot in lots for one in lot.selection_criteria)
        ),
        guarantee_required=any(lot.guarantee_required for lot in lots) or None,
    )
