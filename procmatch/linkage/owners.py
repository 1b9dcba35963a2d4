"""Who stands behind a printed name: public bodies own schools, merge, and have English names.

Such readings are never taken for certain; they bring the unit that may be meant into the list.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from procmatch.codes import builtin
from procmatch.linkage.places import municipalities
from procmatch.text.normalise import ascii_key, fold_ascii

__all__ = ["heirs", "is_public_part", "own_names", "owners"]

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
_OF_PUBLIC = re.compile(rf"{_OF_COUNTY.pattern}|{_OF_MUNICIPALITY.pattern}|\bfengsel\b")


@cache
def _norwegian() -> dict[str, str]:
    """Return keys of English names of Norwegian public bodies -> keys of their own names."""
    text = files("procmatch.linkage").joinpath("english_names.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {ascii_key(row["english"]): ascii_key(row["norwegian"]) for row in rows}


def own_names(key: str) -> tuple[str, ...]:
    """Return the Norwegian name of a public body that is printed in English."""
    found = _norwegian().get(key.removeprefix("the "))
    return (found,) if found else ()


def heirs(key: str) -> tuple[str, ...]:
    """Return the names of the counties that took over, for a key that names one of the past."""
    found = _COUNTY.match(key) if "fylkeskommune" in key else None
    if not found:
        return ()
    return tuple(f"{heir} fylkeskommune{found['rest']}" for heir in _HEIRS[found["county"]])


def is_public_part(key: str) -> bool:
    """Whether a name is a school's, a home's or a prison's: a unit, or a part of its owner."""
    return _OF_PUBLIC.search(key) is not None


def owners(key: str, where: frozenset[int]) -> tuple[str, ...]:
    """Return names of the public bodies that may run what ``key`` names at this place."""
    if not _OF_PUBLIC.search(key):
        return ()
    places = builtin().places
    here = [places.municipalities[number] for number in municipalities(where)]
    if _OF_COUNTY.search(key):
        counties = sorted({fold_ascii(places.county(one.county)) for one in here} - {""})
        named = tuple(f"{county} fylkeskommune videregaaende opplaering" for county in counties)
        return named or ("fylkeskommune videregaaende opplaering",) if where else named
    if _OF_MUNICIPALITY.search(key):
        return tuple(f"{fold_ascii(one.name)} kommune" for one in here)
    return ()
