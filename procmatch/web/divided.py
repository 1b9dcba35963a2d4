"""Who could bid before and after a division, for pages: chart, table, and ways by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from procmatch.alerts.phrases import phrase, shorten, text_in
from procmatch.codes.places import Places
from procmatch.errors import CodeError
from procmatch.insight.lots import Division, Way
from procmatch.insight.what_if import Joining, WhatIf, said
from procmatch.insight.work import estimates, ways_to_keep_work_low
from procmatch.model.notice import Lot
from procmatch.model.shown import Shown
from procmatch.text.messages import Message, say
from procmatch.web.charts import Bar, bars
from procmatch.web.context import Context
from procmatch.web.forms import Filled, place_of
from procmatch.web.tables import Column, Table
from procmatch.web.wording import number

__all__ = ["WAYS", "Compared", "division_of", "joined_table", "named", "shown", "units_of"]

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
_UNITS = re.compile(r"[\n;]+")
_MOST = 30
_LONGEST = 60
_NAMED = 50
_ORDER = "small firms first, then the nearest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A comparison ready for a page.

    Attributes:
        title: what is compared. found: the comparison. chart, table: firms for the whole and each
            part. said: the answer in sentences; the reminder of the law left to the page.
        work: contracts, invoices and suppliers, with where each figure comes from.
        ways: to keep the work low.
    """

    title: str
    found: WhatIf
    chart: Markup
    table: Table
    said: Sequence[Message]
    work: Table
    ways: Sequence[Message]

    @property
    def joined(self) -> Sequence[Joining]:
        """The first of the firms that come in."""
        return self.found.joined[:_NAMED]

    @property
    def one_step(self) -> Sequence[Joining]:
        """The first of the firms that nearly come in."""
        return self.found.one_step[:_NAMED]


def division_of(form: Filled, places: Places) -> Division:
    """Read a way of dividing from the address. Raises CodeError."""
    try:
        way = Way(form.one("way") or Way.PRODUCT)
        parts = int(form.one("parts") or 2)
    except ValueError:
        raise CodeError("way: no such way of dividing, or parts is no number") from None
    if not 2 <= parts <= _MOST:  # noqa: PLR2004 - as the library has it
        raise CodeError(f"parts: {parts}; from 2 to {_MOST}")
    units = units_of(form.items("units", _UNITS), places) if way is Way.UNIT else ()
    return Division(way=way, parts=parts, share=_SHARE, units=units)


def units_of(told: Sequence[str], places: Places) -> tuple[tuple[str, str | None], ...]:
    """Read units as (name, municipality) from "the school, Asker"; the place may be left out.

    Raises:
        CodeError: fewer than two, too many, or a place that is nowhere.
    """
    if not 2 <= len(told) <= _MOST:  # noqa: PLR2004 - as the library has it
        raise CodeError(f"units: {len(told)}; name from 2 to {_MOST}")
    found = []
    for one in told:
        name, _, place = (part.strip() for part in one.partition(","))
        number = place_of(place, places) if place else None
        if number and not places.municipality(number):
            raise CodeError(f"units: no municipality: {place[:_LONGEST]!r}")
        found.append((name[:_LONGEST], number))
    return tuple(found)


def shown(found: WhatIf, title: str, language: str) -> Compared:
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
    return Compared(
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
        work=_work_table(found, language),
        ways=ways_to_keep_work_low(found.parts),
    )


def _work_table(found: WhatIf, language: str) -> Table:
    """Return what dividing costs the buyer in work."""
    return Table(
        title=phrase("What it costs the buyer in work", language),
        columns=(
            Column(name="what", heading=phrase("Work", language)),
            Column(name="before", heading=phrase("In one", language), is_number=True),
            Column(name="least", heading=phrase("In parts, at least", language), is_number=True),
            Column(name="most", heading=phrase("At the most", language), is_number=True),
            Column(name="basis", heading=phrase("Where the figure comes from", language)),
        ),
        rows=[
            (say(one.what, language), one.before, one.least, one.most, say(one.basis, language))
            for one in estimates(found.work)
        ],
    )


def named(
    context: Context, kind: str, asked: str, one: Compared, *, every: bool = False
) -> list[Shown]:
    """Return the firms that a comparison names, to be noted.

    Args:
        context: of the pages.
        kind: where they stand.
        asked: the question in a line.
        one: the comparison on the page.
        every: whether all that come in are given out, as a file.
    """
    found = one.found
    lists = (
        [(found.joined, found.joined)]
        if every
        else [(one.joined, found.joined), (one.one_step, found.one_step)]
    )
    return [
        context.listed(kind, asked, [row.standing.org for row in part], len(whole), order=_ORDER)
        for part, whole in lists
    ]


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
                one.standing.name,
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
