"""How near a firm is to a need, by codes of areas, towns and postcodes of any country."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from procmatch.matching.relevance.arrays import Points
from procmatch.matching.relevance.records import Firm, Need

__all__ = ["areas", "shared_area", "towns"]

_COUNTRY = 2
_POSTCODE = 0.5
_POSTCODE_LETTERS = 2


def _levels(code: str) -> tuple[str, ...]:
    """Return the steps below the country: letters of a NUTS code, parts of "FR/84/69"."""
    return tuple(code.split("/")[1:]) if "/" in code else tuple(code[_COUNTRY:])


def shared_area(one: str, other: str) -> float:
    """Return how far two area codes agree: levels in common by levels of the longer, 0..1.

    The country itself does not count. The same code told coarsely on both sides is the same area
    as far as anybody said.
    """
    if one[:_COUNTRY] != other[:_COUNTRY]:
        return 0.0
    first, second = _levels(one), _levels(other)
    longer = max(len(first), len(second))
    if not longer:
        return 1.0
    same = 0
    for left, right in zip(first, second, strict=False):
        if left != right:
            break
        same += 1
    return same / longer


def areas(needs: Sequence[Need], firms: Sequence[Firm]) -> Points:
    """Return the best agreement of area codes, needs x firms."""
    return _pairs([need.areas for need in needs], [firm.areas for firm in firms])


def _pairs(wanted: Sequence[tuple[str, ...]], own: Sequence[tuple[str, ...]]) -> Points:
    holders: dict[str, list[int]] = {}
    for at, codes in enumerate(own):
        for code in codes:
            holders.setdefault(code, []).append(at)
    found = np.zeros((len(wanted), len(own)), dtype=np.float32)
    for row, codes in enumerate(wanted):
        for code, bearers in holders.items():
            value = max((shared_area(one, code) for one in codes), default=0.0)
            if value:
                found[row, bearers] = np.maximum(found[row, bearers], value)
    return found


def towns(needs: Sequence[Need], firms: Sequence[Firm]) -> Points:
    """Return 1 for the same town and half for the same postal district, needs x firms."""
    found = np.zeros((len(needs), len(firms)), dtype=np.float32)
    by_town: dict[str, list[int]] = {}
    by_district: dict[str, list[int]] = {}
    for at, firm in enumerate(firms):
        for town in firm.towns:
            by_town.setdefault(town, []).append(at)
        if firm.postcode:
            by_district.setdefault(_district(firm.postcode), []).append(at)
    for row, need in enumerate(needs):
        if need.postcode:
            found[row, by_district.get(_district(need.postcode), [])] = _POSTCODE
        for town in need.towns:
            found[row, by_town.get(town, [])] = 1.0
    return found


def _district(postcode: str) -> str:
    return postcode.replace(" ", "").upper()[:_POSTCODE_LETTERS]
