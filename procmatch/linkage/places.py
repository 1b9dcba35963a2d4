"""Places as whole numbers that can be compared by the million."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from procmatch.codes import builtin
from procmatch.model.values import Place
from procmatch.text.normalise import fold_ascii

__all__ = [
    "CITY",
    "MUNICIPALITY",
    "POSTCODE",
    "REGION",
    "areas",
    "kind_of",
    "kinds_of",
    "marks",
    "marks_of",
    "municipalities",
    "site",
    "street",
]

#: Kinds of mark, in the two highest bits.
CITY, POSTCODE, MUNICIPALITY, REGION = range(4)
_SHIFT = 30
_FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")
#: Post towns print a letter behind ("KRISTIANSAND S").
_TOWN_QUARTER = re.compile(r"(?<=\w) [nsv]$| cedex( \d+)?$")
_HOST = re.compile(r"^(?:[a-z]+://)?(?:[^/@]*@)?(?:www\d?\.)?([^/:?#\s]+)", re.IGNORECASE)
_COMMON_HOSTS = frozenset(
    {"gmail.com", "hotmail.com", "hotmail.no", "outlook.com", "online.no", "live.no", "yahoo.no"}
    | {"yahoo.com", "icloud.com", "msn.com", "frisurf.no", "getmail.no", "broadpark.no", "lyse.net"}
    | {"facebook.com", "instagram.com", "linkedin.com", "start.no", "c2i.net", "me.com"}
)
#: A region is told by the first two digits of its postcodes.
_REGION_DIGITS = 2


def _mark(kind: int, text: str) -> int:
    return kind << _SHIFT | zlib.crc32(text.encode("utf-8", "surrogatepass")) & ((1 << _SHIFT) - 1)


def kind_of(mark: int) -> int:
    """Return what a mark is: CITY, POSTCODE, MUNICIPALITY or REGION."""
    return mark >> _SHIFT


@lru_cache(maxsize=50_000)
def _town(name: str) -> str:
    return _TOWN_QUARTER.sub("", fold_ascii(name))


@lru_cache(maxsize=50_000)
def _today(number: str) -> tuple[str, ...]:
    return builtin().places.today(number) or (number,)


@lru_cache(maxsize=200_000)
def _marks(city: str | None, postcode: str | None, municipality: str | None) -> frozenset[int]:
    found = set()
    if city and (town := _town(city)):
        found.add(_mark(CITY, town))
    if postcode:
        printed = _FOUR_DIGITS.search(postcode)
        code = printed[0] if printed else "".join(postcode.split()).casefold()
        found.add(_mark(POSTCODE, code))
        found.add(_mark(REGION, code[:_REGION_DIGITS]))
        if number := builtin().places.of_postcode(code):
            found.add(_mark(MUNICIPALITY, number))
    if municipality:
        found |= {_mark(MUNICIPALITY, number) for number in _today(municipality)}
    elif city and (known := builtin().places.find_municipality(city)):
        found.add(_mark(MUNICIPALITY, known.number))
    return frozenset(found)


def kinds_of(found: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return :func:`kind_of` each mark."""
    return found.astype(np.int64) >> _SHIFT


def marks(
    *, city: str | None = None, postcode: str | None = None, municipality: str | None = None
) -> frozenset[int]:
    """Return a place as marks, each a whole number that says of which kind it is.

    Municipalities count by their numbers of today, also where only a postcode is given, or a town
    that is called as its municipality.
    """
    return _marks(city, postcode, municipality)


@lru_cache(maxsize=1)
def _numbers() -> dict[int, str]:
    return {_mark(MUNICIPALITY, number): number for number in builtin().places.municipalities}


def municipalities(found: frozenset[int]) -> list[str]:
    """Return the numbers of the municipalities among marks."""
    known = _numbers()
    return sorted(known[mark] for mark in found if mark in known)


def marks_of(places: Iterable[Place]) -> frozenset[int]:
    """Return the marks of several places together."""
    found = [_marks(at.city, at.postcode, at.municipality) for at in places]
    return found[0] if len(found) == 1 else frozenset().union(*found)


def areas(found: frozenset[int]) -> list[int]:
    """Return what narrows a search best: municipalities, else towns; at most three."""
    for kind in (MUNICIPALITY, CITY):
        if those := sorted(mark for mark in found if kind_of(mark) == kind):
            return those[:3]
    return []


@lru_cache(maxsize=50_000)
def street(text: str | None) -> int:
    """Return a street and house number as a whole number, 0 where there is none."""
    if not text:
        return 0
    folded = fold_ascii(text)[:100]
    # "Storgata 5", "Storgaten 5" and "Storgt. 5" are one address.
    folded = re.sub(r"(gata|gaten|gate|gt)\b", "g", folded)
    folded = re.sub(r"(veien|vegen|vei|veg|vn|v)\b", "v", folded).replace(" ", "")
    return zlib.crc32(folded.encode()) if any(char.isdigit() for char in folded) else 0


def site(text: str | None) -> int:
    """Return the domain of a home page or e-mail address as a whole number, 0 where none counts.

    Addresses at providers that anybody may use do not count.
    """
    if not text:
        return 0
    found = _HOST.match(text.strip().casefold()[:300])
    host = found[1].rstrip(".") if found else ""
    if "." not in host or host in _COMMON_HOSTS:
        return 0
    return zlib.crc32(host.encode("utf-8", "surrogatepass"))
