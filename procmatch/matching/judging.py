"""Pairs judged: what decides their place in a list, and all that there is to say of those shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from procmatch.codes import Codes
from procmatch.matching.common import Asked, share
from procmatch.matching.criteria import criteria, total
from procmatch.matching.eligibility import hurdles, verdict
from procmatch.matching.evidence import facts_of
from procmatch.matching.evidence import said as as_sentence
from procmatch.matching.judged import Judged, Look
from procmatch.matching.need import Wanted
from procmatch.matching.profile import Profile
from procmatch.matching.relevance.arrays import Points
from procmatch.matching.relevance.policy import RelevancePolicy
from procmatch.matching.size import size_said
from procmatch.matching.suppliers import SupplierIndex
from procmatch.model.match import Criterion, Hurdle, Match, Verdict
from procmatch.model.organisation import OrgId, SizeClass

__all__ = ["Bench", "Pair", "may_be_relevant", "relevant", "says_enough"]

#: Points from which a criterion is a reason.
_SPEAKS = {
    "trade": 0.3, "branch": 0.3, "words": 0.1, "subwords": 0.2, "place": 0.3, "capacity": 0.6,
}  # fmt: skip
#: Points below which it speaks against.
_SPEAKS_AGAINST = {
    "trade": 0.15, "branch": 0.1, "words": 0.03, "subwords": 0.1, "place": 0.2, "capacity": 0.4,
}  # fmt: skip
#: A supplier of whom none of these says as much is not shown at all.
_RELEVANT = {"trade": 0.3, "branch": 0.3, "words": 0.15}
#: More than points are rounded by.
_ROUNDING = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One pair, as far as its place in the list needs."""

    one: Profile
    judged: Judged
    points: Mapping[str, float]
    score: float
    hurdles: tuple[Hurdle, ...]
    verdict: Verdict

    @property
    def rank(self) -> tuple[bool, float, OrgId]:
        """Those who can bid first, then by score; ties by number."""
        number = self.one.supplier.organisation.id
        return self.verdict is Verdict.NOT, -self.score, number

    @property
    def supplier(self) -> OrgId:
        """The supplier's key."""
        return self.one.supplier.organisation.id

    @property
    def sizes(self) -> tuple[SizeClass, ...]:
        """Every size class that what is known of the supplier leaves possible."""
        return self.one.supplier.sizes

    @property
    def distance_km(self) -> float | None:
        """From the place of performance to the nearest place of work, if known."""
        return self.judged.near.distance_km if self.judged.near else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """How pairs are judged: all that is the same for every pair."""

    index: SupplierIndex
    codes: Codes
    policy: RelevancePolicy
    radius_km: float

    def look(self, wanted: Wanted) -> Look:
        """Return what looks at many firms for a lot."""
        return Look(wanted=wanted, codes=self.codes, radius_km=self.radius_km)

    def pair(
        self,
        wanted: Wanted,
        one: Profile,
        points: Mapping[str, float],
        score: float | None = None,
        look: Look | None = None,
    ) -> Pair:
        """Judge a pair by the points that the index gives it, as :func:`points_of` counts them.

        Args:
            wanted: the lot.
            one: the supplier.
            points: what the index gives.
            score: what :func:`total` makes of them, where it is known already.
            look: looks at the suppliers of this lot, where there are many.
        """
        judged = (look or self.look(wanted)).at(one)
        stops = hurdles(wanted, one, judged)
        return Pair(
            one=one,
            judged=judged,
            points=points,
            score=total(points, self.policy) if score is None else score,
            hurdles=stops,
            verdict=verdict(stops),
        )

    def match(self, wanted: Wanted, said: Asked, pair: Pair) -> Match:
        """Say all that there is to say about a pair."""
        unit = pair.one.supplier.organisation
        every = criteria(
            wanted,
            pair.one,
            pair.judged,
            shared=share(said, pair.one, self.index.rarity),
            codes=self.codes,
            points=pair.points,
            policy=self.policy,
        )
        facts = facts_of(pair.one, wanted.now.date())
        return Match(
            notice=wanted.notice.source_id or wanted.notice.notice_id,
            lot=wanted.lot.id,
            supplier=unit.id,
            supplier_name=unit.name,
            score=pair.score,
            verdict=pair.verdict,
            criteria=every,
            hurdles=pair.hurdles,
            reasons=tuple(one.reason for one in _speaking(every)),
            against=tuple(dict.fromkeys(one.reason for one in every if _against(one))),
            distance_km=pair.distance_km,
            evidence=tuple(map(as_sentence, facts)),
            known=tuple((fact.kind, fact.dimension) for fact in facts),
            size=size_said(pair.one.supplier),
            sizes=pair.sizes,
        )


def _compared(one: Criterion) -> bool:
    return bool(one.lot_value and one.supplier_value and one.points)


def _speaking(every: Sequence[Criterion]) -> list[Criterion]:
    """Return the criteria that speak for a pair, in the order of the policy.

    A criterion that lacks a value on either side is no reason. When nothing says much, the best of
    those that say something stands alone.
    """
    compared = [one for one in every if _compared(one)]
    found = [one for one in compared if one.points >= _SPEAKS.get(one.name, 0.0)]
    return found or sorted(compared, key=lambda one: -one.points * one.weight)[:1]


def _against(one: Criterion) -> bool:
    """Whether a criterion speaks against a pair, or could not be compared."""
    if not one.lot_value and one.name in {"place", "capacity"}:
        return False
    if not one.lot_value and one.name == "trade":
        return True
    return not one.supplier_value or one.points < _SPEAKS_AGAINST.get(one.name, 0.0)


def relevant(wanted: Wanted, one: Profile, points: Mapping[str, float]) -> bool:
    """Whether what a supplier does has anything to do with a lot; being near is not enough."""
    return says_enough(wanted, points if one.trades else {**points, "trade": 0.0})


def says_enough(wanted: Wanted, points: Mapping[str, float]) -> bool:
    """Return what :func:`relevant` says of a supplier of whom no more is known than its points."""
    return any(
        points.get(name, 0.0) >= least
        for name, least in _RELEVANT.items()
        if wanted.names_trade or name != "trade"
    )


def may_be_relevant(points: Mapping[str, Points]) -> Points:
    """Return for which of many lots :func:`relevant` may say so: no other is worth a look.

    Args:
        points: criterion -> by lot, before they are rounded.
    """
    enough = [points[name] >= least - _ROUNDING for name, least in _RELEVANT.items()]
    return np.asarray(np.logical_or.reduce(enough))
