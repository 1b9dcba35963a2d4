"""Who could bid on a contract alone, who is one step away, and what is missing.

A narrower question than the ranking's: a firm counts when its registered trades answer all that
the contract asks for, it works near enough to every place, and nothing that is known stops it. A
firm whose trade or place is not known is not counted. Never a promise: the buyer judges the bids.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from procmatch.codes import Codes
from procmatch.insight.asks import Asks, asks
from procmatch.insight.small import is_small
from procmatch.matching import RelevancePolicy, SupplierIndex
from procmatch.matching.affinity import affinity, trades
from procmatch.matching.eligibility import hurdles, never_listed
from procmatch.matching.judged import Look
from procmatch.matching.need import Wanted
from procmatch.matching.place import nearness
from procmatch.matching.profile import Profile, industries
from procmatch.matching.relevance.records import Need
from procmatch.model.match import Hurdle
from procmatch.model.organisation import OrgId
from procmatch.text.messages import Message

__all__ = ["Field", "Lack", "Standing", "Step", "field_of"]

#: So many of the likeliest firms are looked at for each lot.
_LOOKED_AT = 300
#: A trade that answers goods less than this is another trade.
_ANSWERS = 0.3
#: "Other retail sale" of SN2007 became some thirty trades.
_ONE_TRADE = 6
#: A plan or draft has no deadline to miss yet, and reach is asked for place by place.
_SET_ASIDE = frozenset(("deadline", "distance"))
#: Hurdles that leave a verdict open in a ranking, and stop a firm from being counted here.
_STOPPING = frozenset(("capacity", "reserved"))


class Step(StrEnum):
    """How far a firm is from a bid of its own."""

    ABLE = "able"
    #: One thing is missing.
    ONE_STEP = "one step"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that a firm lacks: ``goods``, ``reach`` or a kind of hurdle; and as a sentence."""

    kind: str
    said: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One firm before one contract.

    Attributes:
        org, name: of the firm. small: None when its size is not known.
        distance_km: to the nearest place of the contract; None when there is none, or not known.
        reached: it is near enough to some place of the contract.
        step: see :class:`Step`. lacks: what stops it.
        hurdles: all that the ranking would name, also what stops nobody; none where not reached.
    """

    org: OrgId
    name: str
    small: bool | None
    distance_km: float | None
    reached: bool
    step: Step
    lacks: tuple[Lack, ...] = ()
    hurdles: tuple[Hurdle, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Field:
    """The firms that are looked at for some lots, the same ones for each.

    Attributes:
        firms: prepared, by number. looked_at: at most so many were looked up for each lot.
        codes, radius_km: as in the market.
    """

    firms: tuple[Profile, ...]
    looked_at: int
    codes: Codes
    radius_km: float
    _distances: dict[tuple[frozenset[str], tuple[str, ...]], float | None] = field(
        default_factory=dict, repr=False
    )

    #: By all that a standing is worked out from: equal parts are looked at once.
    _stood: dict[tuple[object, ...], list[Standing]] = field(default_factory=dict, repr=False)

    @cached_property
    def _gone(self) -> set[OrgId]:
        """Firms that can bid on nothing."""
        units = (one.supplier.organisation for one in self.firms)
        return {unit.id for unit in units if never_listed(unit)}

    @cached_property
    def small(self) -> dict[OrgId, bool | None]:
        """Whether each firm is small."""
        return {one.supplier.organisation.id: is_small(one.supplier) for one in self.firms}

    def stand(
        self, wanted: Wanted, asked: Asks | None = None, *, aside: frozenset[str] = frozenset()
    ) -> list[Standing]:
        """Return how each firm that could answer a part of a contract stands before it.

        Args:
            wanted: the contract.
            asked: what it asks for, where that is more than the lot itself says.
            aside: kinds of hurdles that are not to count.
        """
        whole = asked or asks(wanted)
        lot = wanted.lot
        key = (
            whole, wanted.cpv, wanted.requirements, wanted.total, wanted.yearly, lot.reserved,
            lot.reserved_execution, lot.question_deadline, len(wanted.notice.lots), aside,
            wanted.municipalities,
        )  # fmt: skip
        if key not in self._stood:
            self._stood[key] = self._stand_each(wanted, whole, aside)
        return self._stood[key]

    def _stand_each(self, wanted: Wanted, whole: Asks, aside: frozenset[str]) -> list[Standing]:
        uncounted = _SET_ASIDE | aside
        # By trade and by place: many firms share both, and each is looked at once.
        look = Look(wanted=wanted, codes=self.codes, radius_km=self.radius_km)
        traded: dict[tuple[tuple[str, float], ...], tuple[int, float]] = {}
        placed: dict[tuple[str, ...], list[float]] = {}
        found = []
        for one in self.firms:
            if one.trades not in traded:
                goods = sum(_answers(one, codes) for codes in whole.goods)
                traded[one.trades] = goods, look.at(one).radius_km
            goods, radius_km = traded[one.trades]
            if not goods:
                continue
            towns = one.municipalities
            if towns not in placed:
                away = (self._away(place, towns) for place in whole.places)
                placed[towns] = [km for km in away if km is not None]
            reached = sum(km <= radius_km for km in placed[towns])
            found.append(self._stand(look, whole, one, goods, reached, placed[towns], uncounted))
        return found

    def _stand(
        self,
        look: Look,
        whole: Asks,
        one: Profile,
        goods: int,
        reached: int,
        away: Sequence[float],
        aside: frozenset[str],
    ) -> Standing:
        unit = one.supplier.organisation
        lacks = list(_missing(whole, goods, reached))
        stops: tuple[Hurdle, ...] = ()
        near = bool(reached) or not whole.places
        out = not near or unit.id in self._gone
        if not out:
            found = hurdles(look.wanted, one, look.at(one))
            stops = tuple(stop for stop in found if stop.kind not in aside)
            lacks += [Lack(stop.kind, stop.reason) for stop in stops if _stops(stop)]
            out = len(lacks) > 1
        return Standing(
            org=unit.id,
            name=unit.name,
            small=self.small[unit.id],
            distance_km=min(away, default=None),
            reached=near,
            step=Step.OUT if out else Step.ONE_STEP if lacks else Step.ABLE,
            lacks=tuple(lacks),
            hurdles=stops,
        )

    def _away(self, towns: frozenset[str], own: tuple[str, ...]) -> float | None:
        key = (towns, own)
        if key not in self._distances:
            near = nearness(towns, own, self.codes.places)
            self._distances[key] = near.distance_km if near else None
        return self._distances[key]


def field_of(
    lots: Sequence[Wanted],
    index: SupplierIndex,
    *,
    policy: RelevancePolicy,
    radius_km: float,
    looked_at: int = _LOOKED_AT,
    hidden: frozenset[str] = frozenset(),
) -> Field:
    """Look up the likeliest firms of each lot.

    Args:
        lots: prepared.
        index: the market.
        policy: by which they are looked up.
        radius_km: how far a firm normally travels.
        looked_at: how many for each lot.
        hidden: numbers of those who asked not to be shown.
    """
    # Parts of equal goods, places and words differ in no more than a number in their titles.
    needs = list({_searched(need): need for one in lots for need in _needs(one)}.values())
    found = index.candidates(needs, policy=policy, radius_km=radius_km, limit=looked_at)
    orgs = sorted({org for some in found for org in some if org.number not in hidden})
    known = index.profiles(orgs)
    return Field(
        firms=tuple(
            _prepared(known[org], index.codes)
            for org in orgs
            if org in known and known[org].supplier.may_be_listed
        ),
        looked_at=looked_at,
        codes=index.codes,
        radius_km=radius_km,
    )


def _searched(need: Need) -> tuple[object, ...]:
    return need.cpv, need.municipalities, need.text, need.work_training, need.yearly is None


def _needs(wanted: Wanted) -> Iterator[Need]:
    """Yield a lot as it is searched for: by itself, and by goods that only its title names."""
    yield wanted.need
    named = {code for goods in asks(wanted).goods for code in goods} - set(wanted.need.cpv)
    if named:
        yield replace(wanted.need, cpv=tuple(sorted(named)))


def _prepared(one: Profile, codes: Codes) -> Profile:
    """Prepare a firm; an old code that became many trades says none of them."""
    own = industries(one.supplier)
    plain = [
        old for old in own if len(codes.industry.to_sn2025(old.revision, old.code)) <= _ONE_TRADE
    ]
    return one if len(plain) == len(own) else replace(one, trades=trades(plain, codes))


def _answers(one: Profile, codes: frozenset[str]) -> bool:
    return any(affinity(code, one.trades).strength >= _ANSWERS for code in codes)


def _missing(asked: Asks, goods: int, reached: int) -> Iterator[Lack]:
    if goods < len(asked.goods):
        said = Message(
            "Its trades answer {own} of the {all} kinds of goods or services.",
            (("own", goods), ("all", len(asked.goods))),
        )
        yield Lack("goods", said)
    if reached < len(asked.places):
        said = Message(
            "It is near enough to {own} of the {all} places.",
            (("own", reached), ("all", len(asked.places))),
        )
        yield Lack("reach", said)


def _stops(stop: Hurdle) -> bool:
    return stop.blocking or stop.kind in _STOPPING
