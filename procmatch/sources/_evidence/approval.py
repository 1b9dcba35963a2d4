"""Sentral godkjenning (Direktoratet for byggkvalitet): firms approved for building work.

A list (``{"enterprises": [...]}``) and one firm by number (``{"dibk-sgdata": {...}}``). Whether the
list tells the end of the approval is not verified; without it the fact holds while it is listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procmatch.errors import SourceChanged
from procmatch.model.evidence import PrintedEvidence, Reading
from procmatch.sources._evidence.shapes import (
    BadValue,
    Strange,
    an_object,
    day,
    decode_json,
    each,
    key_of,
    number,
    one_line,
)

__all__ = ["SOURCE", "read", "without_persons"]

SOURCE = "sentral-godkjenning"
_PARTS = ("enterprise", "status", "additional_terms")
_KNOWN = frozenset(
    {
        "enterprise", "status", "additional_terms", "valid_approval_areas",
        "organizational_number", "name", "phone", "email", "www", "businessaddress",
        "postaladdress", "approved", "approval_period_to", "approval_period_from",
        "approval_certificate", "liability_insurance", "industrial_injury_insurance",
        "educational_enterprise_approved", "id",
    }
)  # fmt: skip
_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%dT%H:%M:%S")
_CONTACT = ("phone", "email")


def _items(body: bytes) -> list[Any]:
    data = decode_json(SOURCE, body)
    if isinstance(data, dict) and "dibk-sgdata" in data:
        return [data]
    if isinstance(data, dict):
        data = data.get("enterprises")
    if not isinstance(data, list):
        raise SourceChanged("no list", source=SOURCE, where="enterprises")
    return data


def _flat(item: Mapping[str, Any]) -> dict[str, Any]:
    """Lay the parts of an enterprise side by side, as the list has them."""
    inner = an_object(item.get("dibk-sgdata", item), "dibk-sgdata")
    flat = {name: value for name, value in inner.items() if name not in _PARTS}
    for part in _PARTS:
        value = inner.get(part)
        if isinstance(value, dict):
            flat |= value
    return flat


def _areas(found: object) -> str:
    if not isinstance(found, list):
        return ""
    areas = {
        f"{one_line(area.get('function'))} {one_line(area.get('subject_area'))}"
        f" ({one_line(area.get('grade'))})"
        for area in found
        if isinstance(area, dict)
    }
    return one_line("; ".join(sorted(areas)))


def _one(flat: Mapping[str, Any]) -> Iterator[PrintedEvidence]:
    org = number(flat.get("organizational_number"), "organizational_number")
    approved = flat.get("approved", True)
    if not isinstance(approved, bool):
        raise BadValue("approved", f"{approved!r} is neither true nor false")
    printed = one_line(flat.get("approval_period_to") or "")
    until = day(printed[:19], "approval_period_to", *_DATES)
    page = f"https://sgregister.dibk.no/enterprises/{org}"
    if approved:
        areas = _areas(flat.get("valid_approval_areas"))
        yield PrintedEvidence(
            source=SOURCE,
            kind="central_approval",
            key=key_of(org),
            number=org,
            text=areas,
            url=page,
            valid_to=until,
        )
    if approved and flat.get("educational_enterprise_approved") is True:
        yield PrintedEvidence(
            source=SOURCE,
            kind="apprenticeship",
            key=key_of(org),
            number=org,
            url=page,
            valid_to=until,
        )


def read(_key: str, body: bytes) -> Reading:
    """Read the list, or one firm.

    Raises:
        SourceError: not JSON. SourceChanged: no list in it.
    """
    strange = Strange()

    def one(item: object) -> Iterator[PrintedEvidence]:
        flat = _flat(an_object(item, "enterprises"))
        strange.note(flat, _KNOWN)
        return _one(flat)

    items = ((f"enterprise {at}", item) for at, item in enumerate(_items(body), start=1))
    rows, unread = each(items, one)
    return Reading(rows=tuple(rows), unread=(*unread, *strange.unread()))


def without_persons(data: object) -> object:
    """Leave out telephone numbers and e-mail addresses, at any depth."""
    if isinstance(data, dict):
        return {
            name: without_persons(value) for name, value in data.items() if name not in _CONTACT
        }
    if isinstance(data, list):
        return [without_persons(item) for item in data]
    return data
