"""How alike two municipalities are as buyers, by what registers know of them.

Population, income and centrality stand in no register that is held here, so size is told by how
many the municipality employs, which follows its population closely, by how many firms are
registered there, and by which trades these are in: a town of offices and a fishing village of the
same size do not buy in the same market. That two lie near each other does not make them alike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Likeness", "Town", "likeness"]

#: A tenth of the firms in other trades weighs as much as being 1.3 times as large.
_MIX = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A municipality or county: employees of its own, firms there by industry division."""

    employees: int | None
    firms: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How far two are apart; None where it is not known of one of them.

    Attributes:
        employees, firms: doublings between the two: 1.0 is twice as many.
        trades: share of the firms of one, 0..1, that would have to be in another trade for both to
            be mixed alike.
    """

    employees: float | None
    firms: float | None
    trades: float | None

    @property
    def order(self) -> tuple[int, float]:
        """Sorts the most alike first; whoever less is known of, later."""
        known = [one for one in (self.employees, self.firms) if one is not None]
        if self.trades is not None:
            known.append(_MIX * self.trades)
        return len(("employees", "firms", "trades")) - len(known), sum(known)


def likeness(one: Town, other: Town) -> Likeness:
    """Return how far two are apart; the same whichever is named first."""
    many, others = sum(one.firms.values()), sum(other.firms.values())
    trades = None
    if many and others:
        gaps = (
            abs(one.firms.get(trade, 0) / many - other.firms.get(trade, 0) / others)
            for trade in sorted({*one.firms, *other.firms})
        )
        trades = sum(gaps) / 2
    return Likeness(
        employees=_doublings(one.employees, other.employees),
        firms=_doublings(many, others),
        trades=trades,
    )


def _doublings(one: int | None, other: int | None) -> float | None:
    if not one or not other:
        return None
    return abs(math.log2(one / other))
