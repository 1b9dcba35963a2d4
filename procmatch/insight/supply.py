"""The supply map: who near a place could deliver, where they work, what they do; how deep it is.

Works without any tender, so also for what is bought below every limit of announcement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from procmatch.codes import Codes
from procmatch.codes.places import Municipality, Places
from procmatch.insight.small import is_small
from procmatch.matching.judging import Pair
from procmatch.matching.ranking import Ranking
from procmatch.model.match import Match, Verdict
from procmatch.model.organisation import Establishment, SizeClass, Supplier

__all__ = [
    "BANDS_KM",
    "SMALL",
    "Depth",
    "Place",
    "SupplyFirm",
    "SupplyMap",
    "Within",
    "Workplace",
    "supply_firm",
    "supply_map",
]

#: Classes of which a firm that is known to be small may be.
SMALL = frozenset({SizeClass.MICRO, SizeClass.SMALL})
#: A firm of which less fits than this is another trade.
_FITS = 0.25

#: Distances that firms are counted within; then the radius that is asked for.
BANDS_KM = (0, 25, 50)
#: Fewer firms than this, that nothing known stops, are few to choose between.
_FEW = 3
_SAID = 300
_DIMENSIONS = frozenset(("social", "green", "innovative"))
_ORGANIC, _INSPECTED = "organic_certificate", "food_inspection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """An establishment: its name, municipality, staff if known, and km from the place, if known."""

    name: str
    municipality: str
    employees: int | None
    km: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyFirm:
    """A firm on the map.

    Attributes:
        match: score, reasons, hurdles, size and evidence as sentences.
        small: None when its size is not known.
        does: its activity in the register, else its purpose or the label of its trade, cut.
        workplaces: where it works, the nearest first; its own address where none is known.
    """

    match: Match
    small: bool | None
    does: str
    workplaces: tuple[Workplace, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Which of the firms that could deliver are asked for.

    Attributes:
        place: municipality, four digits, or ``""`` for everywhere.
        radius_km: how far away counts; None for the whole country.
        small: only those that are small whatever is not known of them.
        dimension: only with evidence of it: social, green, innovative; ``""`` for all.
    """

    place: str = ""
    radius_km: float | None = None
    small: bool = False
    dimension: str = ""

    @property
    def reach_km(self) -> float | None:
        """How far away counts, None where there is no place to count from."""
        return self.radius_km if self.place else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How deep a market is.

    Attributes:
        within: (km, firms within it) for each band and the radius; none without a radius.
        firms: within the radius. free: of them, those that nothing known stops or leaves open.
        small, unknown_size: of ``firms``, by what is known. proven: with evidence of being social,
            green or innovative. organic, inspected: with an organic certificate, in the food
            inspection's list; of the others it is not known.
        unknown_place: firms beside these whose distance is not known.
    """

    within: tuple[tuple[float, int], ...]
    firms: int
    free: int
    small: int
    unknown_size: int
    proven: int
    organic: int
    inspected: int
    unknown_place: int

    @property
    def is_thin(self) -> bool:
        """Whether there is little to choose between: worth a talk with the market first."""
        return self.free < _FEW


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality on the map, and how many of the firms work there."""

    town: Municipality
    firms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyMap:
    """Who could deliver.

    Attributes:
        found: those asked for, in the order of the ranking, said when looked at.
        depth: of the market that they are. before: how many could deliver, wherever and whoever;
            whether those beyond the radius can is not looked at.
        places: where they work, most first. elsewhere: firms whose place is not known.
    """

    found: Ranking
    depth: Depth
    before: int
    places: Sequence[Place]
    elsewhere: int


def supply_map(ranked: Ranking, places: Places, asked: Within) -> SupplyMap:
    """Return who could deliver, where they work, and how deep the market is.

    Args:
        ranked: for the need at the place, best first; who cannot bid, or does something else, is
            left out.
        places: names and numbers.
        asked: whom to show.
    """
    fitting = ranked.where(lambda one: one.verdict is not Verdict.NOT and one.score >= _FITS)
    chosen = fitting.where(lambda one: _wanted(one, asked, fitting))
    reach = asked.reach_km
    found = chosen if reach is None else chosen.where(lambda one: _is_near(one, reach))
    # By number first: a municipality is looked up once, not once for each firm.
    numbers = Counter(next(iter(one.one.municipalities), "") for one in found.pairs)
    towns: Counter[Municipality | None] = Counter()
    for number, firms in numbers.items():
        towns[places.municipality(number)] += firms
    elsewhere = towns.pop(None, 0)
    return SupplyMap(
        found=found,
        depth=_depth(chosen, found, reach),
        before=len(fitting) + sum(score >= _FITS for _, score in ranked.beyond),
        places=[Place(town, firms) for town, firms in towns.most_common() if town],
        elsewhere=elsewhere,
    )


def _wanted(one: Pair, asked: Within, ranking: Ranking) -> bool:
    if asked.small and not (one.sizes and SMALL.issuperset(one.sizes)):
        return False
    return not asked.dimension or any(
        dimension == asked.dimension for _, dimension in ranking.known(one)
    )


def _is_near(one: Pair, km: float) -> bool:
    return one.distance_km is not None and one.distance_km <= km


def _depth(chosen: Ranking, found: Ranking, reach: float | None) -> Depth:
    bands = [] if reach is None else [*(km for km in BANDS_KM if km < reach), reach]
    sizes = [is_small(one.one.supplier) for one in found.pairs]
    known = [facts for one in found.pairs if (facts := found.known(one))]
    return Depth(
        within=tuple((km, sum(_is_near(one, km) for one in found.pairs)) for km in bands),
        firms=len(found),
        free=sum(one.verdict is Verdict.ELIGIBLE for one in found.pairs),
        small=sizes.count(True),
        unknown_size=sizes.count(None),
        proven=sum(any(kind in _DIMENSIONS for _, kind in facts) for facts in known),
        organic=sum(_ORGANIC in dict(facts) for facts in known),
        inspected=sum(_INSPECTED in dict(facts) for facts in known),
        unknown_place=sum(one.distance_km is None for one in chosen.pairs) if bands else 0,
    )


def supply_firm(match: Match, supplier: Supplier, codes: Codes, place: str) -> SupplyFirm:
    """Return a firm as it stands on the map.

    Args:
        match: why it stands there.
        supplier: in full.
        codes: names of trades and places.
        place: from which its workplaces are counted.
    """
    unit = supplier.organisation
    main = unit.industry_codes[:1]
    label = codes.industry.label(main[0].revision, main[0].code) if main else ""
    open_ones = [one for one in unit.establishments if one.closed_on is None]
    own = open_ones or [Establishment(number="", name=unit.name, place=unit.business_place)]
    places = (_workplace(one, codes, place) for one in own)
    return SupplyFirm(
        match=match,
        small=is_small(supplier),
        does=" ".join((unit.activity or unit.purpose or label).split())[:_SAID],
        workplaces=tuple(sorted(places, key=lambda one: (one.km is None, one.km or 0.0, one.name))),
    )


def _workplace(one: Establishment, codes: Codes, place: str) -> Workplace:
    number = one.place.municipality or ""
    return Workplace(
        name=one.name,
        municipality=number,
        employees=one.employees,
        km=codes.places.distance_km(place, number) if number else None,
    )
