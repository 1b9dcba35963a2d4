"""Regions and counties that are no more, as the regions that took their place.

Notices carry the NUTS codes of the list that was valid when the buyer's system was last renewed: of
2016, 2021 or 2024. County numbers changed in 2018, 2020 and 2024.
"""

from __future__ import annotations

__all__ = ["EVERYWHERE", "SUCCESSORS"]

#: Norway as a country code and as NUTS-1.
EVERYWHERE = frozenset({"NO", "NOR", "NO0"})

#: An earlier code -> today's NUTS codes, or earlier county numbers where a region was divided.
SUCCESSORS: dict[str, tuple[str, ...]] = {
    # NUTS-3 of 2021
    "NO074": ("NO072", "NO073"),
    "NO082": ("NO083", "NO084", "NO085"),
    "NO091": ("NO093", "NO094"),
    # NUTS-2 of 2016
    "NO01": ("NO081", "NO084"),
    "NO03": ("NO083", "NO085", "NO093", "NO094"),
    "NO04": ("NO092", "NO0A1"),
    "NO05": ("NO0A2", "NO0A3"),
    # NUTS-3 of 2016
    "NO011": ("NO081",),
    "NO012": ("NO084",),
    "NO021": ("04",),
    "NO022": ("05",),
    "NO031": ("NO083",),
    "NO032": ("NO085",),
    "NO033": ("NO093",),
    "NO034": ("NO094",),
    "NO041": ("09",),
    "NO042": ("10",),
    "NO043": ("NO0A1",),
    "NO051": ("12",),
    "NO052": ("14",),
    "NO053": ("NO0A3",),
    "NO061": ("NO060",),
    "NO062": ("NO060",),
    # Counties that merged before the oldest municipality number that the tables know
    "16": ("50",),
    "17": ("50",),
}
