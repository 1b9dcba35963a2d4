"""Who could bid before and after a division, for pages: chart, table, and ways by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from procmatch.alerts.phrases import phrase, shorten, text_in
from procmatch.errors import CodeError
from procmatch.insight.lots import Division, Way
from procmatch.insight.what_if import WhatIf, said, ways_to_keep_work_low
from procmatch.model.notice import Lot
from procmatch.text.messages import Message, say
from procmatch.web.charts import Bar, bars
from procmatch.web.forms import Filled
from procmatch.web.tables import Column, Table
from procmatch.web.wording import number

__all__ = ["WAYS", "Shown", "division_of", "joined_table", "shown"]

#: The ways of dividing, as a buyer would say them.
WAYS = {
    Way.PRODUCT: "by kind of goods",
    Way.PLACE: "by place",
    Way.UNIT: "by unit",
    Way.VALUE: "into equal parts by value",
    Way.TIME: "into terms after each other",
    Way.RESERVED: "one part reserved for sheltered work",
}
_SHARE = 0.2
_MOST = 30
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A comparison ready for a page.

    Attributes:
        title: what is compared. found: the comparison. chart, table: firms for the whole and each
            part. said: the answer in sentences; the reminder of the law left to the page.
        ways: to keep the work low.
    """

    title: str
    found: WhatIf
    chart: Markup
    table: Table
    said: Sequence[Message]
    ways: Sequence[Message]


def division_of(form: Filled) -> Division:
    """Read a way of dividing from the address. Raises CodeError."""
    try:
        way = Way(form.one("way") or Way.PRODUCT)
        parts = int(form.one("parts") or 2)
    except ValueError:
        raise CodeError("way: no such way of dividing, or parts is no number") from None
    if not 2 <= parts <= _MOST:  # noqa: PLR2004 - as the library has it
        raise CodeError(f"parts: {parts}; from 2 to {_MOST}")
    return Division(way=way, parts=parts, share=_SHARE)


def shown(found: WhatIf, title: str, language: str) -> Shown:
    """Return a comparison with its chart and table."""
    sides = [(phrase("All in one", language), found.before)]
    sides += [(_name(found, lot, language), side) for lot, side in found.by_part]
    most = max([1, *(side.firms for _, side in sides)])
    rows = [
        Bar(
            label=label,
            low=side.small / most,
            high=side.firms / most,
            note=number(side.firms, language),
        )
        for label, side in sides
    ]
    return Shown(
        title=title,
        found=found,
        chart=bars(rows, label=phrase("Firms that could bid, in one and in parts", language)),
        table=Table(
            title=phrase("Firms that could bid, in one and in parts", language),
            columns=(
                Column(name="part", heading=phrase("Part", language)),
                Column(name="firms", heading=phrase("Firms", language), is_number=True),
                Column(name="small", heading=phrase("Small firms", language), is_number=True),
                Column(
                    name="unknown_size",
                    heading=phrase("Of unknown size", language),
                    is_number=True,
                ),
            ),
            rows=[(label, side.firms, side.small, side.unknown_size) for label, side in sides],
        ),
        said=list(said(found))[:-1],
        ways=ways_to_keep_work_low(found.parts),
    )


def _name(found: WhatIf, part: Lot, language: str) -> str:
    """Name a part; what it repeats of the whole's title is left out."""
    title = text_in(part.title, language)
    own = title.removeprefix(f"{text_in(found.whole.title, language)}: ")
    return shorten(own or part.id, _LONGEST)


def joined_table(found: WhatIf, language: str) -> Table:
    """Return the firms that could bid on a part and not on the whole, and what they lack there."""
    return Table(
        title=phrase("Firms that come in", language),
        columns=(
            Column(name="number", heading=phrase("Organisation number", language)),
            Column(name="name", heading=phrase("Firm", language)),
            Column(name="small", heading=phrase("Small", language)),
            Column(name="distance_km", heading=phrase("Kilometres", language), is_number=True),
            Column(name="parts", heading=phrase("Parts it could bid on", language)),
            Column(name="lacks", heading=phrase("What it lacks for the whole", language)),
        ),
        rows=[
            (
                one.standing.org.number,
                one.standing.supplier.organisation.name,
                None
                if one.standing.small is None
                else phrase("yes" if one.standing.small else "no", language),
                None if one.standing.distance_km is None else round(one.standing.distance_km),
                ", ".join(one.parts),
                " ".join(say(lack.said, language) for lack in one.standing.lacks),
            )
            for one in found.joined
        ],
    )
