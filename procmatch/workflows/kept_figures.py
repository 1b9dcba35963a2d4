"""Figures of open tenders, worked out once after matching and kept.

Each looks at hundreds of firms, which no reader should have to wait for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from procmatch.codes import Codes
from procmatch.errors import StoreError
from procmatch.insight.lots import in_one
from procmatch.insight.what_if import Joining, WhatIf
from procmatch.model.match import Match
from procmatch.model.notice import Lot, Notice
from procmatch.settings import Settings
from procmatch.store import (
    Store,
    accounts,
    evidence_known,
    register_state,
    statements,
    tender_figures,
)
from procmatch.store.documents import decode, encode
from procmatch.store.notices import StoredNotice
from procmatch.workflows.hidden import hidden_numbers
from procmatch.workflows.ingest import Clock
from procmatch.workflows.market import Market, OpenTender
from procmatch.workflows.tender_figures import Figures, figures_of, first_parts

__all__ = ["FiguresMade", "kept_figures"]

#: Changes with what figures hold, or how they are worked out.
_EDITION = 2


@dataclass(slots=True, kw_only=True)
class FiguresMade:
    """Works out the figures of open tenders one by one, where those that are kept hold no more.

    Attributes:
        state: of all that every tender's figures are worked out from.
        known: row of a notice -> sign of the figures that are kept.
        made: for how many tenders figures were worked out.
    """

    store: Store
    market: Market
    clock: Clock
    hidden: frozenset[str]
    state: tuple[object, ...]
    known: Mapping[int, str]
    made: int = 0
    _rows: list[int] = field(default_factory=list)

    @staticmethod
    def begin(store: Store, market: Market, settings: Settings, clock: Clock) -> FiguresMade:
        """Look at what is kept; ``settings`` are those that the market was loaded with."""
        hidden = hidden_numbers(store, settings)
        with store.read() as connection:
            state = (
                _EDITION,
                clock().date(),
                register_state.sign(connection),
                accounts.sign(connection),
                evidence_known.sign(connection),
                statements.sign(connection),
                settings.policy,
                settings.past_awards,
                settings.radius_km,
                sorted(hidden),
            )
            known = tender_figures.signs(connection)
        return FiguresMade(
            store=store, market=market, clock=clock, hidden=hidden, state=state, known=known
        )

    def add(self, one: OpenTender, ranked: Mapping[str, Sequence[Match]]) -> None:
        """Work out and keep the figures of a tender, from the rankings of its lots."""
        row = one.stored.row
        self._rows.append(row)
        orders = [(lot, _order(found)) for lot, found in ranked.items()]
        own = self.state, one.buyer_municipality, orders, encode(one.stored.notice)
        sign = sha256(repr(own).encode()).hexdigest()
        if self.known.get(row) == sign:
            return
        figures, firms = figures_of(self.market, one, ranked, clock=self.clock, hidden=self.hidden)
        with self.store.begin() as connection:
            tender_figures.save(connection, row, sign, firms, encode(_without_lots(figures)))
        self.made += 1

    def end(self) -> None:
        """Delete the figures of all other tenders."""
        with self.store.begin() as connection:
            tender_figures.keep_only(connection, self._rows)


def _order(found: Sequence[Match]) -> list[tuple[str, float]]:
    return [(hit.supplier.number, hit.score) for hit in found]


def kept_figures(
    store: Store, stored: StoredNotice, codes: Codes, hidden: frozenset[str]
) -> Figures | None:
    """Return the figures kept of a tender.

    Args:
        store: where they are.
        stored: the tender.
        codes: code lists of the market.
        hidden: numbers of firms that asked not to be shown.

    Returns:
        None where none are kept, where they count a firm that asks not to be shown since, or where
        the notice was read anew and has other lots.
    """
    with store.read() as connection:
        found = tender_figures.find(connection, stored.row)
    if found is None or not found[0].isdisjoint(hidden):
        return None
    try:
        figures = decode(found[1], Figures)
    except StoreError:
        return None  # Of another version; the next run of matching makes them anew.
    lots = [lot.id for lot in stored.notice.lots]
    if [one.lot.id for one in figures.hurdles] != lots or len(figures.near) != len(lots):
        return None
    return _with_lots(figures, stored.notice, codes)


def _only_id(lot: Lot) -> Lot:
    return Lot(id=lot.id)


def _without_lots(figures: Figures) -> Figures:
    """Leave out what the notice holds already."""
    return Figures(
        hurdles=tuple(replace(one, lot=_only_id(one.lot)) for one in figures.hurdles),
        near=figures.near,
        together=figures.together and _sides_alone(figures.together),
        divided=tuple((way, _sides_alone(found)) for way, found in figures.divided),
    )


def _sides_alone(found: WhatIf) -> WhatIf:
    """Leave lots out of a comparison, and hurdles of firms that no page tells."""
    return replace(
        found,
        whole=_only_id(found.whole),
        parts=(),
        by_part=tuple((_only_id(lot), side) for lot, side in found.by_part),
        joined=tuple(map(_in_short, found.joined)),
        one_step=tuple(map(_in_short, found.one_step)),
    )


def _in_short(one: Joining) -> Joining:
    return replace(one, standing=replace(one.standing, hurdles=()))


def _with_lots(figures: Figures, notice: Notice, codes: Codes) -> Figures:
    together, lots = figures.together, notice.lots
    return Figures(
        hurdles=tuple(
            replace(one, lot=lot) for one, lot in zip(figures.hurdles, lots, strict=True)
        ),
        near=figures.near,
        together=together and _of_lots(together, in_one(notice), lots),
        divided=tuple(
            (way, _of_lots(found, lots[0], first_parts(notice, way, codes)))
            for way, found in figures.divided
        ),
    )


def _of_lots(found: WhatIf, whole: Lot, parts: Sequence[Lot]) -> WhatIf:
    sides = (side for _, side in found.by_part)
    return replace(
        found, whole=whole, parts=tuple(parts), by_part=tuple(zip(parts, sides, strict=True))
    )
