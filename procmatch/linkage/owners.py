"""Who stands behind a printed name: public bodies own schools and homes, counties merge.

Such readings are never taken for certain; they bring the unit that may be meant into the list.
"""

from __future__ import annotations

import re

from procmatch.codes import builtin
from procmatch.linkage.places import municipalities
from procmatch.text.normalise import fold_ascii

__all__ = ["heirs", "is_public_part", "owners"]

#: Counties of 2017 and 2020, as keys spell them, and those that took over their duties.
_HEIRS = {
    "hordaland": ("vestland",),
    "sogn fjordane": ("vestland",),
    "hedmark": ("innlandet",),
    "oppland": ("innlandet",),
    "aust agder": ("agder",),
    "vest agder": ("agder",),
    "nord troendelag": ("troendelag",),
    "soer troendelag": ("troendelag",),
    "oestfold": ("viken",),
    "akershus": ("viken",),
    "buskerud": ("viken",),
    "viken": ("akershus", "buskerud", "oestfold"),
    "vestfold": ("vestfold telemark",),
    "telemark": ("vestfold telemark",),
    "vestfold telemark": ("vestfold", "telemark"),
    "troms": ("troms finnmark",),
    "finnmark": ("troms finnmark",),
    "troms finnmark": ("troms", "finnmark"),
}
_COUNTY = re.compile(
    rf"^(?P<county>{'|'.join(sorted(_HEIRS, key=len, reverse=True))}) fylkeskommune(?P<rest>.*)$"
)
#: Counties run these; municipalities run those.
_OF_COUNTY = re.compile(r"\b(vid[ae]regaa[ae]nde|vgs)\b")
_OF_MUNICIPALITY = re.compile(
    r"\b(skole|skule|barneskole|barneskule|ungdomsskole|ungdomsskule|sfo|sykehjem|sjukeheim"
    r"|kulturskole|kulturskule|legevakt)\b"
)
_OF_STATE = re.compile(r"\bfengsel\b")


def heirs(key: str) -> tuple[str, ...]:
    """Return the names of the counties that took over, for a key that names one of the past."""
    found = _COUNTY.match(key)
    if not found:
        return ()
    return tuple(f"{heir} fylkeskommune{found['rest']}" for heir in _HEIRS[found["county"]])


def is_public_part(key: str) -> bool:
    """Whether a name is a school's, a home's or a prison's: a unit, or a part of its owner."""
    return any(kind.search(key) for kind in (_OF_COUNTY, _OF_MUNICIPALITY, _OF_STATE))


def owners(key: str, where: frozenset[int]) -> tuple[str, ...]:
    """Return names of the public bodies that may run what ``key`` names at this place."""
    places = builtin().places
    here = [places.municipalities[number] for number in municipalities(where)]
    if _OF_COUNTY.search(key):
        counties = sorted({fold_ascii(places.county(one.county)) for one in here} - {""})
        named = tuple(f"{county} fylkeskommune videregaaende opplaering" for county in counties)
        return named or ("fylkeskommune videregaaende opplaering",) if where else named
    if _OF_MUNICIPALITY.search(key):
        return tuple(f"{fold_ascii(one.name)} kommune" for one in here)
    return ()
