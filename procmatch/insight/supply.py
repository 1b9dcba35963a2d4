"""The supply map: who near a place could deliver, where they work, what they do; how deep it is.

Works without any tender, so also for what is bought below every limit of announcement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from procmatch.codes import Codes
from procmatch.insight.small import is_small
from procmatch.model.match import Match, Verdict
from procmatch.model.organisation import Establishment, OrgId, Supplier

__all__ = ["BANDS_KM", "Depth", "SupplyFirm", "Workplace", "supply_map"]

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
class Depth:
    """How deep a market is within a radius.

    Attributes:
        within: (km, firms within it) for each band and the radius.
        firms: within the radius. free: of them, those that nothing known stops or leaves open.
        small, unknown_size: of ``firms``. proven: with evidence of being social, green or
            innovative. organic, inspected: with an organic certificate, in the food inspection's
            list; of the others it is not known.
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


def supply_map(
    found: Sequence[Match],
    fetch: Callable[[OrgId], Supplier],
    codes: Codes,
    *,
    place: str,
    radius_km: float,
) -> tuple[list[SupplyFirm], Depth]:
    """Return the firms within a radius, in the order of the ranking, and how deep the market is.

    Args:
        found: a ranking for the need at the place, best first; who cannot bid is left out.
        fetch: a firm of the ranking in full.
        codes: names of trades and places.
        place: municipality, four digits.
        radius_km: how far away counts.
    """
    able = [one for one in found if one.verdict is not Verdict.NOT]
    near = [one for one in able if one.distance_km is not None and one.distance_km <= radius_km]
    firms = [_firm(one, fetch(one.supplier), codes, place) for one in near]
    bands = [km for km in BANDS_KM if km < radius_km]
    sizes = [one.small for one in firms]
    known = [{kind for kind, _ in one.known} for one in near]
    return firms, Depth(
        within=tuple(
            (km, sum(one.distance_km <= km for one in near if one.distance_km is not None))
            for km in (*bands, radius_km)
        ),
        firms=len(firms),
        free=sum(one.verdict is Verdict.ELIGIBLE for one in near),
        small=sizes.count(True),
        unknown_size=sizes.count(None),
        proven=sum(any(kind in _DIMENSIONS for _, kind in one.known) for one in near),
        organic=sum(_ORGANIC in own for own in known),
        inspected=sum(_INSPECTED in own for own in known),
        unknown_place=sum(one.distance_km is None for one in able),
    )


def _firm(match: Match, supplier: Supplier, codes: Codes, place: str) -> SupplyFirm:
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
