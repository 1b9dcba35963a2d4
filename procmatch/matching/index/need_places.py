"""Many needs by where they are: how near one firm is to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from procmatch.codes.places import Places
from procmatch.matching.index.shapes import Array
from procmatch.matching.relevance.places import BY_VAN, Site, Sites
from procmatch.matching.relevance.records import Firm, Need

__all__ = ["NeedPlaces"]

#: Whereabouts of firms whose answers are kept.
_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class NeedPlaces:
    """Needs by where they are.

    Attributes:
        every: one need of each place. place_of: need -> its place.
        places: who neighbours whom; None means Norway as it comes with the package.
    """

    every: Sequence[Need]
    place_of: Array
    places: Places | None
    _known: dict[tuple[Site, float], Array] = field(default_factory=dict)

    @staticmethod
    def build(needs: Sequence[Need], places: Places | None) -> NeedPlaces:
        """Lay needs out by place."""
        found: dict[object, int] = {}
        every: list[Need] = []
        place_of = []
        for need in needs:
            where = (need.municipalities, need.areas, need.towns, need.postcode)
            if where not in found:
                found[where] = len(every)
                every.append(need)
            place_of.append(found[where])
        return NeedPlaces(every, np.array(place_of, dtype=np.int64), places)

    def near(self, firm: Firm, vans: Array, radius_km: float) -> Array:
        """Return how near a firm is to each need, 0..1 (float32): its nearest site.

        Args:
            firm: which.
            vans: for each need, whether the firm would deliver there by van and so comes farther.
            radius_km: how far it normally travels.
        """
        sites = Sites.build([firm], places=self.places)
        near, far = (self._nearest(sites, reach) for reach in (radius_km, BY_VAN * radius_km))
        return np.where(vans, far[self.place_of], near[self.place_of])

    def _nearest(self, sites: Sites, radius_km: float) -> Array:
        """Return how near the nearest of some sites is to each place."""
        keys = [(site, radius_km) for site in sites.every]
        found = {key: self._known[key] for key in keys if key in self._known}
        new = [site for site, reach in keys if (site, reach) not in found]
        if new:
            them = Sites.of(new, np.zeros(1, dtype=np.int32), np.zeros(0), self.places)
            points = np.array([them.points(need, radius_km) for need in self.every])
            points = points.reshape(len(self.every), len(new))
            further = {(site, radius_km): points[:, at].copy() for at, site in enumerate(new)}
            if len(self._known) + len(further) > _KEPT:
                self._known.clear()
            self._known.update(further)
            found |= further
        return np.asarray(np.max(list(found.values()), axis=0))
