"""A need before any tender: who could meet it, filtered, counted and put on the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from procmatch.codes.places import Municipality
from procmatch.matching.judging import Pair
from procmatch.matching.ranking import Ranking
from procmatch.model.match import Message, Verdict
from procmatch.model.organisation import SizeClass
from procmatch.workflows.ingest import Clock
from procmatch.workflows.match import need_in
from procmatch.workflows.open_market import Now

__all__ = ["NeedAsked", "NeedView", "Place", "view_need"]

SMALL = frozenset({SizeClass.MICRO, SizeClass.SMALL})
#: A firm of which less fits than this is another trade.
_FITS = 0.25
_MOST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedAsked:
    """What is needed.

    Attributes:
        words: in plain words. cpv: codes, if known.
        place: municipality, four digits, or ``""`` for everywhere.
        radius_km: how far away counts; None for the whole country.
        small: only micro and small firms by what is known. dimension: only with evidence of it:
            social, green, innovative; ``""`` for all.
    """

    words: str
    cpv: tuple[str, ...] = ()
    place: str = ""
    radius_km: float | None = None
    value: Decimal | None = None
    small: bool = False
    dimension: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality on the map, and how many of the firms work there."""

    town: Municipality
    firms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedView:
    """The answer.

    Attributes:
        found: in their order, said when looked at. before: how many before the filters.
        small: of found, how many are micro or small. free: of how many nothing known is in the way.
        proven: of how many evidence of being social, green or innovative is known.
        at_least: more may fit than were looked at.
        places: where they work, most first. elsewhere: firms whose place is not known.
        cpv: (code, certainty) the words were taken for. lacking: what the need does not say.
    """

    found: Ranking
    before: int
    small: int
    free: int
    proven: int
    at_least: bool
    places: Sequence[Place]
    elsewhere: int
    cpv: Sequence[tuple[str, float | None]]
    lacking: Sequence[Message]


def _is_small(one: Pair) -> bool:
    return bool(one.sizes) and set(one.sizes) <= SMALL


def _wanted(one: Pair, asked: NeedAsked, ranking: Ranking) -> bool:
    far = one.distance_km is None or one.distance_km > (asked.radius_km or 0.0)
    if asked.radius_km is not None and asked.place and far:
        return False
    if asked.small and not _is_small(one):
        return False
    return not asked.dimension or any(
        dimension == asked.dimension for _, dimension in ranking.known(one)
    )


def view_need(now: Now, asked: NeedAsked, clock: Clock) -> NeedView:
    """Rank, filter and count the firms that could meet a need.

    Raises:
        CodeError: one of the codes is not a CPV code.
    """
    answer = need_in(
        now.market,
        asked.words,
        clock=clock,
        cpv=asked.cpv,
        place=asked.place or None,
        value=asked.value,
        limit=_MOST,
    )
    fitting = answer.matches.where(
        lambda one: (
            one.verdict is not Verdict.NOT
            and one.score >= _FITS
            and one.supplier.number not in now.hidden
        )
    )
    found = fitting.where(lambda one: _wanted(one, asked, fitting))
    pairs = found.pairs
    places = now.market.codes.places
    # By number first: a municipality is looked up once, not once for each firm.
    numbers = Counter(next(iter(one.one.municipalities), "") for one in pairs)
    towns: Counter[Municipality | None] = Counter()
    for number, firms in numbers.items():
        towns[places.municipality(number)] += firms
    elsewhere = towns.pop(None, 0)
    return NeedView(
        found=found,
        before=len(fitting),
        small=sum(map(_is_small, pairs)),
        free=sum(one.verdict is Verdict.ELIGIBLE for one in pairs),
        proven=sum(any(kind != "approval" for _, kind in found.known(one)) for one in pairs),
        at_least=len(answer.matches) >= _MOST,
        places=[Place(town, firms) for town, firms in towns.most_common() if town],
        elsewhere=elsewhere,
        cpv=answer.cpv,
        lacking=answer.lacking,
    )
