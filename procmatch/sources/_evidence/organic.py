"""Debio, Finn økobonde: certified organic producers, one bare JSON array without numbers.

Only producers that Debio has accepted are listed. Persons to contact, telephone numbers, addresses
of mail and free descriptions are left out before the answer is kept.
"""

from __future__ import annotations

from procmatch.errors import SourceChanged
from procmatch.model.evidence import PrintedEvidence, Reading
from procmatch.sources._evidence.shapes import (
    BadValue,
    Strange,
    an_object,
    decode_json,
    each,
    one_line,
)

__all__ = ["SOURCE", "read", "without_persons"]

SOURCE = "debio"
_KEPT = ("partner_sid", "display_name", "website", "website2", "sales_channels", "area")
_KNOWN = frozenset(
    {
        *_KEPT, "company_tags", "attachments", "contact_name", "contact_phone", "contact_mail",
        "description1", "description2", "socialmedia", "socialmedia2", "socialmedia3",
        "socialmedia4",
    }
)  # fmt: skip


def _one(found: object) -> PrintedEvidence:
    item = an_object(found, "company")
    sid, name = item.get("partner_sid"), item.get("display_name")
    if not isinstance(sid, int) or isinstance(sid, bool):
        raise BadValue("partner_sid", f"{one_line(sid)!r} is no number")
    if not isinstance(name, str) or not name.strip():
        raise BadValue("display_name", "no name")
    channels = item.get("sales_channels")
    named = [
        one_line(one.get("content"))
        for one in (channels if isinstance(channels, list) else [])
        if isinstance(one, dict) and one.get("content")
    ]
    return PrintedEvidence(
        source=SOURCE,
        kind="organic_certificate",
        key=str(sid),
        name=one_line(name),
        text=one_line("; ".join(named)),
        reference=str(sid),
    )


def read(_key: str, body: bytes) -> Reading:
    """Read the whole list.

    Raises:
        SourceError: not JSON. SourceChanged: not an array.
    """
    data = decode_json(SOURCE, body)
    if not isinstance(data, list):
        raise SourceChanged("not an array", source=SOURCE, where="$")
    strange = Strange()
    strange.note((name for item in data if isinstance(item, dict) for name in item), _KNOWN)
    items = ((f"company {at}", item) for at, item in enumerate(data, start=1))
    rows, unread = each(items, lambda item: [_one(item)])
    return Reading(rows=tuple(rows), unread=(*unread, *strange.unread()))


def without_persons(data: object) -> object:
    """Keep of each company what is read and what may tell namesakes apart."""
    if not isinstance(data, list):
        return data
    left_out = _KNOWN - set(_KEPT)
    return [
        {name: value for name, value in item.items() if name not in left_out}
        if isinstance(item, dict)
        else item
        for item in data
    ]
